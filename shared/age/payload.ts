/** The payload of an age file (age-encryption.org/v1, "Payload": STREAM over ChaCha20-Poly1305), whole, over any cipher provider. */
import { NONCE_SIZE, TAG_SIZE } from '../crypto/cipher-provider.ts';
import type { CipherProvider } from '../crypto/cipher-provider.ts';
import { Problem } from '../problem/problem.ts';
import * as layout from './payload-layout.ts';

const { CHUNK_SIZE, PAYLOAD_NONCE_SIZE, SEALED_CHUNK_SIZE } = layout;

/**
 * Encrypts `plaintext` into `out`, which has payloadSize(plaintext.length) bytes and does not overlap it: the nonce, then the
 * chunks. `nonce16` is 16 fresh random bytes; with a fresh file key a file no nonce can ever repeat.
 */
export async function encryptPayload(input: {
  provider: CipherProvider;
  fileKey: Uint8Array;
  nonce16: Uint8Array;
  plaintext: Uint8Array;
  out: Uint8Array;
}): Promise<void> {
  const { provider, fileKey, nonce16, plaintext, out } = input;
  if (nonce16.length !== PAYLOAD_NONCE_SIZE || out.length !== layout.payloadSize(plaintext.length))
    throw new Problem('internal');
  const key = await layout.payloadKey(fileKey, nonce16);
  const nonce = new Uint8Array(NONCE_SIZE);
  const chunks = layout.chunkCount(plaintext.length);
  out.set(nonce16);
  for (let index = 0; index < chunks; index++) {
    layout.setChunkNonce(nonce, index, index === chunks - 1);
    const plain = plaintext.subarray(index * CHUNK_SIZE, (index + 1) * CHUNK_SIZE);
    const at = PAYLOAD_NONCE_SIZE + index * SEALED_CHUNK_SIZE;
    provider.encrypt(key, nonce, plain, out.subarray(at, at + plain.length + TAG_SIZE));
  }
}

/**
 * Decrypts a whole payload into `out` (of the plaintext's size; allocated when left out) and returns it.
 * Problem `age-payload-damaged` when it was cut, lengthened or changed anywhere; then `out` is all zeros.
 */
export async function decryptPayload(input: {
  provider: CipherProvider;
  fileKey: Uint8Array;
  payload: Uint8Array;
  out?: Uint8Array;
}): Promise<Uint8Array> {
  const { provider, fileKey, payload } = input;
  const size = layout.plaintextSize(payload.length);
  const out = input.out ?? new Uint8Array(size);
  if (out.length !== size) throw new Problem('internal');
  const key = await layout.payloadKey(fileKey, payload.subarray(0, PAYLOAD_NONCE_SIZE));
  const nonce = new Uint8Array(NONCE_SIZE);
  const chunks = layout.chunkCount(size);
  for (let index = 0; index < chunks; index++) {
    layout.setChunkNonce(nonce, index, index === chunks - 1);
    const plain = out.subarray(index * CHUNK_SIZE, (index + 1) * CHUNK_SIZE);
    const at = PAYLOAD_NONCE_SIZE + index * SEALED_CHUNK_SIZE;
    if (!provider.decrypt(key, nonce, payload.subarray(at, at + plain.length + TAG_SIZE), plain)) {
      out.fill(0);
      throw new Problem('age-payload-damaged', { chunk: index });
    }
  }
  return out;
}
