/** The plaintext of parts, read from files: the bytes of the layout, whatever the cut; and files that cannot be read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../client/upload/clock.ts';
import type { Clock } from '../../../client/upload/clock.ts';
import { readInto, readSmall } from '../../../client/upload/file-reading.ts';
import { createPartReader } from '../../../client/upload/part-reader.ts';
import type { Decision, HeldFile } from '../../../client/upload/part-reader.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { fill, testParcel } from '../../kit/parcel-stream.ts';
import type { TestParcel } from '../../kit/parcel-stream.ts';
import { patternBytes } from '../../kit/random-bytes.ts';
import { failingFile } from './failing-file.ts';
import type { FailingFile } from './failing-file.ts';

const KIB = 1024;
/** Patience is a hundred times as short as in earnest. */
const quick: Clock = { ...systemClock, sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / 100, signal) };
const never = (): Promise<Decision> => Promise.reject(new Error('nothing to decide'));

/** Reads the whole stream in parts, and puts late bytes where they belong. */
async function readAll(parcel: TestParcel, reader: ReturnType<typeof createPartReader>, partSize: number) {
  const { layout, late } = parcel;
  const stream = new Uint8Array(layout.paddedSize);
  const hashed = new Map<number, number>();
  let buffer = new ArrayBuffer(partSize);
  for (let from = 0; from < stream.length; from += partSize) {
    const to = Math.min(from + partSize, stream.length);
    new Uint8Array(buffer).fill(0xee);
    const part = await reader.read(from, to, buffer);
    for (const span of part.late) part.bytes.set(late[span.name].subarray(span.from, span.to), span.at);
    for (const { index, at, length, last } of part.spans) {
      const before = hashed.get(index) ?? 0;
      const expected = parcel.contents[index]!.subarray(before, before + length);
      expect(Buffer.compare(part.bytes.subarray(at, at + length), expected)).toBe(0);
      hashed.set(index, before + length);
      expect(last).toBe(before + length === layout.payload[index]!.size);
    }
    stream.set(part.bytes, from);
    buffer = part.bytes.buffer;
    expect(buffer.byteLength).toBe(partSize);
  }
  return stream;
}

