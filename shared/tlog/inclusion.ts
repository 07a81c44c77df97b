/** Inclusion proofs of RFC 9162 §2.1.3.2: that a leaf stands at its place under a root, from the leaf and a few hashes. */
import { nodeHash } from '../statements/merkle.ts';

/** The root that follows from a leaf's hash, its place and the hashes beside its way up; null when they are not as many as they must be. */
export async function rootFromPath(
  leaf: Uint8Array,
  { index, size, path }: { readonly index: number; readonly size: number; readonly path: readonly Uint8Array[] },
): Promise<Uint8Array | null> {
  if (index >= size) return null;
  let hash = leaf;
  let node = index;
  let last = size - 1;
  for (const beside of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(beside, hash);
      // The last of a level may stand alone there, and on several levels; it is carried up to where it has a neighbour.
      for (; node % 2 === 0 && node !== 0; node /= 2) last = Math.floor(last / 2);
    } else {
      hash = await nodeHash(hash, beside);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
}
