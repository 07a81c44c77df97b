/** Whole age files (age-encryption.org/v1): a header by header.ts and a payload by payload.ts, in one piece of memory. */
import type { Random } from '../bytes/random.ts';
import type { CipherProvider } from '../crypto/cipher-provider.ts';
import { Problem } from '../problem/problem.ts';
import { createHeader, MAX_HEADER_SIZE, openHeader } from './header.ts';
import { PAYLOAD_NONCE_SIZE, payloadSize } from './payload-layout.ts';
import { decryptPayload, encryptPayload } from './payload.ts';
import { bytesReader, openPayload } from './seek.ts';
import type { RangeReader } from './seek.ts';

/** Bytes of the file that `plaintextSize` bytes become under a header of `headerLength`; see `headerSize`. */
export function encryptedSize(plaintextSize: number, headerLength: number): number {
  return headerLength + payloadSize(plaintextSize);
}

/**
 * Encrypts `plaintext` to all of `recipients`, with a file key of its own. The file is written to the start of `into` when it is
 * given and large enough (a part of it is returned), so that a sender of many parts allocates once. Problem `recipient-invalid`.
 */
export async function encryptFile(input: {
  plaintext: Uint8Array;
  recipients: readonly string[];
  provider: CipherProvider;
  random: Random;
  into?: Uint8Array<ArrayBuffer>;
}): Promise<Uint8Array<ArrayBuffer>> {
  const { plaintext, recipients, provider, random, into } = input;
  const { fileKey, header } = await createHeader(recipients);
  const size = encryptedSize(plaintext.length, header.length);
  const file = into !== undefined && into.length >= size ? into.subarray(0, size) : new Uint8Array(size);
  file.set(header);
  const nonce16 = random(PAYLOAD_NONCE_SIZE);
  await encryptPayload({ provider, fileKey, nonce16, plaintext, out: file.subarray(header.length) });
  return file;
}

/**
 * The plaintext of a whole file. Null: not for any of these identities.
 * Problem `age-header-damaged` or `age-payload-damaged`: broken.
 */
export async function decryptFile(input: {
  file: Uint8Array;
  identities: readonly string[];
  provider: CipherProvider;
}): Promise<Uint8Array | null> {
  const { file, identities, provider } = input;
  const opened = await openHeader(file, identities);
  if (opened === null) return null;
  const { fileKey, headerLength } = opened;
  checkNonce(file.length - headerLength);
  return decryptPayload({ provider, fileKey, payload: file.subarray(headerLength) });
}

/** Opens a file for reading its plaintext at any place, its length proved first; null and Problems as for `decryptFile`. */
export async function openFile(
  file: Uint8Array | RangeReader,
  identities: readonly string[],
  provider: CipherProvider,
): Promise<RangeReader | null> {
  const reader = file instanceof Uint8Array ? bytesReader(file) : file;
  const opened = await openHeader(await reader.read(0, Math.min(reader.size, MAX_HEADER_SIZE)), identities);
  if (opened === null) return null;
  const { fileKey, headerLength } = opened;
  const size = reader.size - headerLength;
  checkNonce(size);
  const payload = { size, read: (from: number, to: number) => reader.read(headerLength + from, headerLength + to) };
  return openPayload({ provider, fileKey, payload });
}

/** A file that ends before its payload's nonce does counts as one with a broken header, as in the CCTV vectors. */
function checkNonce(payload: number): void {
  if (payload < PAYLOAD_NONCE_SIZE) throw new Problem('age-header-damaged');
}
