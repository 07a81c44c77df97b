/** Padmé equals the definition of the paper for every size there can be. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MIN_PADDED_SIZE, padme, paddedSize } from '../../../shared/parcel/padme.ts';
import vectors from '../../vectors/parcel-padme.json' with { type: 'json' };

/** The paper's definition, in whole numbers without bound: as many low bits are zero as E - (floor(log2 E) + 1) says. */
function byDefinition(length: bigint): bigint {
  if (length < 2n) return length;
  const e = BigInt(length.toString(2).length - 1);
  const s = BigInt(e.toString(2).length);
  const low = e - s > 0n ? e - s : 0n;
  const mask = (1n << low) - 1n;
  return (length + mask) & ~mask;
}

const sizes = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }),
  fc.maxSafeInteger().map(Math.abs),
  fc
    .tuple(fc.integer({ min: 0, max: 53 }), fc.integer({ min: -2, max: 2 }))
    .map(([bits, off]) => Math.min(2 ** 53, Math.max(0, 2 ** bits + off))),
);

test('the table of vectors', () => {
  for (const { length, padded } of vectors.padme) expect(padme(length)).toBe(padded);
  for (const { tarSize, padded } of vectors.stream) expect(paddedSize(tarSize)).toBe(padded);
});

test('equals the definition', () => {
  fc.assert(
    fc.property(sizes, (length) => {
      expect(BigInt(padme(length))).toBe(byDefinition(BigInt(length)));
    }),
    { numRuns: 5_000 },
  );
  for (let length = 0; length < 70_000; length++)
    expect(BigInt(padme(length)) === byDefinition(BigInt(length))).toBe(true);
});

test('never falls, costs at most 12 %, and padding twice changes nothing', () => {
  fc.assert(
    fc.property(sizes, sizes, (a, b) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      expect(padme(less)).toBeLessThanOrEqual(padme(more));
      expect(padme(a)).toBeGreaterThanOrEqual(a);
      expect(padme(a) - a).toBeLessThanOrEqual(a * 0.12);
      expect(padme(padme(a))).toBe(padme(a));
    }),
  );
});

test('a padded stream is whole blocks, and at 40 GB the cost is under 1.6 %', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (blocks) => {
      expect(paddedSize(blocks * 512) % 1024).toBe(0);
      expect(paddedSize(blocks * 512)).toBeGreaterThanOrEqual(MIN_PADDED_SIZE);
    }),
  );
  for (let size = 40_000_000_000; size < 41_000_000_000; size += 7_654_321)
    expect(paddedSize(size) / size).toBeLessThan(1.016);
});
