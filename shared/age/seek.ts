/** Reading any range of a payload (age-encryption.org/v1, "Payload") without the chunks before it, and without trusting its length. */
import { NONCE_SIZE, TAG_SIZE } from '../crypto/cipher-provider.ts';
import type { CipherProvider } from '../crypto/cipher-provider.ts';
import { Problem } from '../problem/problem.ts';
import * as layout from './payload-layout.ts';

const { CHUNK_SIZE, PAYLOAD_NONCE_SIZE, SEALED_CHUNK_SIZE } = layout;

/** Bytes that can be read in any order, such as a file on a disk: `read` gives exactly the bytes from `from` up to `to`. */
export interface RangeReader {
  readonly size: number;
  read(from: number, to: number): Promise<Uint8Array>;
}

/** A reader over bytes in memory. */
export function bytesReader(bytes: Uint8Array): RangeReader {
  return { size: bytes.length, read: (from, to) => Promise.resolve(bytes.subarray(from, to)) };
}

/**
 * Opens a payload for reading its plaintext at any place. The last chunk is decrypted first: its nonce says that it is the last
 * and how many come before it, and its tag how long it is, so from then on the size is proved and a cut payload is refused.
 * Problem `age-payload-damaged`, here or from `read`, which touches only the chunks of its range.
 */
export async function openPayload(input: {
  provider: CipherProvider;
  fileKey: Uint8Array;
  payload: RangeReader;
}): Promise<RangeReader> {
  const { provider, fileKey, payload } = input;
  const size = layout.plaintextSize(payload.size);
  const last = layout.chunkCount(size) - 1;
  const key = await layout.payloadKey(fileKey, await readExactly(payload, 0, PAYLOAD_NONCE_SIZE));
  const nonce = new Uint8Array(NONCE_SIZE);

  /** Plaintext of the chunks `first` up to and including `end`. */
  async function readChunks(first: number, end: number): Promise<Uint8Array> {
    const from = PAYLOAD_NONCE_SIZE + first * SEALED_CHUNK_SIZE;
    const to = Math.min(PAYLOAD_NONCE_SIZE + (end + 1) * SEALED_CHUNK_SIZE, payload.size);
    const sealed = await readExactly(payload, from, to);
    const plaintext = new Uint8Array(sealed.length - (end - first + 1) * TAG_SIZE);
    for (let index = first; index <= end; index++) {
      layout.setChunkNonce(nonce, index, index === last);
      const at = index - first;
      const chunk = sealed.subarray(at * SEALED_CHUNK_SIZE, (at + 1) * SEALED_CHUNK_SIZE);
      if (!provider.decrypt(key, nonce, chunk, plaintext.subarray(at * CHUNK_SIZE, (at + 1) * CHUNK_SIZE)))
        throw new Problem('age-payload-damaged', { chunk: index });
    }
    return plaintext;
  }

  await readChunks(last, last);
  return {
    size,
    async read(from, to) {
      if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= size))
        throw new Problem('internal');
      if (from === to) return new Uint8Array(0);
      const first = Math.floor(from / CHUNK_SIZE);
      const plaintext = await readChunks(first, Math.floor((to - 1) / CHUNK_SIZE));
      return plaintext.subarray(from - first * CHUNK_SIZE, to - first * CHUNK_SIZE);
    },
  };
}

/** One range of a payload's plaintext, with the payload's length proved first; for many ranges use `openPayload`. Problem `age-payload-damaged`. */
export async function decryptRange(input: {
  provider: CipherProvider;
  fileKey: Uint8Array;
  payload: Uint8Array | RangeReader;
  from: number;
  to: number;
}): Promise<Uint8Array> {
  const payload = input.payload instanceof Uint8Array ? bytesReader(input.payload) : input.payload;
  const opened = await openPayload({ provider: input.provider, fileKey: input.fileKey, payload });
  return opened.read(input.from, input.to);
}

async function readExactly(reader: RangeReader, from: number, to: number): Promise<Uint8Array> {
  const bytes = await reader.read(from, to);
  if (bytes.length !== to - from) throw new Problem('age-payload-damaged');
  return bytes;
}
