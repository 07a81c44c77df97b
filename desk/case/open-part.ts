/** One part: read once in small pieces, each hashed and decrypted while it is in the processor's cache; believed only when the hash is the stated one. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MAX_HEADER_SIZE, openHeader } from '../../shared/age/header.ts';
import {
  CHUNK_SIZE,
  payloadKey,
  payloadSize,
  PAYLOAD_NONCE_SIZE,
  SEALED_CHUNK_SIZE,
  setChunkNonce,
} from '../../shared/age/payload-layout.ts';
import { NONCE_SIZE } from '../../shared/crypto/cipher-provider.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { systemCode } from '../failure.ts';
import { nodeCipher } from '../node-cipher.ts';
import type { PartJob, PartVerdict } from './part-messages.ts';
import { READ_ONLY } from '../read-only.ts';

/** Bytes read at once: 4 chunks stay in the second-level cache of one core. */
const PIECE = 4 * SEALED_CHUNK_SIZE;

/** Opens parts one after the other with the same identities; the one that fitted last is tried first. */
export function createPartOpener(identities: readonly string[]): (job: PartJob) => Promise<PartVerdict> {
  const order = [...identities];
  const first = Buffer.allocUnsafeSlow(MAX_HEADER_SIZE);
  const piece = Buffer.allocUnsafeSlow(PIECE);

  async function readPart(fd: number, job: PartJob): Promise<PartVerdict> {
    const file = fstatSync(fd);
    if (!file.isFile()) return { kind: 'unreadable', reason: 'not a file' };
    if (file.size > job.maxSize) return { kind: 'differs', size: file.size, sha256: null };
    const hash = createHash('sha256');
    const start = first.subarray(0, readFully(fd, first.subarray(0, Math.min(first.length, file.size)), 0));
    let verdict: PartVerdict = { kind: 'plaintext' };
    let headerLength = 0;
    let decryptor: ReturnType<typeof createChunkReader> | null = null;
    if (file.size === job.size) {
      const opened = await openHeaderOf(start);
      if ('kind' in opened) verdict = opened;
      else {
        headerLength = opened.headerLength;
        if (headerLength + payloadSize(job.plaintextSize) !== file.size)
          verdict = { kind: 'undecryptable', code: 'plaintext-size' };
        else {
          const nonce = start.subarray(headerLength, headerLength + PAYLOAD_NONCE_SIZE);
          decryptor = createChunkReader(
            await payloadKey(opened.fileKey, nonce),
            new Uint8Array(job.into, 0, job.plaintextSize),
          );
        }
      }
    }
    const payloadStart = headerLength + PAYLOAD_NONCE_SIZE;
    hash.update(start.subarray(0, Math.min(payloadStart, start.length)));
    let size = Math.min(payloadStart, start.length);
    for (let count = -1; count !== 0; size += count) {
      count = readFully(fd, piece, size);
      const bytes = piece.subarray(0, count);
      hash.update(bytes);
      if (decryptor !== null && !decryptor(bytes)) {
        verdict = { kind: 'undecryptable', code: 'age-payload-damaged' };
        decryptor = null;
      }
    }
    const sha256 = hash.digest('hex');
    return size === job.size && sha256 === job.sha256 ? verdict : { kind: 'differs', size, sha256 };
  }

  async function openHeaderOf(start: Uint8Array): Promise<{ fileKey: Uint8Array; headerLength: number } | PartVerdict> {
    for (const [i, identity] of order.entries()) {
      try {
        const opened = await openHeader(start, [identity]);
        if (opened === null) continue;
        if (i > 0) order.unshift(...order.splice(i, 1));
        return opened;
      } catch (error) {
        if (isProblem(error, 'age-header-damaged')) return { kind: 'undecryptable', code: 'age-header-damaged' };
        throw error;
      }
    }
    return { kind: 'not-for-us' };
  }

  return async (job) => {
    let fd: number;
    try {
      fd = openSync(job.path, READ_ONLY);
    } catch (error) {
      const reason = systemCode(error) ?? 'unknown';
      return reason === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', reason };
    }
    try {
      return await readPart(fd, job);
    } catch (error) {
      const reason = systemCode(error);
      if (reason === null) throw error;
      return { kind: 'unreadable', reason };
    } finally {
      closeSync(fd);
    }
  };
}

/** Takes sealed chunks in order and writes their plaintext to `out`; false as soon as one is not authentic. */
function createChunkReader(key: Uint8Array, out: Uint8Array): (sealed: Uint8Array) => boolean {
  const nonce = new Uint8Array(NONCE_SIZE);
  const last = Math.max(1, Math.ceil(out.length / CHUNK_SIZE)) - 1;
  let index = 0;
  return (sealed) => {
    for (let at = 0; at < sealed.length; at += SEALED_CHUNK_SIZE, index++) {
      setChunkNonce(nonce, index, index === last);
      const chunk = sealed.subarray(at, at + SEALED_CHUNK_SIZE);
      if (!nodeCipher.decrypt(key, nonce, chunk, out.subarray(index * CHUNK_SIZE, (index + 1) * CHUNK_SIZE)))
        return false;
    }
    return true;
  };
}

/** Fills `into` from `position` on as far as the file goes; the number of bytes read. */
function readFully(fd: number, into: Uint8Array, position: number): number {
  let have = 0;
  while (have < into.length) {
    const count = readSync(fd, into, have, into.length - have, position + have);
    if (count === 0) break;
    have += count;
  }
  return have;
}
