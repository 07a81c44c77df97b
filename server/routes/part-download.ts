/** A finished part as an answer: whole or by range, with the hash of its bytes as its tag. */
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Problem } from '../../shared/problem/problem.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { PartKey, PartsTable, PartState } from '../store/parts.ts';
import { readRange } from './range.ts';

export interface DownloadServices {
  readonly parts: PartsTable;
  readonly blobs: BlobStore;
}

/** The part that an address speaks of. Problem `not-found` for what cannot be one. */
export function partKey(direction: PartKey['direction'], parcel: string, part: string): PartKey {
  if (!/^[0-9a-f]{32}$/.test(parcel) || !/^(?:0|[1-9]\d{0,5})$/.test(part)) throw new Problem('not-found');
  return { direction, parcel, part: Number(part) };
}

/** Answers with a part; the caller has looked whether the asker may have it. Problems `not-found`, `range-unsatisfiable`. */
export async function sendPart(
  reply: FastifyReply,
  headers: IncomingHttpHeaders,
  { parts, blobs }: DownloadServices,
  key: PartKey,
): Promise<FastifyReply> {
  const state = await parts.finished(key);
  if (state === null) throw new Problem('not-found');
  const etag = `"${state.sha256}"`;
  const range = readRange(headers.range, headers['if-range'], etag, state.size);
  void reply.header('etag', etag).header('accept-ranges', 'bytes').type('application/octet-stream');
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${state.size}`);
    throw new Problem('range-unsatisfiable');
  }
  const [from, to] = range ?? [0, state.size];
  void reply.header('content-length', to - from);
  if (range !== null) void reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${state.size}`);
  return reply.send(Readable.from(readPart(blobs, key.parcel, state, from, to)));
}

/** The bytes of a part from `from` up to but without `to`, across its blobs. */
async function* readPart(
  blobs: BlobStore,
  parcel: string,
  { blobs: list }: PartState,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const { name, length } of list) {
    const first = Math.max(from - start, 0);
    const last = Math.min(to - start, length);
    if (first < last) yield* blobs.read(parcel, name, first, last);
    start += length;
  }
}
