/** ChaCha20-Poly1305 (RFC 8439) in plain JavaScript, for browsers where WebAssembly is switched off (Tor Browser "Safer"). */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { checkSizes } from './cipher-provider.ts';
import type { CipherProvider } from './cipher-provider.ts';

export const nobleProvider: CipherProvider = {
  name: 'noble',

  encrypt(key, nonce, plaintext, out) {
    checkSizes(key, nonce, plaintext, out);
    chacha20poly1305(key, nonce).encrypt(plaintext, out);
  },

  decrypt(key, nonce, ciphertext, out) {
    checkSizes(key, nonce, out, ciphertext);
    try {
      chacha20poly1305(key, nonce).decrypt(ciphertext, out);
      return true;
    } catch {
      // The sizes were checked before, so a wrong tag is all that is left to go wrong.
      return false;
    }
  },
};
