/** All the cipher providers there are, for tests that hold for each of them. */
import { nodeCipher } from '../../desk/node-cipher.ts';
import type { CipherProvider } from '../../shared/crypto/cipher-provider.ts';
import { loadLibsodium } from '../../shared/crypto/libsodium-provider.ts';
import { nobleProvider } from '../../shared/crypto/noble-provider.ts';

export const cipherProviders: readonly CipherProvider[] = [await loadLibsodium(), nobleProvider, nodeCipher];
