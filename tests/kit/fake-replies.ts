/** The replies of the fake staff listener: taken over a tus of a few lines, kept in memory, cut off on demand. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../../shared/problem/problem.ts';
import { unverifiedPartStatement } from '../../shared/statements/part-statement.ts';
import { signReceipt } from '../../shared/statements/receipt.ts';
import { unverifiedReplyOpening } from '../../shared/statements/reply-opening.ts';
import { readFields } from '../../shared/statements/fields.ts';
import { unverifiedText } from '../../shared/statements/note.ts';
import type { Signers } from './make-reply.ts';

interface FakePart {
  readonly size: number;
  readonly sha256: string;
  bytes: Buffer;
}

export interface FakeReply {
  readonly opening: string;
  readonly announced: number;
  readonly parts: Map<number, FakePart>;
  receipt: string | null;
}

export interface FakeReplies {
  readonly byId: Map<string, FakeReply>;
  /** True: as for mailboxes that their source has cleared. */
  unwanted: boolean;
  /** How many bytes of a body the next requests take before the connection breaks; null: all of them. */
  cut: (request: IncomingMessage) => number | null;
  /** Answers a request below /api/replies; throws Problems. */
  answer(request: IncomingMessage, response: ServerResponse, path: readonly string[]): Promise<void>;
}

/** Replies signed for by `signers`. */
export function createFakeReplies(signers: () => Signers | null): FakeReplies {
  const fake: FakeReplies = {
    byId: new Map(),
    unwanted: false,
    cut: () => null,
    async answer(request, response, [id, what, number]) {
      if (id === undefined) {
        const { opening } = JSON.parse((await readBody(request)).toString()) as { opening: string };
        const { parcel, size, partSize } = unverifiedReplyOpening(opening);
        const there = fake.byId.get(parcel);
        if (there !== undefined && there.opening !== opening) throw new Problem('parcel-differs');
        if (there === undefined && !fake.unwanted) {
          fake.byId.set(parcel, { opening, announced: Math.ceil(size / partSize), parts: new Map(), receipt: null });
        }
        json(response, { parcel, wanted: !fake.unwanted });
        return;
      }
      const reply = fake.byId.get(id);
      if (what === undefined) {
        await readBody(request);
        json(response, statusOf(known(reply)));
      } else if (what === 'seal') {
        const { seal } = JSON.parse((await readBody(request)).toString()) as { seal: string };
        json(response, { receipt: await sealed(known(reply), id, seal, signers()!) });
      } else await takePart(fake, request, response, reply, Number(number));
    },
  };
  return fake;
}

function known(reply: FakeReply | undefined): FakeReply {
  if (reply === undefined) throw new Problem('parcel-unknown');
  return reply;
}

const isFinished = (part: FakePart | undefined) => part !== undefined && part.bytes.length === part.size;

function statusOf({ announced, parts, receipt }: FakeReply) {
  const finished = [...parts].filter(([, part]) => isFinished(part)).map(([part]) => [part, part]);
  return { parts: announced, finished, sealed: receipt !== null };
}

async function sealed(reply: FakeReply, id: string, seal: string, { receipt }: Signers): Promise<string> {
  if (statusOf(reply).finished.length < reply.announced) throw new Problem('parts-missing');
  const fields = readFields(unverifiedText(seal), 'postern/reply-seal/v1');
  fields.parcel();
  fields.number('part-size');
  fields.number('parts');
  reply.receipt ??= await signReceipt({ parcel: id, root: fields.hex('root', 32), received: '2026-11-25' }, receipt);
  return reply.receipt;
}

async function takePart(
  fake: FakeReplies,
  request: IncomingMessage,
  response: ServerResponse,
  reply: FakeReply | undefined,
  number: number,
): Promise<void> {
  const part = reply?.parts.get(number);
  if (request.method === 'HEAD') {
    response.writeHead(part === undefined ? 404 : 200, { 'upload-offset': part?.bytes.length ?? 0 }).end();
    return;
  }
  const { parts } = known(reply);
  let taking = part;
  if (request.method === 'POST') {
    const metadata = /^statement (\S+)$/.exec(String(request.headers['upload-metadata']))![1]!;
    const { size, sha256 } = unverifiedPartStatement(Buffer.from(metadata, 'base64').toString(), 'reply');
    if (taking === undefined) parts.set(number, (taking = { size, sha256, bytes: Buffer.alloc(0) }));
  }
  if (taking === undefined) throw new Problem('not-found');
  if (request.method === 'PATCH' && Number(request.headers['upload-offset']) !== taking.bytes.length) {
    throw new Problem('offset-conflict');
  }
  const limit = fake.cut(request) ?? Infinity;
  const body = request.method === 'POST' && taking.bytes.length > 0 ? Buffer.alloc(0) : await readBody(request, limit);
  taking.bytes = Buffer.concat([taking.bytes, body]);
  if (body.length >= limit) {
    response.destroy();
    return;
  }
  if (isFinished(taking) && createHash('sha256').update(taking.bytes).digest('hex') !== taking.sha256) {
    taking.bytes = Buffer.alloc(0);
    throw new Problem('part-damaged');
  }
  const status = request.method === 'POST' ? 201 : 204;
  response.writeHead(status, { 'upload-offset': taking.bytes.length }).end();
}

/** The body, or its first `limit` bytes. */
async function readBody(request: IncomingMessage, limit = Infinity): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    pieces.push(piece as Buffer);
    length += (piece as Buffer).length;
    if (length >= limit) break;
  }
  return Buffer.concat(pieces).subarray(0, limit);
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}
