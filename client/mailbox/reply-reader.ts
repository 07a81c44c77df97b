/** Opens the parts of one reply: first for what is in it, then for the bytes of its files. The same work in a worker or, for tests, where it is called. */
import { decryptFile } from '../../shared/age/file.ts';
import { concat } from '../../shared/bytes/concat.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import type { CipherProvider } from '../../shared/crypto/cipher-provider.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import type { CreateSha256, StreamingSha256 } from '../../shared/crypto/streaming-sha256.ts';
import { partRange } from '../../shared/parcel/parts.ts';
import { Problem } from '../../shared/problem/problem.ts';
import type { RecentParts } from './recent-parts.ts';
import { createIndexReader } from './reply-index.ts';
import type { IndexStep, ReplyIndex, ReplyShape } from './reply-index.ts';

export interface ReplyFacts extends ReplyShape {
  /** The age identity that the reply is encrypted to. */
  readonly identity: string;
}

/** See {@link createReplyReader}. Problems of age files, archives and bags; `reply-refused` for a part that is not for us. */
export interface ReplyReader {
  /** The ciphertext of the part that was wanted, its hash checked; at first that is part 0. */
  take(part: number, file: Uint8Array<ArrayBuffer>): Promise<IndexStep>;
  /**
   * The bytes of file `index` that lie in `part`. Files are read one at a time, each from its first part to its last; the last piece comes
   * only if all of them together are what the manifest says. Null when the ciphertext was left out and the part is not at hand.
   */
  piece(index: number, part: number, file: Uint8Array<ArrayBuffer> | null): Promise<Uint8Array<ArrayBuffer> | null>;
}

export interface ReaderTools {
  readonly provider: CipherProvider;
  readonly createSha256: CreateSha256;
  /** Shared by all readers: so that opening many replies costs no more memory than one. */
  readonly recent: RecentParts;
}

/** A file that is being read. */
interface Reading {
  readonly index: number;
  /** Offset in the stream of its next byte. */
  at: number;
  /** Null for a file that is gathered in `pieces` and then hashed at once. */
  readonly hash: StreamingSha256 | null;
  readonly pieces: Uint8Array[];
}

/** Files up to so many bytes are hashed by WebCrypto: it takes no streams, but is far faster where JavaScript is not compiled. */
const GATHERED = 16 * 1024 * 1024;

/** A reader of the reply with these facts. */
export function createReplyReader(facts: ReplyFacts, { provider, createSha256, recent }: ReaderTools): ReplyReader {
  const { parcel, partSize, size, identity } = facts;
  const indexing = createIndexReader(facts, createSha256);
  let index: ReplyIndex | null = null;
  let reading: Reading | null = null;

  async function open(part: number, file: Uint8Array | null): Promise<Uint8Array | null> {
    const name = `${parcel}/${part}`;
    const known = recent.get(name);
    if (known !== null || file === null) return known;
    const plaintext = await decryptFile({ file, identities: [identity], provider });
    if (plaintext === null) throw new Problem('reply-refused');
    const { from, to } = partRange(part, size, partSize);
    if (plaintext.length !== to - from) throw new Problem('parcel-damaged');
    recent.put(name, plaintext);
    return plaintext;
  }

  return {
    async take(part, file) {
      const plaintext = await open(part, file);
      if (plaintext === null) throw new Problem('internal');
      const step = indexing.take(part, plaintext);
      if (step.kind === 'index') index = step.index;
      return step;
    },
    async piece(number, part, file) {
      const entry = index?.files[number];
      if (entry === undefined) throw new Problem('internal');
      const plaintext = await open(part, file);
      if (plaintext === null) return null;
      const { from, to } = partRange(part, size, partSize);
      const start = Math.max(entry.start, from);
      const end = Math.min(entry.start + entry.size, to);
      if (start === entry.start)
        reading = { index: number, at: start, hash: entry.size > GATHERED ? createSha256() : null, pieces: [] };
      if (reading?.index !== number || reading.at !== start || end <= start) throw new Problem('internal');
      const bytes = new Uint8Array(plaintext.subarray(start - from, end - from));
      const { hash, pieces } = reading;
      if (hash === null) pieces.push(bytes.slice());
      else hash.update(bytes);
      reading.at = end;
      if (end < entry.start + entry.size) return bytes;
      reading = null;
      const found = hash === null ? await sha256(concat(...pieces)) : hash.digest();
      if (!equalBytes(found, entry.sha256)) throw new Problem('bag-damaged');
      return bytes;
    },
  };
}
