/** An honest upload in parts of one kind of bytes, as fast as it goes or at a pace, that never believes less than it was told. */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { toBase64 } from '../../../shared/bytes/base64.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { parcelRoute, partRoute } from '../../../shared/protocol/routes.ts';
import { ed25519FromSeed } from '../../../shared/crypto/ed25519.ts';
import { signPartStatement } from '../../../shared/statements/part-statement.ts';

export interface UploadOrder {
  readonly source: string;
  /** An opened parcel, with parts of `partSize` bytes, the last 1,000. */
  readonly parcel: string;
  readonly seed: Uint8Array;
  readonly partSize: number;
  /** Bytes a second; 0: as fast as it goes. */
  readonly pace: number;
}

export interface Upload {
  /** Bytes of parts that the server has acknowledged whole. */
  acknowledged(): number;
  /** What went wrong and was tried again, by status; 0: no answer. */
  readonly troubles: Readonly<Record<string, number>>;
  /** Stops, and says how many parts were acknowledged and which of these the server does not have. */
  end(): Promise<{ readonly parts: number; readonly lost: number }>;
}

const PIECE = 65_536;
const TUS = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' } as const;

/** Begins to send part after part. */
export async function upload({ source, parcel, seed, partSize, pace }: UploadOrder): Promise<Upload> {
  const key = await ed25519FromSeed(seed);
  const bytes = Buffer.alloc(partSize, seed);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const agent = new Agent({ keepAlive: true });
  const troubles: Record<string, number> = {};
  let ending = false;
  let parts = 0;

  /** Sends bytes from `offset` on; gives status and offset of the answer. */
  const send = (part: number, method: 'POST' | 'PATCH', metadata: string, offset: number) =>
    new Promise<{ status: number; offset: number }>((resolve) => {
      const headers = {
        ...TUS,
        'content-length': partSize - offset,
        ...(method === 'POST'
          ? { 'upload-length': partSize, 'upload-metadata': `statement ${metadata}` }
          : { 'upload-offset': offset }),
      };
      const sending = request(source + partRoute(parcel, part), { method, agent, headers }, (answer) => {
        answer
          .resume()
          .once('end', () =>
            resolve({ status: answer.statusCode ?? 0, offset: Number(answer.headers['upload-offset'] ?? -1) }),
          );
      });
      sending.once('error', () => resolve({ status: 0, offset: -1 }));
      void write(sending, offset);
    });

  const write = async (sending: ReturnType<typeof request>, offset: number): Promise<void> => {
    if (pace === 0) return void sending.end(offset === 0 ? bytes : bytes.subarray(offset));
    const began = performance.now();
    for (let at = offset; at < partSize && !sending.destroyed; at += PIECE) {
      sending.write(bytes.subarray(at, Math.min(at + PIECE, partSize)));
      const due = began + ((at - offset + PIECE) / pace) * 1_000;
      if (due > performance.now()) await sleep(due - performance.now());
    }
    sending.end();
  };

  const sendPart = async (part: number): Promise<boolean> => {
    const note = await signPartStatement({ parcel, part, size: partSize, sha256 }, key);
    const metadata = toBase64(utf8Encode(note));
    let offset = 0;
    for (let tries = 0; ; tries++) {
      const answer = await send(part, offset === 0 ? 'POST' : 'PATCH', metadata, offset);
      if (answer.status < 300 && answer.status > 0 && answer.offset === partSize) return true;
      troubles[answer.status] = (troubles[answer.status] ?? 0) + 1;
      if (ending) return false;
      if (answer.offset > 0) offset = answer.offset;
      await sleep(Math.min(200 * 2 ** tries, 3_000));
    }
  };

  const running = (async () => {
    while (!ending && (await sendPart(parts))) parts += 1;
  })();

  return {
    acknowledged: () => parts * partSize,
    troubles,
    async end() {
      ending = true;
      await running;
      agent.destroy();
      const answer = await fetch(source + parcelRoute(parcel));
      const { finished } = (await answer.json()) as { finished: [number, number][] };
      const there = (part: number): boolean => finished.some(([from, to]) => part >= from && part <= to);
      return { parts, lost: Array.from({ length: parts }, (_, part) => part).filter((part) => !there(part)).length };
    },
  };
}
