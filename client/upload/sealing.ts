/** A part's plaintext made into an age file and its SHA-256; the same work in a worker or, for tests, where it is called. */
import { encryptFile } from '../../shared/age/file.ts';
import type { Random } from '../../shared/bytes/random.ts';
import type { CipherProvider } from '../../shared/crypto/cipher-provider.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';

export interface Sealed {
  /** The plaintext given, back: so that a worker can be given it instead of a copy. */
  readonly plaintext: Uint8Array<ArrayBuffer>;
  /** A whole age file; it need not fill its buffer. */
  readonly file: Uint8Array<ArrayBuffer>;
  readonly sha256: Uint8Array;
}

/** `into` is memory for the file, such as an earlier one that is no longer needed; when it is null or too small, there will be other. */
export type Sealing = (
  plaintext: Uint8Array<ArrayBuffer>,
  recipients: readonly string[],
  into: Uint8Array<ArrayBuffer> | null,
) => Promise<Sealed>;

/** The work itself: each file has a file key of its own. */
export function createSealing(provider: CipherProvider, random: Random): Sealing {
  return async (plaintext, recipients, into) => {
    const file = await encryptFile({ plaintext, recipients, provider, random, ...(into && { into }) });
    return { plaintext, file, sha256: await sha256(file) };
  };
}
