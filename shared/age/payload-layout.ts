/** Where things lie in the payload of an age file (age-encryption.org/v1, "Payload"): sizes, chunks and their nonces. */
import { NONCE_SIZE, TAG_SIZE } from '../crypto/cipher-provider.ts';
import { hkdfSha256 } from '../crypto/hkdf.ts';
import { utf8Encode } from '../bytes/utf8.ts';
import { Problem } from '../problem/problem.ts';

/** Bytes of the random nonce that opens a payload. */
export const PAYLOAD_NONCE_SIZE = 16;
/** Plaintext bytes of every chunk but the last, which has 1 to that many; only a wholly empty plaintext has an empty chunk. */
export const CHUNK_SIZE = 64 * 1024;
/** A full chunk with its tag. */
export const SEALED_CHUNK_SIZE = CHUNK_SIZE + TAG_SIZE;

const PAYLOAD_LABEL = utf8Encode('payload');
const LAST_CHUNK_FLAG = 1;

/** How many chunks `plaintextSize` bytes make: at least one. */
export function chunkCount(plaintextSize: number): number {
  return Math.max(1, Math.ceil(plaintextSize / CHUNK_SIZE));
}

/** Bytes of the payload (nonce, chunks, tags) of `plaintextSize` bytes. */
export function payloadSize(plaintextSize: number): number {
  return PAYLOAD_NONCE_SIZE + plaintextSize + chunkCount(plaintextSize) * TAG_SIZE;
}

/** The inverse of `payloadSize`. Problem `age-payload-damaged` for a size that no payload has. */
export function plaintextSize(payload: number): number {
  const chunks = payload - PAYLOAD_NONCE_SIZE;
  const size = chunks - Math.ceil(chunks / SEALED_CHUNK_SIZE) * TAG_SIZE;
  // Catches a last chunk shorter than its tag, and an empty one behind others.
  if (size < 0 || payloadSize(size) !== payload) throw new Problem('age-payload-damaged');
  return size;
}

/** The key of all chunks: HKDF-SHA-256 of the file key, salted with the payload's nonce. */
export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Promise<Uint8Array> {
  return hkdfSha256(fileKey, nonce, PAYLOAD_LABEL, 32);
}

/** Writes a chunk's nonce into `nonce`: 11 bytes of big-endian counter from 0, then 1 for the last chunk and 0 for all others. */
export function setChunkNonce(nonce: Uint8Array, index: number, last: boolean): void {
  const view = new DataView(nonce.buffer, nonce.byteOffset, NONCE_SIZE);
  view.setUint32(3, Math.floor(index / 2 ** 32));
  view.setUint32(7, index >>> 0);
  nonce[NONCE_SIZE - 1] = last ? LAST_CHUNK_FLAG : 0;
}
