/** A list of up to a million files that only grows, in a few large arrays: about 60 bytes a file and its path in UTF-8. */
import { utf8Decode, utf8Encode } from '../bytes/utf8.ts';

const CHUNK = 1024 * 1024;
const HASH = 32;

/** See {@link createFileList}. */
export interface FileList {
  /** Adds a file; its number is the count before. Its hash is all zeros and its mark 0 until they are set. */
  add(path: string, size: number, modified: number): number;
  count(): number;
  path(index: number): string;
  /** UTF-8 bytes of the path. */
  pathLength(index: number): number;
  size(index: number): number;
  modified(index: number): number;
  /** The 32 bytes of its hash, in place: to be set or read, not kept. */
  hash(index: number): Uint8Array;
  mark(index: number): number;
  setMark(index: number, mark: number): void;
}

/** An empty list. */
export function createFileList(): FileList {
  const chunks: Uint8Array[] = [];
  let room = 0;
  let count = 0;
  let capacity = 64;
  let starts = new Float64Array(capacity);
  let lengths = new Uint16Array(capacity);
  let sizes = new Float64Array(capacity);
  let times = new Float64Array(capacity);
  let marks = new Uint8Array(capacity);
  let hashes = new Uint8Array(capacity * HASH);

  function grow(): void {
    capacity *= 2;
    starts = widen(starts, new Float64Array(capacity));
    lengths = widen(lengths, new Uint16Array(capacity));
    sizes = widen(sizes, new Float64Array(capacity));
    times = widen(times, new Float64Array(capacity));
    marks = widen(marks, new Uint8Array(capacity));
    hashes = widen(hashes, new Uint8Array(capacity * HASH));
  }

  return {
    add(path, size, modified) {
      if (count === capacity) grow();
      const bytes = utf8Encode(path);
      if (bytes.length > room) {
        chunks.push(new Uint8Array(CHUNK));
        room = CHUNK;
      }
      chunks.at(-1)!.set(bytes, CHUNK - room);
      starts[count] = chunks.length * CHUNK - room;
      lengths[count] = bytes.length;
      room -= bytes.length;
      sizes[count] = size;
      times[count] = modified;
      return count++;
    },
    count: () => count,
    path(index) {
      const start = starts[index]! % CHUNK;
      return utf8Decode(chunks[Math.floor(starts[index]! / CHUNK)]!.subarray(start, start + lengths[index]!));
    },
    pathLength: (index) => lengths[index]!,
    size: (index) => sizes[index]!,
    modified: (index) => times[index]!,
    hash: (index) => hashes.subarray(index * HASH, (index + 1) * HASH),
    mark: (index) => marks[index]!,
    setMark(index, mark) {
      marks[index] = mark;
    },
  };
}

function widen<T extends Float64Array | Uint16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
