/** One part as it lies there: read once, hashed, and compared with what the source signed. Nothing is decrypted, and no key is known here. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { PartVerdict } from '../case/part-messages.ts';
import { READ_ONLY } from '../read-only.ts';
import { systemCode } from '../failure.ts';

/** A part, and what its statement says of it. */
export interface StatedPart {
  readonly part: number;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Most bytes of a file that are read at all. */
  readonly maxSize: number;
}

/** `stated`: the bytes are those that the source signed. */
export type HashVerdict =
  { readonly kind: 'stated' } | Extract<PartVerdict, { kind: 'missing' | 'unreadable' | 'differs' }>;

/** Bytes read at once: they are hashed while they lie in the cache of one core. */
const PIECE = 256 * 1024;
const piece = Buffer.allocUnsafeSlow(PIECE);

/** Hashes a part. Never throws for what lies on the medium. */
export function hashPart(stated: StatedPart): HashVerdict {
  let fd: number | null = null;
  try {
    fd = openSync(stated.path, READ_ONLY);
    return compare(fd, stated);
  } catch (error) {
    const reason = systemCode(error);
    if (reason === null) throw error;
    return reason === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', reason };
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function compare(fd: number, stated: StatedPart): HashVerdict {
  const file = fstatSync(fd);
  if (!file.isFile()) return { kind: 'unreadable', reason: 'not a file' };
  if (file.size > stated.maxSize) return { kind: 'differs', size: file.size, sha256: null };
  const hash = createHash('sha256');
  let size = 0;
  for (let count = -1; count !== 0 && size <= stated.maxSize; size += count) {
    count = readSync(fd, piece, 0, PIECE, size);
    hash.update(piece.subarray(0, count));
  }
  const sha256 = hash.digest('hex');
  return size === stated.size && sha256 === stated.sha256 ? { kind: 'stated' } : { kind: 'differs', size, sha256 };
}
