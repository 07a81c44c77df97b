/**
 * HKDF with SHA-256 (RFC 5869) in plain JavaScript, for a hundred thousand short derivations in a row: of each, WebCrypto makes a key object
 * and a task of their own, which cost a browser kilobytes and keep its timers waiting.
 */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** As `hkdfSha256` of hkdf.ts, at once. */
export function hkdfSha256Sync(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return hkdf(sha256, secret, salt, info, length);
}
