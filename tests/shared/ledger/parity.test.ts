/** Parity: the last few files that are missing are found, and above that number nothing is learned of any. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { fromElement, inverse, PRIME, reduce, toElement } from '../../../shared/ledger/field.ts';
import { parityCount, parityOf, recoverKeys } from '../../../shared/ledger/parity.ts';
import { random } from '../../kit/random-bytes.ts';
import vectors from '../../vectors/ledger-head.json' with { type: 'json' };

const randomKey = (): Uint8Array => fromElement(toElement(random(32)));
const makeFiles = (count: number) => Array.from({ length: count }, () => ({ tag: random(16), key: randomKey() }));
const without = (files: readonly { tag: Uint8Array; key: Uint8Array }[], missing: ReadonlySet<number>) =>
  files.map(({ tag, key }, i) => ({ tag, key: missing.has(i) ? null : key }));

test('the sums of the vector', () => {
  const files = vectors.files.map(({ tag, key }) => ({ tag: fromHex(tag), key: fromHex(key) }));
  expect(parityOf(files).map(toHex)).toEqual(vectors.parity);
});

test('elements are bytes and back, below the prime, and each but zero has an inverse', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const element = toElement(bytes);
      expect(element).toBe(BigInt(`0x${toHex(bytes)}`) % PRIME);
      expect(toElement(fromElement(element))).toBe(element);
      if (element !== 0n) expect((element * inverse(element)) % PRIME).toBe(1n);
    }),
  );
  expect(reduce(-1n)).toBe(PRIME - 1n);
  expect(toElement(new Uint8Array(32).fill(255))).toBe(37n);
});

test('there are half as many sums as different files, and at most 16', () => {
  expect([1, 2, 3, 4, 31, 32, 33, 100_000].map(parityCount)).toEqual([0, 1, 1, 2, 15, 16, 16, 16]);
});

test('any files that are missing are found, up to as many as there are sums', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.infiniteStream(fc.nat()), (count, draws) => {
      const files = makeFiles(count);
      const parity = parityOf(files);
      const missing = new Set<number>();
      while (missing.size < parity.length) missing.add(draws.next().value! % count);
      expect(recoverKeys(without(files, missing), parity)).toEqual(files.map(({ key }) => key));
      missing.delete([...missing][0]!);
      expect(recoverKeys(without(files, missing), parity)).toEqual(files.map(({ key }) => key));
    }),
    { numRuns: 50 },
  );
});

test('one more missing than there are sums: none is found', () => {
  const files = makeFiles(40);
  const missing = new Set(Array.from({ length: 17 }, (_, i) => 2 * i));
  expect(recoverKeys(without(files, missing), parityOf(files))).toBeNull();
});

test('one more missing than there are sums: whatever the key of one may be, the sums can be the same', () => {
  const files = makeFiles(12);
  const parity = parityOf(files);
  const missing = [0, 2, 3, 5, 8, 9, 11];
  expect(missing).toHaveLength(parity.length + 1);
  for (const one of missing) {
    const guessed = files.map((file, i) => (i === one ? { tag: file.tag, key: randomKey() } : file));
    const rest = new Set(missing.filter((i) => i !== one));
    const keys = recoverKeys(without(guessed, rest), parity)!;
    const other = guessed.map(({ tag }, i) => ({ tag, key: keys[i]! }));
    expect(other[one]!.key).not.toEqual(files[one]!.key);
    expect(parityOf(other)).toEqual(parity);
  }
});

test('copies count once: a file that is there many times is not given away by the sums', () => {
  const [one, two, three] = makeFiles(3);
  expect(parityOf([one!, one!, one!, one!])).toEqual([]);
  const files = [one!, one!, two!, one!, three!, two!];
  expect(parityOf(files)).toEqual(parityOf([one!, two!, three!]));
  expect(recoverKeys(without(files, new Set([0, 1, 3])), parityOf(files))).toEqual(files.map(({ key }) => key));
  expect(recoverKeys(without(files, new Set([0, 1, 2, 3, 5])), parityOf(files))).toBeNull();
  // A key that is known of one copy is known of all.
  expect(recoverKeys(without(files, new Set([1, 2, 3])), parityOf(files))).toEqual(files.map(({ key }) => key));
});
