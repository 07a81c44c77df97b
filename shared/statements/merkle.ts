/** Merkle tree hash of RFC 6962 §2.1 over a list of leaves. */
import { concat } from '../bytes/concat.ts';
import { sha256 } from '../crypto/sha256.ts';

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** The root (32 bytes) over `leaves` in order; of no leaves, SHA-256 of nothing. */
export async function merkleRoot(leaves: readonly Uint8Array[]): Promise<Uint8Array> {
  return rootOfHashes(await Promise.all(leaves.map(leafHash)));
}

/** The same over the hashes of leaves, or over the roots of full subtrees of one size. */
export async function rootOfHashes(hashes: readonly Uint8Array[]): Promise<Uint8Array> {
  if (hashes.length === 0) return sha256(new Uint8Array(0));
  let level = hashes;
  // Pairing neighbours and carrying an odd last one up unchanged gives the same tree as the RFC's split at a power of two.
  while (level.length > 1) {
    const pairs: Promise<Uint8Array>[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const right = level[i + 1];
      pairs.push(right === undefined ? Promise.resolve(level[i]!) : nodeHash(level[i]!, right));
    }
    level = await Promise.all(pairs);
  }
  return level[0]!;
}

/** The hash of a leaf. */
export function leafHash(leaf: Uint8Array): Promise<Uint8Array> {
  return sha256(concat(LEAF, leaf));
}

/** The hash of a node over its two children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(concat(NODE, left, right));
}
