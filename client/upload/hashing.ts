/** SHA-256 of the files as their bytes go by, part after part; the same work in a worker or, for tests, where it is called. */
import { sha256 } from '../../shared/crypto/sha256.ts';
import type { CreateSha256, Midstate, StreamingSha256 } from '../../shared/crypto/streaming-sha256.ts';
import type { Span } from './part-reader.ts';

/**
 * Hashes the spans of a part; bytes go in and come back, so that a worker can be given them instead of a copy. `from` is where the hash of the
 * first span's file stands when the part begins, null when the file begins here. Nothing is kept from one call to the next.
 */
export type Hashing = (
  bytes: Uint8Array<ArrayBuffer>,
  spans: readonly Pick<Span, 'at' | 'length' | 'last'>[],
  from: Midstate | null,
) => Promise<Hashed>;

export interface Hashed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Those of the files that end in the part, in order. */
  readonly hashes: readonly Uint8Array[];
  /** Where the hash of the file stands that goes on behind the last span; null when that ended it. */
  readonly running: Midstate | null;
}

/** A file is hashed in pieces of this many bytes, so that each is still in the processor's cache when it is copied for the engine. */
const STEP = 256 * 1024;

/**
 * From so many bytes on, a file that lies in one part whole is given to WebCrypto: it takes no streams, but is three times as fast
 * as WebAssembly, and seventy times as fast as JavaScript that is not compiled (Tor Browser "Safer").
 */
const WORTH_ASKING = 4096;

/** The work itself. Calls are to be made one after the other. */
export function createHashing(create: CreateSha256): Hashing {
  function feed(hash: StreamingSha256, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += STEP) hash.update(bytes.subarray(at, at + STEP));
  }

  return async (bytes, spans, from) => {
    const hashes: Uint8Array[] = [];
    let running = from === null ? null : create(from);
    for (const { at, length, last } of spans) {
      const span = bytes.subarray(at, at + length);
      if (running === null && last && length >= WORTH_ASKING) {
        hashes.push(await sha256(span));
        continue;
      }
      running ??= create();
      feed(running, span);
      if (!last) continue;
      hashes.push(running.digest());
      running = null;
    }
    // Parts and file data begin at multiples of 512: the hash stands between two of its blocks.
    return { bytes, hashes, running: running?.save() ?? null };
  };
}
