/**
 * Parts as the viewer sees them: at its first touch each is read whole and compared with what its source signed, and only then is a key for it
 * asked for or kept. No byte of a part is shown before that; each chunk that is shown later is authenticated by the key once more.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import {
  CHUNK_SIZE,
  PAYLOAD_NONCE_SIZE,
  payloadSize,
  SEALED_CHUNK_SIZE,
  setChunkNonce,
} from '../../shared/age/payload-layout.ts';
import { NONCE_SIZE, TAG_SIZE } from '../../shared/crypto/cipher-provider.ts';
import type { PartTask } from '../case/part-pool.ts';
import type { PartVerdict } from '../case/part-messages.ts';
import { READ_ONLY } from '../read-only.ts';
import { systemCode } from '../failure.ts';
import { nodeCipher } from '../node-cipher.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { MAX_START } from './messages.ts';
import type { PartKey } from './messages.ts';
import { createTurns } from './turns.ts';

export type BadVerdict = Exclude<PartVerdict, { kind: 'plaintext' }>;

/** A part that is proved. */
export interface ProvedPart {
  readonly kind: 'proved';
  readonly path: string;
  readonly key: Uint8Array;
  readonly headerLength: number;
  /** Bytes of plaintext. */
  readonly size: number;
}

/** Bytes read and hashed at once while a part is proved. */
const PIECE = 262_144;
/** Parts proved at the same time: one is wanted now, one is read ahead. */
const AT_ONCE = 2;
/** Parts of which the verdict is kept: 64 GB of 8 MiB parts. */
const MOST_PARTS = 8_192;

export interface PartStore {
  /** Proves a part; the verdict is kept, unless the medium could not be read. */
  prove(task: PartTask): Promise<ProvedPart | BadVerdict>;
  /** Plaintext of the chunks `first` up to and including `last`; null when they are not authentic or cannot be read. */
  readChunks(part: ProvedPart, first: number, last: number): Promise<Uint8Array | null>;
}

/** A store that asks `keyOf` (the parent) for keys. */
export function createPartStore(keyOf: (start: Uint8Array) => Promise<PartKey>): PartStore {
  const verdicts = createBoundedCache<Promise<ProvedPart | BadVerdict>>(MOST_PARTS);
  const inTurn = createTurns(AT_ONCE);
  const nonce = new Uint8Array(NONCE_SIZE);

  async function proveFile(file: FileHandle, task: PartTask): Promise<ProvedPart | BadVerdict> {
    const stat = await file.stat();
    if (!stat.isFile()) return { kind: 'unreadable', reason: 'not a file' };
    if (stat.size !== task.size || stat.size > task.maxSize) return { kind: 'differs', size: stat.size, sha256: null };
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE, task.size));
    let asked: Promise<PartKey> | null = null;
    for (let at = 0; at < task.size;) {
      const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, task.size - at), at);
      if (bytesRead === 0) return { kind: 'differs', size: at, sha256: null };
      if (at === 0) asked = keyOf(Uint8Array.prototype.slice.call(piece, 0, Math.min(bytesRead, MAX_START)));
      hash.update(piece.subarray(0, bytesRead));
      at += bytesRead;
    }
    const key = await (asked ?? keyOf(new Uint8Array(0)));
    const sha256 = hash.digest('hex');
    if (sha256 !== task.sha256) return { kind: 'differs', size: task.size, sha256 };
    if (key.kind === 'not-for-us') return key;
    if (key.kind === 'damaged') return { kind: 'undecryptable', code: 'age-header-damaged' };
    if (key.headerLength + payloadSize(task.plaintextSize) !== task.size)
      return { kind: 'undecryptable', code: 'plaintext-size' };
    return {
      kind: 'proved',
      path: task.path,
      key: key.key,
      headerLength: key.headerLength,
      size: task.plaintextSize,
    };
  }

  async function prove(task: PartTask): Promise<ProvedPart | BadVerdict> {
    try {
      const file = await open(task.path, READ_ONLY);
      try {
        return await proveFile(file, task);
      } finally {
        await file.close();
      }
    } catch (error) {
      const reason = systemCode(error);
      if (reason === null) throw error;
      verdicts.delete(task.path);
      return reason === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', reason };
    }
  }

  return {
    prove(task) {
      const known = verdicts.get(task.path);
      if (known !== undefined) return known;
      const verdict = inTurn(() => prove(task));
      verdicts.set(task.path, verdict);
      return verdict;
    },

    async readChunks(part, first, last) {
      const sealed = await readSealed(part, first, last);
      if (sealed === null) return null;
      const count = last - first + 1;
      const plaintext = new Uint8Array(sealed.length - count * TAG_SIZE);
      const final = Math.max(1, Math.ceil(part.size / CHUNK_SIZE)) - 1;
      for (let i = 0; i < count; i++) {
        setChunkNonce(nonce, first + i, first + i === final);
        const chunk = sealed.subarray(i * SEALED_CHUNK_SIZE, (i + 1) * SEALED_CHUNK_SIZE);
        if (!nodeCipher.decrypt(part.key, nonce, chunk, plaintext.subarray(i * CHUNK_SIZE, (i + 1) * CHUNK_SIZE)))
          return null;
      }
      return plaintext;
    },
  };
}

/** Null when the medium does not give them. */
async function readSealed(
  { path, headerLength, size }: ProvedPart,
  first: number,
  last: number,
): Promise<Uint8Array | null> {
  const payload = headerLength + PAYLOAD_NONCE_SIZE;
  const end = Math.min((last + 1) * SEALED_CHUNK_SIZE, payloadSize(size) - PAYLOAD_NONCE_SIZE);
  const sealed = Buffer.allocUnsafeSlow(end - first * SEALED_CHUNK_SIZE);
  try {
    const file = await open(path, READ_ONLY);
    try {
      for (let have = 0; have < sealed.length;) {
        const at = payload + first * SEALED_CHUNK_SIZE + have;
        const { bytesRead } = await file.read(sealed, have, sealed.length - have, at);
        if (bytesRead === 0) return null;
        have += bytesRead;
      }
      return sealed;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}
