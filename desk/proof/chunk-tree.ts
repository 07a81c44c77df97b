/**
 * The tree over a file's chunks, and over the files of a parcel: RFC 6962 §2.1, walked in the order of its leaves, so that a file of any size
 * is read once from its beginning to its end with no more in memory than one hash a level.
 */
import { createHash } from 'node:crypto';
import { Problem } from '../../shared/problem/problem.ts';

/** Plaintext bytes of every chunk but the last, which has 1 to that many. */
export const CHUNK = 65_536;

/** How many chunks a file of `size` bytes has: none, when it is empty. */
export function chunkCount(size: number): number {
  return Math.ceil(size / CHUNK);
}

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** The hash of a leaf that is made of `pieces`. */
export function leafHash(...pieces: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256').update(LEAF);
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

/** Whether any leaf of [from, to) is to be shown. */
export type IsShown = (from: number, to: number) => boolean;

/** For leaves given in rising order. */
export function shownAmong(leaves: readonly number[]): IsShown {
  return (from, to) => {
    let low = 0;
    for (let high = leaves.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (leaves[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return low < leaves.length && leaves[low]! < to;
  };
}

/**
 * The root over `count` leaves, each asked for once, in order. `beside` is given the hashes that somebody who sees only the shown leaves needs
 * besides: of each largest subtree without one, from left to right.
 */
export async function buildTree(
  count: number,
  leaf: (index: number) => Promise<Uint8Array>,
  isShown: IsShown = () => false,
  beside: (hash: Uint8Array) => void = () => undefined,
): Promise<Uint8Array> {
  async function subtree(from: number, to: number, told: boolean): Promise<Uint8Array> {
    const shown = isShown(from, to);
    const hash = to - from === 1 ? await leaf(from) : await node(from, to, told && shown);
    if (told && !shown) beside(hash);
    return hash;
  }

  async function node(from: number, to: number, told: boolean): Promise<Uint8Array> {
    const middle = from + leftLeaves(to - from);
    const left = await subtree(from, middle, told);
    return nodeHash(left, await subtree(middle, to, told));
  }

  return count === 0 ? createHash('sha256').digest() : subtree(0, count, true);
}

/** The same root from the shown leaves and the hashes beside them. Problem `statement-mismatch` when there are too few or too many of these. */
export async function rebuildTree(
  count: number,
  leaf: (index: number) => Promise<Uint8Array>,
  isShown: IsShown,
  beside: readonly Uint8Array[],
): Promise<Uint8Array> {
  let next = 0;

  async function subtree(from: number, to: number): Promise<Uint8Array> {
    if (!isShown(from, to)) {
      const hash = beside[next++];
      if (hash === undefined) throw new Problem('statement-mismatch');
      return hash;
    }
    if (to - from === 1) return leaf(from);
    const middle = from + leftLeaves(to - from);
    const left = await subtree(from, middle);
    return nodeHash(left, await subtree(middle, to));
  }

  const root = await subtree(0, count);
  if (next !== beside.length) throw new Problem('statement-mismatch');
  return root;
}

/** The largest power of two below `count`: how many leaves the left subtree has. */
function leftLeaves(count: number): number {
  let left = 1;
  while (left * 2 < count) left *= 2;
  return left;
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}
