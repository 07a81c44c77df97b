/** The seam behind which ChaCha20-Poly1305 is done: by libsodium, by noble or by Node, all with the same bytes. */
import { Problem } from '../problem/problem.ts';

/** Bytes of a key (RFC 8439 §2.8). */
export const KEY_SIZE = 32;
/** Bytes of a nonce (RFC 8439 §2.8). */
export const NONCE_SIZE = 12;
/** Bytes of the Poly1305 tag that follows a ciphertext. */
export const TAG_SIZE = 16;

/**
 * AEAD_CHACHA20_POLY1305 of RFC 8439 §2.8, without associated data, synchronous, one message a call.
 * `out` is written by the callee: for `encrypt` of plaintext.length + 16 bytes (the tag last), for `decrypt` of
 * ciphertext.length - 16; it may be a part of a larger buffer but must not overlap the input. Wrong sizes are a Problem `internal`.
 */
export interface CipherProvider {
  readonly name: 'libsodium' | 'noble' | 'node';
  encrypt(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void;
  /** False when the tag is wrong; what `out` holds then is not defined and must not be used. */
  decrypt(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array, out: Uint8Array): boolean;
}

/** Refuses a call whose buffers cannot be right; `sealed` is the longer one of input and output. Problem `internal`. */
export function checkSizes(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, sealed: Uint8Array): void {
  if (key.length !== KEY_SIZE || nonce.length !== NONCE_SIZE || sealed.length !== plain.length + TAG_SIZE)
    throw new Problem('internal');
}
