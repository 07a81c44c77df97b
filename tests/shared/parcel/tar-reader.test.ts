/** What the layout writes comes back the same, however the stream is cut, and whatever stretches of it are missing. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLayout } from '../../../shared/parcel/layout.ts';
import { createTarReader } from '../../../shared/parcel/tar-reader.ts';
import { fileLists } from '../../kit/arbitrary-files.ts';
import { events, fill, PARCEL, readBack, testParcel } from '../../kit/parcel-stream.ts';
import type { Stretch } from '../../kit/parcel-stream.ts';
import { patternBytes } from '../../kit/random-bytes.ts';
import { TEST_SENDER } from '../../kit/test-mailbox.ts';

const fractions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

/** Cuts [0, size) at the fractions; `near` draws cuts close to block boundaries now and then. */
function stretchesAt(size: number, cuts: readonly number[]): Stretch[] {
  const ends = [
    0,
    ...cuts.map((cut, i) => (i % 2 === 0 ? Math.round(cut * size) : 512 * Math.round((cut * size) / 512))),
    size,
  ].map((end) => Math.min(end, size));
  const sorted = ends.toSorted((a, b) => a - b);
  return sorted.slice(1).map((to, i) => ({ from: sorted[i]!, to }));
}

test('any files come back with their names, times and bytes, however the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fileLists(8), fc.option(fc.string({ unit: 'binary' })), fractions, async (list, message, cuts) => {
      const { layout, contents, stream } = await testParcel(list, message);
      const { files, report } = readBack(stream, stretchesAt(stream.length, cuts));
      const payload = files.filter(({ place }) => place === 'file' || place === 'message');
      expect(payload.map(({ path, size, modified }) => ({ path, size, modified }))).toEqual(layout.payload);
      payload.forEach(({ content, complete, start }, i) => {
        expect(complete && Buffer.from(content).equals(contents[i]!)).toBe(true);
        expect(start).toBe(layout.dataOffset(i));
      });
      expect(files.map(({ place }) => place).filter((place) => place !== 'file' && place !== 'message')).toEqual([
        'bagit',
        'bag-info',
        'payload-status',
        'manifest',
        'tagmanifest',
      ]);
      expect(report).toMatchObject({ valid: true, findings: [] });
      const changed = list.filter((file) => file.changed).length;
      const lost = list.filter((file) => file.lost && !file.changed).length;
      expect(report.counts).toMatchObject({
        whole: contents.length - changed - lost,
        'source-could-not-read': lost,
        'source-changed': changed,
      });
    }),
  );
});

test('byte by byte gives the same events as all at once', async () => {
  const { stream } = await testParcel(
    [
      { path: 'é', content: patternBytes(700), modified: 1 },
      { path: 'b', content: new Uint8Array(0) },
    ],
    'hi',
  );
  const single = Array.from(stream, (_, from) => ({ from, to: from + 1 }));
  expect(readBack(stream, single).files).toEqual(readBack(stream).files);
});

test('with stretches missing, every file outside of them comes out whole, and nothing else is called so', async () => {
  await fc.assert(
    fc.asyncProperty(
      fileLists(8),
      fractions,
      fc.array(fc.boolean(), { minLength: 21, maxLength: 21 }),
      async (list, cuts, keep) => {
        const { layout, contents, stream } = await testParcel(list, 'words');
        const all = stretchesAt(stream.length, cuts);
        const kept = all.filter((_, i) => keep[i]);
        // What is missing must not matter: it is noise to the reader.
        const holed = stream.slice();
        const lost = all.filter((_, i) => !keep[i] && all[i]!.from < all[i]!.to);
        for (const { from, to } of lost) holed.fill(0xaa, from, to);
        const { files, report } = readBack(holed, kept);
        const found = new Map(files.map((file) => [file.path, file]));
        const verdicts = new Map([...report.files()].map(({ path, verdict }) => [path, verdict]));
        layout.payload.forEach(({ path, size, modified }, i) => {
          const start = layout.dataOffset(i);
          const before =
            i === 0 ? start - 512 : layout.dataOffset(i - 1) + 512 * Math.ceil(layout.payload[i - 1]!.size / 512);
          const outside = (from: number, to: number) => lost.every((gap) => gap.to <= from || gap.from >= to);
          const file = found.get(path);
          if (outside(before, start + size)) expect(file).toMatchObject({ complete: true, size, modified });
          if (file?.complete) {
            expect(file.size).toBe(size);
            expect(outside(start - 512, start + size)).toBe(true);
            expect(Buffer.from(file.content).equals(contents[i]!)).toBe(true);
            expect(Math.abs(file.modified - modified) < 1000 || !outside(before, start)).toBe(true);
            expect(['whole', 'arrived', 'source-could-not-read', 'source-changed']).toContain(verdicts.get(path));
          } else expect(['incomplete', 'missing', undefined]).toContain(verdicts.get(path));
        });
        for (const { path, place } of files)
          if (place === 'file') expect(layout.payload.some((file) => file.path === path)).toBe(true);
        expect(report.valid).toBe(lost.length === 0);
      },
    ),
    { numRuns: 300 },
  );
});

