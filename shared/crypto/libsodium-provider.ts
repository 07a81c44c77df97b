/**
 * ChaCha20-Poly1305 (RFC 8439) by libsodium compiled to WebAssembly. We call the compiled functions directly over one buffer
 * of our own in its memory: the usual wrapper allocates, copies and frees six times a call, which costs a third of the speed.
 */
import { Problem } from '../problem/problem.ts';
import { checkSizes, KEY_SIZE, NONCE_SIZE, TAG_SIZE } from './cipher-provider.ts';
import type { CipherProvider } from './cipher-provider.ts';
import type { LibsodiumModule, LibsodiumWrappers } from './libsodium-module.ts';

/** The longest message of one call: an age chunk with its tag (age-encryption.org/v1, "Payload"), and room to spare. */
const BUFFER_SIZE = 128 * 1024;

let loaded: Promise<CipherProvider> | undefined;

/** Compiles libsodium at the first call (some 200 kB, some 10 ms). Rejects where WebAssembly is missing or forbidden. */
export function loadLibsodium(): Promise<CipherProvider> {
  loaded ??= load().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(): Promise<CipherProvider> {
  const wrappers: LibsodiumWrappers = await import('libsodium-wrappers');
  await wrappers.ready;
  const sodium = wrappers.libsodium;
  if (sodium === undefined) throw new Problem('internal');
  return createProvider(sodium);
}

function createProvider(sodium: LibsodiumModule): CipherProvider {
  const keyAt = allocate(sodium, KEY_SIZE);
  const nonceAt = allocate(sodium, NONCE_SIZE);
  // Encryption and decryption run in place: libsodium allows input and output to be the same address.
  const bufferAt = allocate(sodium, BUFFER_SIZE);

  function put(key: Uint8Array, nonce: Uint8Array, input: Uint8Array): Uint8Array {
    if (input.length > BUFFER_SIZE - TAG_SIZE) throw new Problem('internal');
    const heap = sodium.HEAPU8;
    heap.set(key, keyAt);
    heap.set(nonce, nonceAt);
    heap.set(input, bufferAt);
    return heap;
  }

  return {
    name: 'libsodium',

    encrypt(key, nonce, plaintext, out) {
      checkSizes(key, nonce, plaintext, out);
      const heap = put(key, nonce, plaintext);
      const { length } = plaintext;
      // prettier-ignore
      sodium._crypto_aead_chacha20poly1305_ietf_encrypt(
        bufferAt, null, bufferAt, length, 0, null, 0, 0, null, nonceAt, keyAt,
      );
      out.set(heap.subarray(bufferAt, bufferAt + out.length));
    },

    decrypt(key, nonce, ciphertext, out) {
      checkSizes(key, nonce, out, ciphertext);
      const heap = put(key, nonce, ciphertext);
      const { length } = ciphertext;
      // prettier-ignore
      const refused = sodium._crypto_aead_chacha20poly1305_ietf_decrypt(
        bufferAt, null, null, bufferAt, length, 0, null, 0, 0, nonceAt, keyAt,
      );
      if (refused !== 0) return false;
      out.set(heap.subarray(bufferAt, bufferAt + out.length));
      return true;
    },
  };
}

function allocate(sodium: LibsodiumModule, length: number): number {
  const address = sodium._malloc(length);
  if (address === 0) throw new Problem('internal');
  return address;
}
