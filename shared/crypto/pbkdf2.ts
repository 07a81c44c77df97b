/** PBKDF2 with HMAC-SHA-512 (RFC 8018 §5.2), by WebCrypto: native also where WebAssembly and the JIT are off. */

/** `length` bytes of PBKDF2-HMAC-SHA-512 over `password` with `rounds` iterations. */
export async function pbkdf2Sha512(
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-512', salt, iterations: rounds };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
}
