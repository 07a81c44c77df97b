/** The Merkle tree hash of RFC 6962 §2.1 over leaves that come one after the other: memory for the height of the tree, not for its leaves. */
import { createHash } from 'node:crypto';
import { hashLeaf, hashNode } from './hash-tree.ts';

export interface MerkleStream {
  /** Takes the next leaf, 32 bytes. */
  push(leaf: Uint8Array): void;
  /** Leaves taken so far. */
  readonly count: number;
  /** The root over all of them, in lower-case hex. */
  root(): string;
}

/** An empty tree; gives the same root as shared/statements/merkle.ts over the same leaves. */
export function createMerkleStream(): MerkleStream {
  /** Roots of the full subtrees so far, largest first; their sizes are the binary digits of `count`. */
  const peaks: Uint8Array[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    push(leaf) {
      let node = hashLeaf(leaf);
      for (let full = count; full & 1; full >>>= 1) node = hashNode(peaks.pop()!, node);
      peaks.push(node);
      count++;
    },
    root() {
      const [last, ...rest] = peaks.toReversed();
      if (last === undefined) return createHash('sha256').digest('hex');
      return Buffer.from(rest.reduce((right, left) => hashNode(left, right), last)).toString('hex');
    },
  };
}
