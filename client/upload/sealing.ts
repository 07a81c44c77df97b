/** A part's plaintext made into an age file and its SHA-256; the same work in a worker or, for tests, where it is called. */
import { encryptFile } from '../../shared/age/file.ts';
import type { Random } from '../../shared/bytes/random.ts';
import type { CipherProvider } from '../../shared/crypto/cipher-provider.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import { weighed } from './body.ts';
import type { Body } from './body.ts';

export interface Sealed {
  /** A whole age file; as bytes it need not fill its buffer. */
  readonly file: Body;
  readonly sha256: Uint8Array;
  /** Memory given that is free to be used again: so that a worker can be given it instead of a copy. */
  readonly spare: readonly ArrayBuffer[];
}

/** `into` is memory for the file, such as an earlier one that is no longer needed; when it is null or too small, there will be other. */
export type Sealing = (
  plaintext: Uint8Array<ArrayBuffer>,
  recipients: readonly string[],
  into: Uint8Array<ArrayBuffer> | null,
) => Promise<Sealed>;

/** The work itself: each file has a file key of its own. With `blobs` files are Blobs, and `into` comes back at once. */
export function createSealing(provider: CipherProvider, random: Random, blobs = false): Sealing {
  return async (plaintext, recipients, into) => {
    const file = await encryptFile({ plaintext, recipients, provider, random, ...(into && { into }) });
    const hash = await sha256(file);
    if (!blobs) return { file, sha256: hash, spare: [plaintext.buffer] };
    return { file: weighed(new Blob([file])), sha256: hash, spare: [plaintext.buffer, file.buffer] };
  };
}
