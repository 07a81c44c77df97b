/** Parts cover the stream once, in order, and nothing else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_PART_SIZE, isPartSize, partCount, partRange } from '../../../shared/parcel/parts.ts';

const MIB = 1024 * 1024;
const partSizes = fc.constantFrom(1, 2, 4, 8, 16).map((factor) => factor * MIB);

test('five part sizes and no other', () => {
  expect([1, 2, 4, 8, 16].every((factor) => isPartSize(factor * MIB))).toBe(true);
  for (const size of [0, -MIB, 1, MIB / 2, MIB + 1, 3 * MIB, 32 * MIB, Number.NaN, Infinity, 1.5 * MIB])
    expect(isPartSize(size)).toBe(false);
  expect(DEFAULT_PART_SIZE).toBe(8_388_608);
});

test('ranges are back to back, full but for the last, and end at the total', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 * MIB }), partSizes, (total, partSize) => {
      const count = partCount(total, partSize);
      let at = 0;
      for (let seq = 0; seq < count; seq++) {
        const { from, to } = partRange(seq, total, partSize);
        expect(from).toBe(at);
        expect(to - from === partSize || (seq === count - 1 && to - from > 0 && to - from <= partSize)).toBe(true);
        at = to;
      }
      expect(at).toBe(total);
      expect(() => partRange(count, total, partSize)).toThrow();
    }),
  );
});

test('what no parcel has is refused', () => {
  for (const [total, partSize] of [
    [0, MIB],
    [-1, MIB],
    [1.5, MIB],
    [2 ** 53, MIB],
    [10, 10],
  ] as const) {
    expect(() => partCount(total, partSize)).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
  }
  for (const seq of [-1, 0.5, 1, Number.NaN])
    expect(() => partRange(seq, MIB, MIB)).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
});
