/** What a file is known by: which bytes are sampled, and that tag and key take codename, parcel and content. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat } from '../../../shared/bytes/concat.ts';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { fileKey } from '../../../shared/ledger/file-key.ts';
import { fingerprint } from '../../../shared/ledger/fingerprint.ts';
import { listKey } from '../../../shared/ledger/list-key.ts';
import { SAMPLED, sampleRanges } from '../../../shared/ledger/sampling.ts';
import { patternBytes, random } from '../../kit/random-bytes.ts';
import vectors from '../../vectors/ledger-keys.json' with { type: 'json' };

const ledgerKey = fromHex(vectors.ledgerKey);
const { parcel } = vectors;

function fingerprintOf(content: Uint8Array): Promise<Uint8Array> {
  const samples = sampleRanges(content.length).map(({ from, to }) => content.subarray(from, to));
  return fingerprint(content.length, concat(...samples));
}

test('the ranges of the vectors', () => {
  for (const { size, ranges } of vectors.sampling)
    expect(sampleRanges(size)).toEqual(ranges.map(([from, to]) => ({ from, to })));
});

test('of any file at most 131,072 bytes are read, in order, the first and the last among them, none twice', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 1, max: 400_000 }), fc.integer({ min: 1, max: 2 ** 41 })), (size) => {
      const ranges = sampleRanges(size);
      expect(ranges.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(Math.min(size, SAMPLED));
      expect(ranges[0]!.from).toBe(0);
      expect(ranges.at(-1)!.to).toBe(size);
      ranges.forEach(({ from, to }, i) => expect(from < to && from >= (ranges[i - 1]?.to ?? 0)).toBe(true));
    }),
  );
  expect(sampleRanges(0)).toEqual([]);
});

test('fingerprints, tags, keys and list key of the vectors', async () => {
  for (const vector of vectors.files) {
    const print = await fingerprintOf(patternBytes(vector.size, vector.seed));
    const { tag, key } = await fileKey({ ledgerKey, parcel, fingerprint: print });
    expect({ fingerprint: toHex(print), tag: toHex(tag), key: toHex(key) }).toMatchObject({
      fingerprint: vector.fingerprint,
      tag: vector.tag,
      key: vector.key,
    });
  }
  const keys = vectors.files.map(({ key }) => fromHex(key));
  expect(toHex(await listKey({ ledgerKey, parcel, keys }))).toBe(vectors.listKey);
});

test('one changed byte of a small file, or of a sample, or another size, is another file', async () => {
  const small = patternBytes(5_000);
  const large = patternBytes(400_000);
  for (const [content, at] of [
    [small, 0],
    [small, 4_999],
    [large, 0],
    [large, 399_999],
    [large, sampleRanges(400_000)[7]!.from],
  ] as const) {
    const changed = content.slice();
    changed[at]! ^= 1;
    expect(await fingerprintOf(changed)).not.toEqual(await fingerprintOf(content));
  }
  expect(await fingerprintOf(new Uint8Array(10))).not.toEqual(await fingerprintOf(new Uint8Array(11)));
});

test('a byte between the samples of a large file does not show: the hash of the whole must tell', async () => {
  const large = patternBytes(400_000);
  const changed = large.slice();
  changed[sampleRanges(400_000)[7]!.to]! ^= 1;
  expect(await fingerprintOf(changed)).toEqual(await fingerprintOf(large));
});

test('tag and key are others under another codename, in another parcel and for another file', async () => {
  const input = { ledgerKey, parcel, fingerprint: random(32) };
  const same = await fileKey(input);
  expect(await fileKey(input)).toEqual(same);
  for (const other of [
    { ...input, ledgerKey: random(32) },
    { ...input, parcel: parcel.replace('0', '1') },
    { ...input, fingerprint: random(32) },
  ]) {
    const { tag, key } = await fileKey(other);
    expect(tag).not.toEqual(same.tag);
    expect(key).not.toEqual(same.key);
  }
});

test('the list key is another when a key is missing, is another, or comes in another place', async () => {
  const keys = [random(32), random(32), random(32)];
  const right = await listKey({ ledgerKey, parcel, keys });
  for (const other of [keys.slice(1), [...keys].toReversed(), [keys[0]!, keys[1]!, random(32)]])
    expect(await listKey({ ledgerKey, parcel, keys: other })).not.toEqual(right);
  expect(await listKey({ ledgerKey: random(32), parcel, keys })).not.toEqual(right);
  expect(await listKey({ ledgerKey, parcel: parcel.replace('0', '1'), keys })).not.toEqual(right);
});
