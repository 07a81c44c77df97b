/** The text of a head and of an entry: taken in its one form, refused in any other. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat } from '../../../shared/bytes/concat.ts';
import { hkdfSha256 } from '../../../shared/crypto/hkdf.ts';
import { nobleProvider as provider } from '../../../shared/crypto/noble-provider.ts';
import { sealBox } from '../../../shared/ledger/box.ts';
import { openEntry } from '../../../shared/ledger/entry.ts';
import { decodeHead, encodeHead } from '../../../shared/ledger/head-text.ts';
import { openPages } from '../../../shared/ledger/pages.ts';
import { random } from '../../kit/random-bytes.ts';
import { ledgerFile, ledgerKey, open, parcel, seal } from '../../kit/test-ledger.ts';

const damaged = expect.objectContaining({ code: 'ledger-damaged' });

async function texts(): Promise<Uint8Array<ArrayBuffer>> {
  const { pages } = await seal([await ledgerFile('a'), await ledgerFile('b')], { size: 1, sha256: random(32) });
  return new Uint8Array(await openPages(pages, { ledgerKey, parcel, provider }));
}

test('another version, day, number of files or sums, class, filling or length is refused', async () => {
  const text = await texts();
  const put = (at: number, ...bytes: readonly number[]) => {
    const copy = text.slice();
    copy.set(bytes, at);
    return copy;
  };
  const classAt = 16 + 32 + 89 + 16;
  expect(text[classAt]).toBe(0);
  const ascii = (text10: string) => Buffer.from(text10, 'ascii');
  for (const wrong of [
    put(0, 2),
    put(1, ...ascii('2026-02-30')),
    put(1, ...ascii('20261-1-24')),
    put(11, 0, 0, 0, 0),
    put(11, 0, 0, 0, 1),
    put(11, 0, 0, 255, 255),
    put(11, 255, 255, 255, 255),
    put(15, 17),
    put(classAt, 6),
    put(classAt, 1),
    put(text.length - 1, 1),
    text.subarray(0, text.length / 2),
    text.subarray(0, 15),
    concat(text, text),
    new Uint8Array(0),
  ])
    expect(() => decodeHead(wrong)).toThrow(damaged);
  expect(decodeHead(text).files).toHaveLength(2);
});

test('any changed byte is refused, or is read and written as it is', async () => {
  const text = await texts();
  fc.assert(
    fc.property(fc.nat(500), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const copy = text.slice();
      copy[at]! ^= change;
      let head;
      try {
        head = decodeHead(copy);
      } catch (error) {
        expect(error).toEqual(damaged);
        return;
      }
      expect(encodeHead(head)).toEqual(copy);
    }),
  );
});

test('an entry whose text is not in its one form is refused', async () => {
  const { key } = await ledgerFile('a');
  const hash = 'A'.repeat(43);
  for (const text of [
    `7 0 ${hash} a`,
    `7 0 - a`,
    `131073 0 ${hash} a`,
    `07 0 ${hash} a`,
    `7 -0 ${hash} a`,
    `7 0 ${'A'.repeat(42)}B a`,
    `7 0 ${hash} `,
    `9999999999999999 0 - a`,
    `7 0 ${hash}`,
    '',
  ]) {
    const entry = await sealedText(text, key);
    const opened = openEntry(entry, { key, index: 0, parcel, provider });
    if (text === `7 0 ${hash} a`) await expect(opened).resolves.toMatchObject({ path: 'a', size: 7 });
    else await expect(opened).rejects.toThrow(damaged);
  }
  for (const wrong of [`7 0 ${hash} a\0b`, `7 0 ${hash} \ud800`])
    await expect(openEntry(await sealedText(wrong, key, true), { key, index: 0, parcel, provider })).rejects.toThrow(
      damaged,
    );
});

/** Any text as the entry 0; `raw`: UTF-16 units as bytes, so that it may be no UTF-8. */
async function sealedText(text: string, key: Uint8Array, raw = false): Promise<Uint8Array> {
  const info = new TextEncoder().encode(`postern/ledger/v1/entry/${parcel}`);
  const plaintext = new Uint8Array(128);
  plaintext.set(raw ? Buffer.from(text, 'latin1') : Buffer.from(text));
  const sealed = new Uint8Array(144);
  provider.encrypt(await hkdfSha256(key, new Uint8Array(0), info, 32), new Uint8Array(12), plaintext, sealed);
  return sealed;
}

test('a page of a right key that is too short to be one is refused', async () => {
  const info = `postern/ledger/v1/page/${parcel}/0`;
  const page = await sealBox({ secret: ledgerKey, info, plaintext: new Uint8Array(20), random, provider });
  await expect(open([page])).rejects.toThrow(damaged);
});