test('a file that begins before a missing part and ends behind it does not cost the files behind it', async () => {
  const { layout, stream } = await testParcel([
    { path: 'a', content: patternBytes(5_000) },
    { path: 'b', content: patternBytes(100) },
  ]);
  const start = layout.dataOffset(0);
  const { files } = readBack(stream, [
    { from: 0, to: start + 1000 },
    { from: start + 2000, to: stream.length },
  ]);
  expect(files.filter(({ place }) => place === 'file').map(({ path, complete }) => [path, complete])).toEqual([
    ['data/files/a', false],
    ['data/files/b', true],
  ]);
});

test('a file whose pax header alone is missing comes out under its name, with whole seconds', async () => {
  const { layout, stream } = await testParcel([
    { path: 'a', content: patternBytes(5) },
    { path: 'b', content: patternBytes(5), modified: 1_700_000_000_123 },
    { path: 'é', content: patternBytes(5) },
  ]);
  const gapAt = (index: number) => [
    { from: 0, to: layout.dataOffset(index) - 1536 },
    { from: layout.dataOffset(index) - 512, to: stream.length },
  ];
  expect(readBack(stream, gapAt(1)).files.find(({ path }) => path === 'data/files/b')).toMatchObject({
    complete: true,
    modified: 1_700_000_000_000,
  });
  // A name that stands only in the pax header is lost with it; the file is not called anything else.
  expect(
    readBack(stream, gapAt(2))
      .files.filter(({ place }) => place === 'file')
      .map(({ path }) => path),
  ).toEqual(['data/files/a', 'data/files/b']);
});

test('bytes are handed on, not copied', async () => {
  const { stream } = await testParcel([{ path: 'a', content: patternBytes(5_000) }]);
  const reader = createTarReader({ parcel: PARCEL, limits: { streamSize: stream.length } });
  const data = [...events(reader, stream, [{ from: 0, to: stream.length }])].filter((event) => event.kind === 'data');
  expect(data.map(({ bytes }) => bytes.buffer === stream.buffer)).toEqual(Array.from({ length: 6 }, () => true));
});

test('a stream of more than 8 GiB in one file is read to its end', () => {
  const size = 8 * 1024 ** 3 + 5;
  const layout = createLayout({
    parcel: PARCEL,
    day: '2026-11-24',
    sender: TEST_SENDER,
    replyRecipient: null,
    message: null,
    messageModified: 0,
    files: [
      { path: 'a', size, modified: 0 },
      { path: 'b', size: 1, modified: 0 },
    ],
  });
  const reader = createTarReader({ parcel: PARCEL, limits: { streamSize: layout.paddedSize } });
  const buffer = new Uint8Array(64 * 1024 * 1024);
  const seen: string[] = [];
  let bytes = 0;
  const late = { 'payload-status': new Uint8Array(0), manifest: new Uint8Array(0), tagmanifest: new Uint8Array(0) };
  const take = (from: number, piece: Uint8Array) => {
    for (const event of reader.push(from, piece)) {
      if (event.kind === 'end') seen.push(`${event.entry.path} ${event.entry.size} ${event.complete}`);
      else if (event.kind === 'data' && event.entry.path === 'data/files/a') bytes += event.bytes.length;
    }
  };
  const start = layout.dataOffset(0);
  take(0, fill(layout.piecesIn(0, start), [], late));
  for (let at = 0; at < size; at += buffer.length)
    take(start + at, buffer.subarray(0, Math.min(buffer.length, size - at)));
  take(start + size, fill(layout.piecesIn(start + size, layout.dataOffset(1)), [], late));
  expect(seen.slice(2)).toEqual([`data/files/a ${size} true`]);
  expect(bytes).toBe(size);
});

test('out of order, beyond the end, or after a refusal: refused', async () => {
  const { stream } = await testParcel([{ path: 'a', content: patternBytes(5_000) }]);
  const damaged = expect.objectContaining({ code: 'tar-damaged' });
  const reader = createTarReader({ parcel: PARCEL, limits: { streamSize: stream.length } });
  const draw = (offset: number, bytes: Uint8Array) => [...reader.push(offset, bytes)];
  draw(0, stream.subarray(0, 2048));
  expect(() => draw(2047, stream.subarray(2047, 4096))).toThrow(damaged);
  expect(() => draw(2048, stream.subarray(2048, 4096))).toThrow(damaged);
  const other = createTarReader({ parcel: PARCEL, limits: { streamSize: stream.length } });
  expect(() => [...other.push(stream.length - 1, new Uint8Array(2))]).toThrow(damaged);
});
