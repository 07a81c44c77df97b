/** SHA-256 of the files as their bytes go by, part after part; the same work in a worker or, for tests, where it is called. */
import { equalBytes } from '../../shared/bytes/equal.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import type { CreateSha256, StreamingSha256 } from '../../shared/crypto/streaming-sha256.ts';
import type { Span } from './part-reader.ts';

/** Bytes go in and come back, so that a worker can be given them instead of a copy. */
export interface Hashing {
  /** Hashes the spans of the next part; the hashes are those of the files that end in it, in order. */
  readonly hash: (bytes: Uint8Array<ArrayBuffer>, spans: readonly Span[]) => Promise<Hashed>;
  /** Hashes bytes of another copy of the file that the last part broke off in; `first` starts anew. */
  readonly replay: (bytes: Uint8Array<ArrayBuffer>, first: boolean) => Promise<Uint8Array<ArrayBuffer>>;
  /** True when what was replayed is what was hashed of that file. */
  readonly replayedSame: () => Promise<boolean>;
}

export interface Hashed {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hashes: readonly Uint8Array[];
}

/** A file is hashed in pieces of this many bytes, so that each is still in the processor's cache when it is copied for the engine. */
const STEP = 256 * 1024;

/**
 * From so many bytes on, a file that lies in one part whole is given to WebCrypto: it takes no streams, but is three times as fast
 * as WebAssembly, and seventy times as fast as JavaScript that is not compiled (Tor Browser "Safer").
 */
const WORTH_ASKING = 4096;

/** The work itself. Parts are to be hashed one at a time. */
export function createHashing(create: CreateSha256): Hashing {
  let running: StreamingSha256 | null = null;
  let replayed: StreamingSha256 | null = null;

  function feed(hash: StreamingSha256, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += STEP) hash.update(bytes.subarray(at, at + STEP));
  }

  async function hashSpans(bytes: Uint8Array<ArrayBuffer>, spans: readonly Span[]): Promise<Uint8Array[]> {
    const hashes: Uint8Array[] = [];
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
    return hashes;
  }

  return {
    hash: async (bytes, spans) => ({ bytes, hashes: await hashSpans(bytes, spans) }),
    replay(bytes, first) {
      if (first || replayed === null) replayed = create();
      feed(replayed, bytes);
      return Promise.resolve(bytes);
    },
    replayedSame() {
      // Parts and file data begin at multiples of 512, so both stand between two blocks of the hash.
      const one = running?.save();
      const other = replayed?.save();
      replayed = null;
      const same =
        one !== undefined && other !== undefined && one.length === other.length && equalBytes(one.state, other.state);
      return Promise.resolve(same);
    },
  };
}
