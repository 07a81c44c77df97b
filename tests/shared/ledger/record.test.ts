/** Progress records: fixed by vectors, always of one length, bound to the ciphertext that they came with. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { nobleProvider as provider } from '../../../shared/crypto/noble-provider.ts';
import { sha256 } from '../../../shared/crypto/sha256.ts';
import { decodeRecord, encodeRecord, RECORD_BYTES } from '../../../shared/ledger/record-text.ts';
import type { ProgressRecord } from '../../../shared/ledger/record-text.ts';
import { openRecord, sealRecord } from '../../../shared/ledger/record.ts';
import { MAX_RECORD_BYTES } from '../../../shared/protocol/limits.ts';
import { random } from '../../kit/random-bytes.ts';
import vectors from '../../vectors/ledger-records.json' with { type: 'json' };

const damaged = expect.objectContaining({ code: 'ledger-damaged' });
const EMPTY: ProgressRecord = { writer: 0, before: null, running: null, ended: [], cuts: [], zeros: [] };

type Written = (typeof vectors.records)[number]['record'];
function recordOf({ writer, before, running, ended, cuts, zeros }: Written): ProgressRecord {
  const hash = (one: Written['before']) =>
    one === null ? null : { index: one.index, midstate: { length: one.length, state: fromHex(one.state) } };
  return {
    writer,
    before: hash(before),
    running: hash(running),
    cuts,
    zeros,
    ended: ended.map(({ index, sha256: hex }) => ({ index, sha256: fromHex(hex) })),
  };
}

test('the records of the vectors, text and box', async () => {
  for (const { part, partSha256, record, text, sealedLength, sealedSha256 } of vectors.records) {
    const right = recordOf(record);
    const encoded = encodeRecord(right)!;
    expect(toHex(encoded.subarray(0, text.length / 2))).toBe(text);
    expect(decodeRecord(encoded)).toEqual(right);
    const place = { listKey: fromHex(vectors.listKey), parcel: vectors.parcel, part, sha256: partSha256, provider };
    const sealed = await sealRecord(right, { ...place, random: (length) => new Uint8Array(length).fill(4) });
    expect(sealed).toHaveLength(sealedLength);
    expect(toHex(await sha256(sealed!))).toBe(sealedSha256);
    expect(await openRecord(sealed!, place)).toEqual(right);
  }
});

const index = fc.integer({ min: 0, max: 999_999 });
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes));
const runningHash = fc.option(
  fc.record({
    index,
    midstate: fc.record({ length: fc.integer({ min: 0, max: 2 ** 40 }).map((n) => n * 64), state: bytes32 }),
  }),
);
const by = <T>(number: (one: T) => number) => ({
  selector: number,
  maxLength: 20,
});
const records: fc.Arbitrary<ProgressRecord> = fc.record({
  writer: fc.integer({ min: 0, max: 1_000_000 }),
  before: runningHash,
  running: runningHash,
  ended: fc
    .uniqueArray(
      fc.record({ index, sha256: bytes32 }),
      by(({ index: i }) => i),
    )
    .map((list) => list.toSorted((a, b) => a.index - b.index)),
  cuts: fc
    .uniqueArray(
      fc.record({ index, at: fc.integer({ min: 0, max: 2 ** 41 }) }),
      by(({ index: i }) => i),
    )
    .map((list) => list.toSorted((a, b) => a.index - b.index)),
  zeros: fc.uniqueArray(index, { maxLength: 40 }).map((list) => {
    const rising = list.toSorted((a, b) => a - b);
    return rising.flatMap((first, i) => (i % 2 === 0 ? [{ first, last: rising[i + 1] ?? first }] : []));
  }),
});

test('any record is its text and back, and always of the same length', async () => {
  const place = { listKey: random(32), parcel: vectors.parcel, part: 3, sha256: 'ab'.repeat(32), provider };
  const lengths = new Set<number>();
  await fc.assert(
    fc.asyncProperty(records, async (record) => {
      expect(decodeRecord(encodeRecord(record)!)).toEqual(record);
      const sealed = (await sealRecord(record, { ...place, random }))!;
      lengths.add(sealed.length);
      expect(await openRecord(sealed, place)).toEqual(record);
    }),
  );
  expect([...lengths]).toEqual([RECORD_BYTES + 48]);
  expect(RECORD_BYTES + 48).toBeLessThan(MAX_RECORD_BYTES);
});

test('any changed byte of a text is refused, or is read and written as it is', () => {
  fc.assert(
    fc.property(records, fc.nat(200), fc.integer({ min: 1, max: 255 }), (record, at, change) => {
      const text = encodeRecord(record)!;
      text[at]! ^= change;
      let read;
      try {
        read = decodeRecord(text);
      } catch (error) {
        expect(error).toEqual(damaged);
        return;
      }
      expect(encodeRecord(read)).toEqual(text);
    }),
    { numRuns: 500 },
  );
});

test('what is out of order, overlaps, is no midstate or leaves something behind is refused', () => {
  const state = new Uint8Array(32);
  const hash = new Uint8Array(32);
  const wrong: readonly Partial<ProgressRecord>[] = [
    { running: { index: 1, midstate: { length: 63, state } } },
    { before: { index: 1, midstate: { length: 1, state } } },
    {
      ended: [
        { index: 2, sha256: hash },
        { index: 2, sha256: hash },
      ],
    },
    {
      cuts: [
        { index: 2, at: 0 },
        { index: 1, at: 0 },
      ],
    },
    { zeros: [{ first: 3, last: 2 }] },
    {
      zeros: [
        { first: 1, last: 4 },
        { first: 4, last: 5 },
      ],
    },
  ];
  for (const part of wrong) expect(() => decodeRecord(encodeRecord({ ...EMPTY, ...part })!)).toThrow(damaged);
  const text = encodeRecord(EMPTY)!;
  text[RECORD_BYTES - 1] = 1;
  expect(() => decodeRecord(text)).toThrow(damaged);
  expect(() => decodeRecord(text.subarray(1))).toThrow(damaged);
  expect(() => decodeRecord(new Uint8Array(0))).toThrow(damaged);
  // A list that claims to be longer than the text.
  expect(() => decodeRecord(new Uint8Array(RECORD_BYTES).fill(255, 5, 7))).toThrow(damaged);
});

test('a record of more than 64 large files fits; one that does not is null', async () => {
  const ended = (count: number) => Array.from({ length: count }, (_, i) => ({ index: i, sha256: random(32) }));
  const midstate = { length: 64, state: random(32) };
  const fits = { ...EMPTY, before: { index: 0, midstate }, running: { index: 80, midstate }, ended: ended(65) };
  expect(encodeRecord(fits)).toHaveLength(RECORD_BYTES);
  expect(encodeRecord({ ...fits, ended: ended(100) })).toBeNull();
  const place = { listKey: random(32), parcel: vectors.parcel, part: 0, sha256: 'ab'.repeat(32), provider };
  expect(await sealRecord({ ...fits, ended: ended(100) }, { ...place, random })).toBeNull();
});

test('a record opens with no other part, parcel, list, or version of the part', async () => {
  const place = { listKey: random(32), parcel: vectors.parcel, part: 7, sha256: 'ab'.repeat(32), provider };
  const sealed = (await sealRecord(EMPTY, { ...place, random }))!;
  await expect(openRecord(sealed, place)).resolves.toEqual(EMPTY);
  for (const other of [
    { part: 8 },
    { parcel: vectors.parcel.replace('0', '1') },
    { listKey: random(32) },
    { sha256: 'ac'.repeat(32) },
  ])
    await expect(openRecord(sealed, { ...place, ...other })).rejects.toThrow(damaged);
  await expect(openRecord(sealed.slice(0, -1), place)).rejects.toThrow(damaged);
});
