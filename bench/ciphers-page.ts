/** The browser's half of the cipher figures: bundled into a worker that answers once with its figures. */
import { loadLibsodium } from '../shared/crypto/libsodium-provider.ts';
import { nobleProvider } from '../shared/crypto/noble-provider.ts';
import { measureCipher } from './ciphers.ts';
import type { CipherFigures } from './ciphers.ts';

const figures: CipherFigures[] = [];
for (const provider of [await loadLibsodium(), nobleProvider]) {
  figures.push(await measureCipher(provider, 2000, () => performance.now()));
}
self.postMessage(figures);
