/** The Merkle tree of RFC 6962 §2.1 over hashes that are all at hand, at once and without waiting: roots, and the paths of inclusion proofs. */
import { createHash } from 'node:crypto';

/** The hash of a leaf. */
export function hashLeaf(leaf: Uint8Array): Uint8Array {
  return createHash('sha256').update(Uint8Array.of(0x00)).update(leaf).digest();
}

/** The root over hashes, of which there is at least one. */
export function rootOver(hashes: readonly Uint8Array[]): Uint8Array {
  return levelsOver(hashes).at(-1)![0]!;
}

/** What stands beside the way from one of the hashes up to the root, the lowest first. */
export function pathOver(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  let at = index;
  for (const level of levelsOver(hashes)) {
    const beside = level[at ^ 1];
    if (level.length > 1 && beside !== undefined) path.push(beside);
    at >>>= 1;
  }
  return path;
}

/** Each level in turn, the last one of it carried up where it has no neighbour. */
function levelsOver(hashes: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const levels = [hashes];
  for (let level = hashes; level.length > 1; levels.push(level)) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const right = level[i + 1];
      above.push(right === undefined ? level[i]! : hashNode(level[i]!, right));
    }
    level = above;
  }
  return levels;
}

/** The hash of a node over its two children. */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash('sha256').update(Uint8Array.of(0x01)).update(left).update(right).digest();
}
