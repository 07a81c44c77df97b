/** The Merkle root is that of RFC 6962 §2.1, for any number of leaves. */
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toHex } from '../../../shared/bytes/hex.ts';
import { merkleRoot } from '../../../shared/statements/merkle.ts';

const sha = (...pieces: Uint8Array[]) => pieces.reduce((h, piece) => h.update(piece), createHash('sha256')).digest();

/** The definition of the RFC, word by word: split at the largest power of two below n. */
function byDefinition(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return sha(Uint8Array.of(0), leaves[0]!);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(Uint8Array.of(1), byDefinition(leaves.slice(0, k)), byDefinition(leaves.slice(k)));
}

test('the root equals the definition', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }), async (leaves) => {
      expect(toHex(await merkleRoot(leaves))).toBe(byDefinition(leaves).toString('hex'));
    }),
  );
});

test('the known roots of the Certificate Transparency test leaves', async () => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
  expect(toHex(await merkleRoot(leaves))).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  expect(toHex(await merkleRoot(leaves.slice(0, 1)))).toBe(
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  );
});

test('swapping, dropping or repeating a leaf changes the root', async () => {
  const leaves = [1, 2, 3, 4, 5].map((n) => new Uint8Array(32).fill(n));
  const roots = await Promise.all(
    [leaves, [leaves[1]!, leaves[0]!, ...leaves.slice(2)], leaves.slice(0, 4), [...leaves, leaves[4]!]].map(merkleRoot),
  );
  expect(new Set(roots.map(toHex)).size).toBe(4);
});
