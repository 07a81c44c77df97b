/** The head of a ledger: fixed by a vector, whole in all its pages or refused, silent to who has the codename alone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { nobleProvider as provider } from '../../../shared/crypto/noble-provider.ts';
import { sha256 } from '../../../shared/crypto/sha256.ts';
import { openClosing } from '../../../shared/ledger/closing.ts';
import { openEntry } from '../../../shared/ledger/entry.ts';
import { decodeHead, encodeHead } from '../../../shared/ledger/head-text.ts';
import { sealHead } from '../../../shared/ledger/head.ts';
import { openPages, sealPages } from '../../../shared/ledger/pages.ts';
import { parityOf, recoverKeys } from '../../../shared/ledger/parity.ts';
import { SAMPLED } from '../../../shared/ledger/sampling.ts';
import { MAX_LEDGER_PAGE_BYTES, MAX_LEDGER_PAGES } from '../../../shared/protocol/limits.ts';
import { modified, rawPath } from '../../kit/arbitrary-files.ts';
import { random } from '../../kit/random-bytes.ts';
import { day, ledgerFile, ledgerKey, open, parcel, seal } from '../../kit/test-ledger.ts';
import vector from '../../vectors/ledger-head.json' with { type: 'json' };

const damaged = expect.objectContaining({ code: 'ledger-damaged' });

describe('the vector', () => {
  const files = vector.files.map((one) => ({
    ...one,
    sha256: one.sha256 === null ? null : fromHex(one.sha256),
    tag: fromHex(one.tag),
    key: fromHex(one.key),
  }));
  const message = { size: vector.message.size, sha256: fromHex(vector.message.sha256) };

  test('is what we seal', async () => {
    const drawn = [1, 2, 3];
    const { pages, listKey } = await sealHead({
      ledgerKey,
      parcel,
      day,
      files,
      message,
      provider,
      random: (length) => new Uint8Array(length).fill(drawn.shift()!),
    });
    const text = await openPages(pages, { ledgerKey, parcel, provider });
    const used = vector.text.length / 2;
    expect(toHex(text.subarray(0, used))).toBe(vector.text);
    expect(text).toHaveLength(vector.textLength);
    expect(pages.map(({ length }) => length)).toEqual([vector.pageLength]);
    expect(toHex(await sha256(pages[0]!))).toBe(vector.pageSha256);
    expect(toHex(listKey)).toBe(vector.listKey);
  });

  test('is what we open', async () => {
    const text = new Uint8Array(vector.textLength);
    text.set(fromHex(vector.text));
    const head = decodeHead(text);
    expect(head.day).toBe(day);
    expect(head.parity.map(toHex)).toEqual(vector.parity);
    for (const [index, { tag, entry }] of head.files.entries()) {
      const { path, size, modified: time, sha256: hash, key } = files[index]!;
      expect(toHex(tag)).toBe(vector.files[index]!.tag);
      expect(await openEntry(entry, { key, index, parcel, provider })).toEqual({
        path,
        size,
        modified: time,
        sha256: hash,
      });
    }
    const place = { listKey: fromHex(vector.listKey), parcel, provider };
    expect(await openClosing(head.closing, place)).toEqual(message);
  });
});

test('any files come out with their keys, with and without a message', async () => {
  const size = fc.oneof(fc.constantFrom(0, 1, SAMPLED, SAMPLED + 1, 2 ** 41), fc.nat());
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ path: rawPath, size, modified }), { minLength: 1, maxLength: 12 }),
      fc.option(fc.record({ size: fc.nat(), sha256: fc.uint8Array({ minLength: 32, maxLength: 32 }) })),
      async (list, message) => {
        const files = await Promise.all(
          list.map((one) => ledgerFile(`x${one.path.replaceAll(/[\0\p{Surrogate}]/gu, '_')}`, one.size, one.modified)),
        );
        const { pages, listKey } = await seal(files, message);
        const head = await open(pages);
        expect(head.files.map(({ tag }) => tag)).toEqual(files.map(({ tag }) => tag));
        expect(head.parity).toEqual(parityOf(files));
        expect(encodeHead(head)).toEqual(await openPages(pages, { ledgerKey, parcel, provider }));
        for (const [index, { entry }] of head.files.entries()) {
          const { path, size: bytes, modified: time, sha256: hash, key } = files[index]!;
          const opened = await openEntry(entry, { key, index, parcel, provider });
          expect(opened).toEqual({ path, size: bytes, modified: time, sha256: hash });
        }
        const closing = await openClosing(head.closing, { listKey, parcel, provider });
        expect(closing === null ? null : { ...closing, sha256: new Uint8Array(closing.sha256) }).toEqual(
          message === null ? null : { ...message, sha256: new Uint8Array(message.sha256) },
        );
      },
    ),
    { numRuns: 40 },
  );
});

test('a missing file is named by its recovered key; a wrong sum gives a key that opens nothing', async () => {
  const files = await Promise.all(['a', 'b', 'c', 'd'].map((path) => ledgerFile(path)));
  const head = await open((await seal(files)).pages);
  const known = head.files.map(({ tag }, i) => ({ tag, key: i % 2 === 0 ? null : files[i]!.key }));
  const keys = recoverKeys(known, head.parity)!;
  const place = { index: 2, parcel, provider };
  expect(await openEntry(head.files[2]!.entry, { ...place, key: keys[2]! })).toMatchObject({ path: 'c' });
  const wrong = recoverKeys(known, [head.parity[0]!, random(32)])!;
  await expect(openEntry(head.files[2]!.entry, { ...place, key: wrong[2]! })).rejects.toThrow(damaged);
});

describe('with the codename alone', () => {
  test('no name, no size and no time is in the head, whatever the files are', async () => {
    const secrets = ['whistle', 'blown', '123456789', '1700000000042'];
    const { pages } = await seal([await ledgerFile('whistle/blown.mp4', 123_456_789, 1_700_000_000_042)], null);
    const text = Buffer.from(await openPages(pages, { ledgerKey, parcel, provider })).toString('latin1');
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  test('a head is as long for one short name as for three hundred, and an entry for a file of any size', async () => {
    const many = await Promise.all(Array.from({ length: 300 }, (_, i) => ledgerFile(`footage/${i}.mp4`, i * 1e9, i)));
    const heads = await Promise.all([
      seal([await ledgerFile('a')]),
      seal(many),
      seal(many, { size: 9, sha256: random(32) }),
    ]);
    expect(new Set(heads.map(({ pages }) => pages.map(({ length }) => length).join())).size).toBe(1);
    const { files } = await open(heads[1].pages);
    expect(new Set(files.map(({ entry }) => entry.length)).size).toBe(1);
  });

  test('an entry opens with no other key, in no other place, and not changed', async () => {
    const [one, two] = [await ledgerFile('one'), await ledgerFile('two')];
    const { files } = await open((await seal([one, two])).pages);
    const { entry } = files[0]!;
    const right = { key: one.key, index: 0, parcel, provider };
    await expect(openEntry(entry, right)).resolves.toMatchObject({ path: 'one' });
    for (const wrong of [
      { ...right, key: two.key },
      { ...right, key: one.tag },
      { ...right, index: 1 },
      { ...right, parcel: parcel.replace('0', '1') },
    ])
      await expect(openEntry(entry, wrong)).rejects.toThrow(damaged);
    for (const other of [entry.slice(0, 15), entry.slice(1), entry.map((byte, i) => (i === 20 ? byte ^ 1 : byte))])
      await expect(openEntry(other, right)).rejects.toThrow(damaged);
  });
});

describe('a server that', () => {
  /** Several pages: long names. */
  async function long(count = 60) {
    const files = await Promise.all(Array.from({ length: count }, (_, i) => ledgerFile(`${'x/'.repeat(1500)}${i}`)));
    return { files, ...(await seal(files)) };
  }

  test('leaves out, repeats, adds, swaps or empties pages is found out', async () => {
    const { pages } = await long();
    expect(pages.length).toBeGreaterThan(1);
    await expect(open(pages)).resolves.toMatchObject({ day });
    const [first, second] = [pages[0]!, pages[1]!];
    for (const wrong of [
      [],
      [first],
      pages.slice(1),
      [...pages, first],
      [second, first, ...pages.slice(2)],
      [first, first, ...pages.slice(2)],
      [first, new Uint8Array(0), ...pages.slice(2)],
      [first, second.slice(0, -1), ...pages.slice(2)],
    ])
      await expect(open(wrong)).rejects.toThrow(damaged);
  });

  test('mixes the pages of two heads of one parcel is found out, though each page is good', async () => {
    const { files, pages } = await long();
    const again = await seal(files);
    await expect(open(again.pages)).resolves.toMatchObject({ day });
    await expect(open([pages[0]!, ...again.pages.slice(1)])).rejects.toThrow(damaged);
  });

  test('gives the ledger of another parcel or of another codename is found out', async () => {
    const { pages } = await long(1);
    await expect(open(pages, { parcel: parcel.replace('0', '1') })).rejects.toThrow(damaged);
    await expect(open(pages, { ledgerKey: random(32) })).rejects.toThrow(damaged);
  });

  test('puts the closing or an entry of one parcel into another is found out', async () => {
    const { listKey, pages } = await long(1);
    const { closing } = await open(pages);
    const place = { listKey, parcel, provider };
    await expect(openClosing(closing, place)).resolves.toBeNull();
    await expect(openClosing(closing, { ...place, parcel: parcel.replace('0', '1') })).rejects.toThrow(damaged);
    await expect(openClosing(closing, { ...place, listKey: ledgerKey })).rejects.toThrow(damaged);
  });
});

test('no page is larger than the server takes; too many files and too many pages are refused', async () => {
  const text = new Uint8Array(3 * MAX_LEDGER_PAGE_BYTES);
  const pages = await sealPages(text, { ledgerKey, parcel, random, provider });
  expect(pages.map(({ length }) => length).slice(0, 3)).toEqual(Array(3).fill(MAX_LEDGER_PAGE_BYTES));
  expect(await openPages(pages, { ledgerKey, parcel, provider })).toEqual(text);
  const tooMuch = new Uint8Array(MAX_LEDGER_PAGES * MAX_LEDGER_PAGE_BYTES);
  await expect(sealPages(tooMuch, { ledgerKey, parcel, random, provider })).rejects.toThrow(
    expect.objectContaining({ code: 'limit-exceeded' }),
  );
  await expect(seal([])).rejects.toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
});
