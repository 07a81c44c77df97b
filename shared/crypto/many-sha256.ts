/** SHA-256 of a great many files, most of them short: to ask WebCrypto costs a browser more than to hash a few thousand bytes, and kilobytes of memory. */
import { sha256 as plainSha256 } from '@noble/hashes/sha2.js';
import { sha256 } from './sha256.ts';

/** Up to so many bytes are hashed here: 2.5 ms even where JavaScript is not compiled. */
const SHORT = 4096;

/** The 32 bytes of the hash, as of sha256.ts. */
export function manySha256(bytes: Uint8Array): Promise<Uint8Array> {
  return bytes.length <= SHORT ? Promise.resolve(plainSha256(bytes)) : sha256(bytes);
}
