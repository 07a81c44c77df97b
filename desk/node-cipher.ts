/** ChaCha20-Poly1305 (RFC 8439) by Node's own crypto (OpenSSL), the fastest of the three. For the desk and for tests. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { checkSizes, TAG_SIZE } from '../shared/crypto/cipher-provider.ts';
import type { CipherProvider } from '../shared/crypto/cipher-provider.ts';

const ALGORITHM = 'chacha20-poly1305';
const OPTIONS = { authTagLength: TAG_SIZE };

export const nodeCipher: CipherProvider = {
  name: 'node',

  encrypt(key, nonce, plaintext, out) {
    checkSizes(key, nonce, plaintext, out);
    const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS);
    out.set(cipher.update(plaintext));
    cipher.final();
    out.set(cipher.getAuthTag(), plaintext.length);
  },

  decrypt(key, nonce, ciphertext, out) {
    checkSizes(key, nonce, out, ciphertext);
    const decipher = createDecipheriv(ALGORITHM, key, nonce, OPTIONS);
    decipher.setAuthTag(ciphertext.subarray(out.length));
    const plaintext = decipher.update(ciphertext.subarray(0, out.length));
    try {
      decipher.final();
    } catch {
      return false;
    }
    out.set(plaintext);
    return true;
  },
};