test('parts of any size are the bytes of the stream', async () => {
  const file = fc.record({ size: fc.integer({ min: 0, max: 300 * KIB }), seed: fc.integer({ min: 1, max: 99 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(file, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(null, '', 'hello'),
      fc.integer({ min: 1, max: 600 }),
      async (files, message, kib) => {
        const parcel = await testParcel(
          files.map(({ size, seed }, i) => ({ path: `f${i}`, content: patternBytes(size, seed) })),
          message,
        );
        const blobs = parcel.contents.map((content) => new Blob([new Uint8Array(content)]));
        const reader = createPartReader({ layout: parcel.layout, files: blobs, decide: never, clock: systemClock });
        expect(Buffer.compare(await readAll(parcel, reader, kib * KIB), parcel.stream)).toBe(0);
      },
    ),
    { numRuns: 40 },
  );
});

describe('a file that cannot be read', () => {
  const sizes = [1000, 700 * KIB, 40 * KIB, 5];
  const contents = sizes.map((size, i) => patternBytes(size, i + 1));

  async function setUp(
    lost: number,
    keep: number,
    decide: (held: HeldFile, files: FailingFile[]) => Promise<Decision>,
  ) {
    const changed = contents.map((content, i) => {
      if (i !== lost) return content;
      const bytes = new Uint8Array(content.length);
      bytes.set(content.subarray(0, keep));
      return bytes;
    });
    const parcel = await testParcel(
      changed.map((content, i) => ({ path: `f${i}`, content, lost: i === lost && keep < content.length })),
    );
    const files = contents.map((content, i) => failingFile(content, `f${i}`));
    const held: HeldFile[] = [];
    const reader = createPartReader({
      layout: parcel.layout,
      files: files.map(({ file }) => file),
      clock: quick,
      decide: (one) => {
        held.push(one);
        return decide(one, files);
      },
    });
    return { parcel, files, held, reader };
  }

  test.each([
    [1, 0, 'error'],
    [1, 300_000, 'error'],
    [1, 300_000, 'short'],
    [2, 7, 'error'],
    [2, 7, 'short'],
    [0, 999, 'error'],
    [3, 0, 'short'],
  ] as const)(
    'file %i from byte %i on (%s): zeros take the place of what is lost, all else stays',
    async (lost, keep, how) => {
      const { parcel, files, held, reader } = await setUp(lost, keep, () => Promise.resolve({ kind: 'zeros' }));
      files[lost]!.failFrom(keep, how);
      expect(Buffer.compare(await readAll(parcel, reader, 64 * KIB), parcel.stream)).toBe(0);
      expect(held).toHaveLength(1);
      expect(held[0]).toMatchObject({ index: lost, reason: how === 'short' && keep >= 0 ? 'short' : 'unreadable' });
      expect(held[0]!.before).toBeLessThanOrEqual(keep);
      expect(sizes.map((_, i) => reader.isWhole(i))).toEqual(sizes.map((_, i) => i !== lost));
    },
  );

  test('comes back: nothing is lost', async () => {
    const { parcel, files, held, reader } = await setUp(1, sizes[1]!, (_, all) => {
      all[1]!.failFrom(null);
      return Promise.resolve({ kind: 'file', file: all[1]!.file });
    });
    files[1]!.failFrom(200_000);
    expect(Buffer.compare(await readAll(parcel, reader, 64 * KIB), parcel.stream)).toBe(0);
    expect(held).toHaveLength(1);
    expect(reader.isWhole(1)).toBe(true);
  });
});

test('a stream that falls silent is left for a new one; a file that stays silent is unreadable', async () => {
  const content = patternBytes(300 * KIB);
  const parcel = await testParcel([{ path: 'f', content }]);
  const file = failingFile(content);
  const reader = (decide: (held: HeldFile) => Promise<Decision>) =>
    createPartReader({ layout: parcel.layout, files: [file.file], decide, clock: quick });
  file.failFrom(100_000, 'silence', 3);
  expect(Buffer.compare(await readAll(parcel, reader(never), 512 * KIB), parcel.stream)).toBe(0);
  expect(file.reads).toBe(4);
  const held: HeldFile[] = [];
  file.failFrom(100_000, 'silence');
  const { bytes } = await reader((one) => {
    held.push(one);
    return Promise.resolve({ kind: 'zeros' });
  }).read(0, parcel.layout.paddedSize, new ArrayBuffer(parcel.layout.paddedSize));
  expect(held).toEqual([{ index: 0, before: 0, reason: 'stuck' }]);
  const at = parcel.layout.dataOffset(0);
  expect(Buffer.compare(bytes.subarray(at, at + 100_000), content.subarray(0, 100_000))).toBe(0);
  expect(bytes.subarray(at + 100_000, at + content.length).every((byte) => byte === 0)).toBe(true);
});

test('a thousand small files that are all gone are each tried a few times at the most', async () => {
  const files = Array.from({ length: 1000 }, (_, i) => failingFile(utf8Encode(`file ${i}`), `f${i}`));
  for (const file of files) file.failFrom(0);
  const parcel = await testParcel(files.map(({ file }) => ({ path: file.name, content: new Uint8Array(file.size) })));
  const reader = createPartReader({
    layout: parcel.layout,
    files: files.map(({ file }) => file),
    clock: quick,
    decide: () => Promise.resolve({ kind: 'zeros' }),
  });
  await reader.read(0, parcel.layout.paddedSize, new ArrayBuffer(parcel.layout.paddedSize));
  expect(Math.max(...files.map(({ reads }) => reads))).toBe(2);
});

test('small files are read many at a time, each once', async () => {
  const files = Array.from({ length: 500 }, (_, i) => failingFile(utf8Encode(`file ${i}`), `f${i}`));
  const parcel = await testParcel(files.map(({ file }, i) => ({ path: file.name, content: utf8Encode(`file ${i}`) })));
  const reader = createPartReader({
    layout: parcel.layout,
    files: files.map(({ file }) => file),
    decide: never,
    clock: systemClock,
  });
  const { bytes } = await reader.read(0, parcel.layout.paddedSize, new ArrayBuffer(parcel.layout.paddedSize));
  const plain = fill(parcel.layout.piecesIn(0, parcel.layout.dataOffset(499)), parcel.contents, parcel.late);
  expect(Buffer.compare(bytes.subarray(0, plain.length), plain)).toBe(0);
  expect(files.every(({ reads }) => reads === 1)).toBe(true);
});

describe('reading', () => {
  const run = (file: Blob, from: number, to: number) => ({ file, from, to });

  test('into a place in a buffer, without touching the rest', async () => {
    const content = patternBytes(300_000);
    const reading = await readInto(
      run(new Blob([content]), 1000, 201_000),
      new ArrayBuffer(250_000),
      7,
      systemClock,
      1000,
    );
    if (reading.kind !== 'read') throw new Error('not read');
    const bytes = new Uint8Array(reading.buffer);
    expect(bytes.length).toBe(250_000);
    expect(Buffer.compare(bytes.subarray(7, 200_007), content.subarray(1000, 201_000))).toBe(0);
    expect(bytes.subarray(0, 7)).toEqual(new Uint8Array(7));
    expect(bytes.subarray(200_007).every((byte) => byte === 0)).toBe(true);
  });

  test('works where streams do not fill buffers', async () => {
    const content = patternBytes(100_000);
    const blob = {
      stream: () => new ReadableStream(),
      arrayBuffer: () => new Blob([content.slice(10, 90_010)]).arrayBuffer(),
    };
    const file = { slice: () => blob } as unknown as Blob;
    const reading = await readInto(run(file, 10, 90_010), new ArrayBuffer(90_000), 0, systemClock, 1000);
    if (reading.kind !== 'read') throw new Error('not read');
    expect(Buffer.compare(new Uint8Array(reading.buffer), content.subarray(10, 90_010))).toBe(0);
    expect(await readInto(run(file, 10, 95_000), new ArrayBuffer(95_000), 0, systemClock, 1000)).toEqual({
      kind: 'failed',
      length: 90_000,
      reason: 'short',
    });
  });

  test('small: null when it fails, ended early, or grew', async () => {
    const file = failingFile(patternBytes(100));
    expect(await readSmall(file.file, 0, 100)).toEqual(patternBytes(100));
    expect(await readSmall(file.file, 10, 20)).toEqual(patternBytes(100).subarray(10, 20));
    file.failFrom(50, 'short');
    expect(await readSmall(file.file, 0, 100)).toBeNull();
    file.failFrom(50);
    expect(await readSmall(file.file, 0, 100)).toBeNull();
    const grown = { size: 100, arrayBuffer: () => Promise.resolve(new ArrayBuffer(120)) } as Blob;
    expect(await readSmall(grown, 0, 100)).toBeNull();
  });
});
