/** ChaCha20-Poly1305 (RFC 8439) by Node's own crypto (OpenSSL), the fastest of the three. For the desk and for tests. */
import { createCipheriv, createDecipheriv, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { checkSizes, KEY_SIZE, TAG_SIZE } from '../shared/crypto/cipher-provider.ts';
import type { CipherProvider } from '../shared/crypto/cipher-provider.ts';

const ALGORITHM = 'chacha20-poly1305';
const OPTIONS = { authTagLength: TAG_SIZE };

/** The key of the last call as Node wants it: of bytes it would make such an object each time, which costs a fifth of a chunk. */
let keyObject: KeyObject | null = null;
const keyBytes = new Uint8Array(KEY_SIZE);

function keyOf(key: Uint8Array): KeyObject {
  if (keyObject === null || !timingSafeEqual(key, keyBytes)) {
    keyObject = createSecretKey(key);
    keyBytes.set(key);
  }
  return keyObject;
}

/**
 * Gives back at once the memory of what a cipher put out. Left to V8, it is counted up to a limit, and then the whole heap is marked, fifty times a
 * gigabyte; small collections now and then cost a fifth of the opening of parts.
 */
function free({ buffer, length }: Buffer): void {
  // Only what is a buffer of its own: never the memory that Node cuts small ones from.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
}

export const nodeCipher: CipherProvider = {
  name: 'node',

  encrypt(key, nonce, plaintext, out) {
    checkSizes(key, nonce, plaintext, out);
    const cipher = createCipheriv(ALGORITHM, keyOf(key), nonce, OPTIONS);
    const sealed = cipher.update(plaintext);
    out.set(sealed);
    free(sealed);
    cipher.final();
    out.set(cipher.getAuthTag(), plaintext.length);
  },

  decrypt(key, nonce, ciphertext, out) {
    checkSizes(key, nonce, out, ciphertext);
    const decipher = createDecipheriv(ALGORITHM, keyOf(key), nonce, OPTIONS);
    decipher.setAuthTag(ciphertext.subarray(out.length));
    const plaintext = decipher.update(ciphertext.subarray(0, out.length));
    try {
      decipher.final();
    } catch {
      return false;
    }
    out.set(plaintext);
    free(plaintext);
    return true;
  },
};
