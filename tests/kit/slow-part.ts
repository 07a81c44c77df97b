/** A part that is held up on its way: half of it is at the server, the rest waits for a word. */
import { readdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { partRoute } from '../../shared/protocol/routes.ts';
import { connectTo, head } from './raw-request.ts';
import { BODY_TYPE } from './sender.ts';
import type { BesideStatement, Sender } from './sender.ts';
import type { TestServer } from './test-server.ts';
import { until } from './waiting.ts';

export interface SlowPart {
  /** Sends the rest. */
  finish(): void;
  /** The answer, with a body of JSON or none. */
  readonly answer: Promise<Response>;
}

export interface SlowPartOptions extends BesideStatement {
  readonly method?: 'POST' | 'PATCH';
  readonly offset?: number;
}

/** Begins to send a part, or the rest of one by PATCH from `offset` on; resolves once the server is at it. */
export async function beginSlowly(
  server: TestServer,
  sender: Sender,
  part: number,
  bytes: Uint8Array,
  { method = 'POST', offset = 0, ...beside }: SlowPartOptions = {},
): Promise<SlowPart> {
  const socket = await connectTo(server.sourceUrl);
  const body = bytes.subarray(offset);
  const half = Math.ceil(body.length / 2);
  const creation = method === 'POST' ? await sender.creation(part, bytes, beside) : { 'upload-offset': String(offset) };
  const headers = { ...creation, ...BODY_TYPE, 'tus-resumable': '1.0.0', 'content-length': String(body.length) };
  socket.write(head(method, partRoute(sender.parcel, part), { ...headers, connection: 'close' }));
  socket.write(body.subarray(0, half));
  // A blob that is being written: the server has looked the part up, and waits for the rest.
  const folder = join(server.database.data, 'blobs', sender.parcel);
  await until('a part on its way', 30_000, async () =>
    (await readdir(folder).catch(() => [])).some((name) => name.endsWith('.part')),
  );
  return { finish: () => void socket.write(body.subarray(half)), answer: answerOf(socket) };
}

async function answerOf(socket: Socket): Promise<Response> {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (piece: string) => (text += piece));
  await new Promise((resolve) => socket.once('close', resolve));
  const cut = text.indexOf('\r\n\r\n');
  if (cut === -1) throw new Error('the connection ended without an answer');
  const [first, ...lines] = text.slice(0, cut).split('\r\n');
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  const status = Number(first!.split(' ')[1]);
  return new Response(status === 204 ? null : text.slice(cut + 4), { status, headers: headers as [string, string][] });
}
