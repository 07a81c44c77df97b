/** Randomness for tests: real for keys, and repeatable bytes for large contents. */
import { randomBytes } from 'node:crypto';

/** Fresh random bytes, as the core takes them by parameter. */
export function random(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(length));
}

/** The same `length` bytes every time for the same `seed` (xorshift32): cheap, and not alike from chunk to chunk. */
export function patternBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = (seed * 0x9e3779b1) >>> 0 || 1;
  for (let at = 0; at < length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return bytes;
}
