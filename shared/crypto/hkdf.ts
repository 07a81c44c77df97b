/** HKDF with SHA-256 (RFC 5869), by WebCrypto. */

/** `length` bytes (at most 8,160) of HKDF-SHA-256 over `secret`; an empty `salt` is the same as none (RFC 5869 §2.2). */
export async function hkdfSha256(
  secret: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, length * 8);
  return new Uint8Array(bits);
}
