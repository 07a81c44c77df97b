/** SHA-256 (FIPS 180-4 §6.2) of bytes that are all at hand. For a stream see streaming-sha256.ts. */

/** The 32 bytes of the hash, by WebCrypto. */
export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
