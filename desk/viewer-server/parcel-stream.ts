/** The plaintext stream of a parcel, read at any place: only out of parts that are proved, and never with bytes of a part that is not. */
import { join } from 'node:path';
import { CHUNK_SIZE } from '../../shared/age/payload-layout.ts';
import { partRange } from '../../shared/parcel/parts.ts';
import { maxPartCiphertext } from '../../shared/protocol/limits.ts';
import { partName } from '../../shared/protocol/part-name.ts';
import { openedParts } from '../../shared/statements/opening.ts';
import type { PartTask } from '../case/part-pool.ts';
import type { Statements } from '../case/statements.ts';
import type { BoundedCache } from './bounded-cache.ts';
import type { PartStore } from './part-store.ts';

/** Chunks that are read at once: what a browser asks for next lies behind. */
const RUN = 4;

export interface ParcelStream {
  /** Bytes of the padded stream. */
  readonly size: number;
  /** Bytes from `offset` to the end of the chunk that holds it; null when its part is not here as it was signed. */
  at(offset: number): Promise<Uint8Array | null>;
  /** The bytes of a range, as fast as they are taken; it ends early where a part is not here, and when `stop` says so. */
  read(from: number, to: number, stop: AbortSignal): AsyncGenerator<Uint8Array, void, undefined>;
  /** The first offset from `from` on, and before `to`, that lies in a part which is not here; null when there is none. */
  gap(from: number, to: number): number | null;
  /** The first offset from `from` on that lies in a part which is here; the size of the stream when there is none. */
  resume(from: number): number;
}

/** Reads the parcel of `statements` in `folder`. `names` are the files there; `chunks` keeps plaintext, by place, for all parcels. */
export function createParcelStream({
  statements: { opening, parts },
  folder,
  names,
  store,
  chunks,
}: {
  statements: Statements;
  folder: string;
  names: ReadonlySet<string>;
  store: PartStore;
  chunks: BoundedCache<Uint8Array>;
}): ParcelStream {
  const { size, partSize } = opening;
  const total = openedParts(opening);
  const bad = new Set<number>();

  const isHere = (part: number): boolean => parts.has(part) && names.has(partName(part)) && !bad.has(part);

  function taskOf(part: number): PartTask {
    const { from, to } = partRange(part, size, partSize);
    const { size: bytes, sha256 } = parts.get(part)!;
    return {
      part,
      path: join(folder, partName(part)),
      size: bytes,
      sha256,
      plaintextSize: to - from,
      maxSize: maxPartCiphertext(partSize),
    };
  }

  async function at(offset: number): Promise<Uint8Array | null> {
    const part = Math.floor(offset / partSize);
    if (!isHere(part)) return null;
    const within = offset - part * partSize;
    const chunk = Math.floor(within / CHUNK_SIZE);
    const place = (index: number) => `${opening.parcel}/${part}/${index}`;
    const known = chunks.get(place(chunk));
    if (known !== undefined) return known.subarray(within - chunk * CHUNK_SIZE);
    const proved = await store.prove(taskOf(part));
    if (proved.kind !== 'proved') {
      bad.add(part);
      return null;
    }
    const last = Math.min(chunk + RUN, Math.ceil(proved.size / CHUNK_SIZE)) - 1;
    const run = await store.readChunks(proved, chunk, last);
    if (run === null) {
      bad.add(part);
      return null;
    }
    for (let index = chunk; index <= last; index++)
      chunks.set(place(index), run.subarray((index - chunk) * CHUNK_SIZE, (index - chunk + 1) * CHUNK_SIZE));
    return run.subarray(within - chunk * CHUNK_SIZE, CHUNK_SIZE);
  }

  /** The next part is proved while this one is shown. */
  function readAhead(offset: number, to: number): void {
    const part = Math.floor(offset / partSize) + 1;
    if (part * partSize < to && isHere(part)) void store.prove(taskOf(part)).catch(() => undefined);
  }

  return {
    size,
    at,
    async *read(from, to, stop) {
      for (let offset = from; offset < to && !stop.aborted;) {
        const bytes = await at(offset);
        if (bytes === null) return;
        readAhead(offset, to);
        const piece = bytes.subarray(0, to - offset);
        offset += piece.length;
        yield piece;
      }
    },
    gap(from, to) {
      for (let part = Math.floor(from / partSize); part * partSize < to; part++)
        if (!isHere(part)) return Math.max(from, part * partSize);
      return null;
    },
    resume(from) {
      for (let part = Math.floor(from / partSize); part < total; part++)
        if (isHere(part)) return Math.max(from, part * partSize);
      return size;
    },
  };
}
