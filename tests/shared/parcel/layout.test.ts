/** The layout is the stream: any slice of it is the same bytes, and it is known before a byte of any file is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { lateBytes } from '../../../shared/parcel/late-bytes.ts';
import { createLayout } from '../../../shared/parcel/layout.ts';
import type { FileEntry, LayoutInput } from '../../../shared/parcel/layout.ts';
import { paddedSize } from '../../../shared/parcel/padme.ts';
import type { ReadStatus } from '../../../shared/parcel/payload-status.ts';
import { fileLists } from '../../kit/arbitrary-files.ts';
import { fill, PARCEL, testParcel } from '../../kit/parcel-stream.ts';
import vectors from '../../vectors/parcel-layout.json' with { type: 'json' };
import { TEST_SENDER } from '../../kit/test-mailbox.ts';

const input: LayoutInput = {
  parcel: PARCEL,
  day: '2026-11-24',
  sender: TEST_SENDER,
  replyRecipient: 'age1pq1test',
  message: null,
  messageModified: 0,
  files: [{ path: 'a', size: 1, modified: 0 }],
};
const files = (...list: Partial<FileEntry>[]): LayoutInput => ({
  ...input,
  files: list.map((file) => ({ path: 'a', size: 1, modified: 0, ...file })),
});

test('the streams of the vectors, byte for byte', async () => {
  for (const vector of vectors.parcels) {
    const layout = createLayout(vector.input);
    const contents = vector.contents.map((hex) => fromHex(hex));
    const late = await lateBytes(
      layout,
      vector.results.map(({ sha256, status }) => ({ sha256: fromHex(sha256), status: status as ReadStatus })),
    );
    expect(layout.tarSize).toBe(vector.tarSize);
    expect(layout.paddedSize).toBe(vector.paddedSize);
    const stream = fill(layout.piecesIn(0, layout.paddedSize), contents, late);
    expect(toHex(stream.subarray(0, layout.tarSize))).toBe(vector.tar.join(''));
    expect(stream.subarray(layout.tarSize).every((byte) => byte === 0)).toBe(true);
    expect(stream.length).toBe(vector.paddedSize);
  }
});

test('any slicing of the stream gives the same bytes, in pieces that are not empty', async () => {
  await fc.assert(
    fc.asyncProperty(
      fileLists(8),
      fc.option(fc.string({ unit: 'binary' })),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
      async (list, message, cuts) => {
        const { layout, contents, late, stream } = await testParcel(list, message);
        expect(stream.length).toBe(layout.paddedSize);
        expect(layout.paddedSize).toBe(paddedSize(layout.tarSize));
        const ends = [0, ...cuts.map((cut) => Math.round(cut * stream.length)), stream.length].toSorted(
          (a, b) => a - b,
        );
        for (let i = 1; i < ends.length; i++) {
          const pieces = layout.piecesIn(ends[i - 1]!, ends[i]!);
          for (const piece of pieces)
            expect(
              piece.kind === 'bytes'
                ? piece.bytes.length
                : piece.kind === 'zeros'
                  ? piece.length
                  : piece.to - piece.from,
            ).toBeGreaterThan(0);
          expect(Buffer.from(fill(pieces, contents, late)).equals(stream.subarray(ends[i - 1], ends[i]))).toBe(true);
        }
      },
    ),
  );
});

test('file data begins at a block, where the layout says', async () => {
  await fc.assert(
    fc.asyncProperty(fileLists(8), async (list) => {
      const { layout, contents, stream } = await testParcel(list, 'words');
      contents.forEach((content, index) => {
        const start = layout.dataOffset(index);
        expect(start % 512).toBe(0);
        expect(Buffer.from(stream.subarray(start, start + content.length)).equals(content)).toBe(true);
      });
    }),
  );
});

test('of a message its length is enough', async () => {
  const { layout } = await testParcel([{ path: 'a', content: new Uint8Array(3) }], 'Привет');
  const replayed = createLayout({
    ...input,
    message: 12,
    messageModified: 1_700_000_000_000,
    files: [{ path: 'a', size: 3, modified: 0 }],
  });
  expect(replayed.payload).toEqual(layout.payload);
  expect(replayed.piecesIn(0, layout.paddedSize)).toEqual(layout.piecesIn(0, layout.paddedSize));
});

test('payload status holds a mark a file; the tag manifest is the hash of the rest', async () => {
  const content = new Uint8Array(3);
  const { late, layout } = await testParcel(
    [
      { path: 'a', content },
      { path: 'b', content, lost: true },
      { path: 'c', content, changed: true },
    ],
    'hi',
  );
  expect(Buffer.from(late['payload-status']).toString()).toBe('+\n+\n-\n~\n');
  expect(
    Buffer.from(late.manifest)
      .toString()
      .split('\n')
      .map((line) => line.slice(66)),
  ).toEqual(['data/message.txt', 'data/files/a', 'data/files/b', 'data/files/c', '']);
  expect(layout.lateSizes).toEqual({
    'payload-status': 8,
    manifest: late.manifest.length,
    tagmanifest: late.tagmanifest.length,
  });
  await expect(lateBytes(layout, [])).rejects.toThrow(expect.objectContaining({ code: 'bag-damaged' }));
});

test('what no parcel can hold is refused before anything is sent', () => {
  const refused: readonly (readonly [LayoutInput, string])[] = [
    [files(), 'bag-damaged'],
    [files({ path: '../a' }), 'path-unsafe'],
    [files({ path: '' }), 'path-unsafe'],
    [files({ path: '\ud800' }), 'path-unsafe'],
    [files({}, {}), 'tar-damaged'],
    [files({ path: 'a' }, { path: 'a/b' }), 'tar-damaged'],
    [files({ path: 'a/b' }, { path: 'a' }), 'tar-damaged'],
    [files({ size: -1 }), 'limit-exceeded'],
    [files({ size: 0.5 }), 'limit-exceeded'],
    [files({ size: Number.NaN }), 'limit-exceeded'],
    [files({ size: 2 ** 53 - 1 }), 'limit-exceeded'],
    [files({ path: 'a', size: 2 ** 52 }, { path: 'b', size: 2 ** 52 }), 'limit-exceeded'],
    [files({ modified: 0.5 }), 'limit-exceeded'],
    [files({ modified: 8.64e15 + 1 }), 'limit-exceeded'],
    [{ ...input, day: '2026-02-30' }, 'bag-damaged'],
    [{ ...input, parcel: 'ABC' }, 'bag-damaged'],
    [{ ...input, parcel: `../${PARCEL.slice(3)}` }, 'bag-damaged'],
    [{ ...input, replyRecipient: 'age1\nx' }, 'bag-damaged'],
    [{ ...input, sender: 'x' }, 'bag-damaged'],
    [{ ...input, files: Array.from({ length: 1_000_001 }, () => input.files[0]!) }, 'limit-exceeded'],
  ];
  for (const [wrong, code] of refused) expect(() => createLayout(wrong)).toThrow(expect.objectContaining({ code }));
  const layout = createLayout(input);
  for (const [from, to] of [
    [-1, 5],
    [0, layout.paddedSize + 1],
    [0.5, 2],
    [Number.NaN, 1],
  ] as const) {
    expect(() => layout.piecesIn(from, to)).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
  }
  expect(layout.piecesIn(5, 5)).toEqual([]);
  expect(createLayout(files({ size: 2 ** 52 })).paddedSize).toBeGreaterThan(2 ** 52);
});

test('a reply asks for no reply', () => {
  expect(createLayout({ ...input, replyRecipient: null }).bagInfo).not.toContain('Reply');
});

test('a hundred thousand long names: the layout is light, and a part of it is made in no time', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => ({
    path: `folder ${i % 300}/${'длинное имя '.repeat(8)}${i}.mp4`,
    size: 400_000 + i,
    modified: 1_700_000_000_000 + i,
  }));
  const layout = createLayout({ ...input, files: many });
  expect(layout.paddedSize).toBeGreaterThan(45e9);
  const part = 8 * 1024 * 1024;
  let pieces = 0;
  for (let at = 0; at < layout.paddedSize; at += 50 * part)
    pieces += layout.piecesIn(at, Math.min(at + part, layout.paddedSize)).length;
  expect(pieces).toBeLessThan(110 * 3 * 25);
});
