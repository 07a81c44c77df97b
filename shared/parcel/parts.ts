/** Cutting the padded stream into parts of equal size; the last may be shorter. */
import { Problem } from '../problem/problem.ts';

const MIB = 1024 * 1024;

/** Plaintext bytes of a part unless said otherwise. */
export const DEFAULT_PART_SIZE = 8 * MIB;
/** Most that a part may have. */
export const MAX_PART_SIZE = 16 * MIB;

/** True for the five sizes that a part may have: 1, 2, 4, 8 and 16 MiB. */
export function isPartSize(size: number): boolean {
  return [MIB, 2 * MIB, 4 * MIB, DEFAULT_PART_SIZE, MAX_PART_SIZE].includes(size);
}

/** How many parts a padded stream of `total` bytes makes. Problem `limit-exceeded` for sizes that no parcel has. */
export function partCount(total: number, partSize: number): number {
  if (!isPartSize(partSize) || !Number.isSafeInteger(total) || total <= 0) throw new Problem('limit-exceeded');
  return Math.ceil(total / partSize);
}

/** The bytes `[from, to)` of the padded stream that part `seq` (counted from 0) holds. Problem `limit-exceeded` when there is no such part. */
export function partRange(
  seq: number,
  total: number,
  partSize: number,
): { readonly from: number; readonly to: number } {
  if (!Number.isSafeInteger(seq) || seq < 0 || seq >= partCount(total, partSize)) throw new Problem('limit-exceeded');
  return { from: seq * partSize, to: Math.min((seq + 1) * partSize, total) };
}
