/** What we use of the raw libsodium module (compiled C over one WebAssembly memory); the package ships no types. */

declare module 'libsodium' {
  /** The compiled library: addresses are offsets into HEAPU8. A 64-bit length is two 32-bit words, the low one first. */
  export interface LibsodiumModule {
    /** A view of the whole memory. Read it anew at each use: it is replaced when the memory grows. */
    readonly HEAPU8: Uint8Array;
    _sodium_init(): number;
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
  /** Compiles and starts the library; it draws its randomness (which we never use) by `getRandomValue`. */
  export default function createLibsodium(options: { getRandomValue(): number }): Promise<LibsodiumModule>;
}
