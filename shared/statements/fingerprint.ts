/** The organisation's root key in a form that people compare by eye or over the telephone. */
import { toHex } from '../bytes/hex.ts';
import { sha256 } from '../crypto/sha256.ts';

/** The first 128 bits of SHA-256(root public key) as eight groups of four hex digits: `3f2a 09c1 …`. */
export async function rootFingerprint(rootKey: Uint8Array): Promise<string> {
  const digits = toHex((await sha256(rootKey)).subarray(0, 16));
  return (digits.match(/.{4}/g) ?? []).join(' ');
}
