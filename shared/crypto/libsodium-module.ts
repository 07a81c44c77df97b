/** What we use of the compiled library inside libsodium-wrappers: C functions over one WebAssembly memory. Its types leave it out. */

/** Addresses are offsets into HEAPU8. A 64-bit length is two 32-bit words, the low one first. */
export interface LibsodiumModule {
  /** A view of the whole memory. Read it anew at each use: it is replaced when the memory grows. */
  readonly HEAPU8: Uint8Array;
  _malloc(length: number): number;
  _crypto_aead_chacha20poly1305_ietf_encrypt(
    out: number,
    outLength: null,
    message: number,
    messageLength: number,
    messageLengthHigh: number,
    data: null,
    dataLength: number,
    dataLengthHigh: number,
    secretNonce: null,
    nonce: number,
    key: number,
  ): number;
  _crypto_aead_chacha20poly1305_ietf_decrypt(
    out: number,
    outLength: null,
    secretNonce: null,
    ciphertext: number,
    ciphertextLength: number,
    ciphertextLengthHigh: number,
    data: null,
    dataLength: number,
    dataLengthHigh: number,
    nonce: number,
    key: number,
  ): number;
}

/** libsodium-wrappers as we use it. */
export interface LibsodiumWrappers {
  /** Settled when the library is compiled and initialised. */
  readonly ready: Promise<void>;
  readonly libsodium?: LibsodiumModule;
}
