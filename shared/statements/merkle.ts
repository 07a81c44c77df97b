/** Merkle tree hash of RFC 6962 §2.1 over a list of leaves. */
import { concat } from '../bytes/concat.ts';
import { sha256 } from '../crypto/sha256.ts';

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** The root (32 bytes) over `leaves` in order; of no leaves, SHA-256 of nothing. */
export async function merkleRoot(leaves: readonly Uint8Array[]): Promise<Uint8Array> {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  let level: Uint8Array[] = await Promise.all(leaves.map((leaf) => sha256(concat(LEAF, leaf))));
  // Pairing neighbours and carrying an odd last one up unchanged gives the same tree as the RFC's split at a power of two.
  while (level.length > 1) {
    const pairs: Promise<Uint8Array>[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const right = level[i + 1];
      pairs.push(right === undefined ? Promise.resolve(level[i]!) : sha256(concat(NODE, level[i]!, right)));
    }
    level = await Promise.all(pairs);
  }
  return level[0]!;
}
