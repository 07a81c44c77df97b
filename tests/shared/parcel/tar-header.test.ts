/** Headers read back as they were written, and only headers that would be written so are read. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { isProblem, Problem } from '../../../shared/problem/problem.ts';
import { placeOf } from '../../../shared/parcel/bag-place.ts';
import { parseRecords } from '../../../shared/parcel/pax-records.ts';
import {
  encodeHeader,
  headerLength,
  joinHeader,
  parseBlock,
  paxName,
  paxOrdinal,
} from '../../../shared/parcel/tar-header.ts';
import type { TarEntry } from '../../../shared/parcel/tar-header.ts';
import { modified, rawPath } from '../../kit/arbitrary-files.ts';
import { PARCEL } from '../../kit/parcel-stream.ts';
import { cleanPath } from '../../../shared/parcel/path.ts';

const entries = fc.record({
  path: rawPath.map((raw) => `${PARCEL}/data/files/${cleanPath(raw).path}`),
  size: fc.oneof(
    fc.integer({ min: 0, max: 10_000 }),
    fc.maxSafeInteger().map(Math.abs),
    fc.constantFrom(8 ** 11 - 1, 8 ** 11),
  ),
  modified: fc.oneof(modified, fc.constantFrom((8 ** 11 - 1) * 1000, 8 ** 11 * 1000, -1, 0, 8.64e15, -8.64e15)),
});
const ordinals = fc.integer({ min: 0, max: 1_000_005 });

/** What a reader does with a header that lies before it whole. */
function parseHeader(bytes: Uint8Array, ordinal: number): TarEntry {
  const first = parseBlock(bytes.subarray(0, 512));
  const last = first.type === 'file' ? first : parseBlock(bytes.subarray(bytes.length - 512));
  if (last.type !== 'file') throw new Problem('tar-damaged');
  if (first.type === 'pax' && paxOrdinal(PARCEL, first.name) !== ordinal) throw new Problem('tar-damaged');
  const records = first.type === 'file' ? null : parseRecords(bytes.subarray(512, 512 + first.size));
  placeOf(PARCEL, records?.path ?? last.name);
  return joinHeader(last, records, ordinal);
}

test('a header reads back as what it was made from, and is as long as was said', () => {
  fc.assert(
    fc.property(entries, ordinals, (entry, ordinal) => {
      const header = encodeHeader(entry, ordinal);
      expect(header.length).toBe(headerLength(entry));
      expect(header.length % 512).toBe(0);
      expect(parseHeader(header, ordinal)).toEqual(entry);
    }),
    { numRuns: 3_000 },
  );
});

/** Sets the checksum of a block right. */
function mend(block: Uint8Array): void {
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(utf8Encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
}

test('a header with bytes changed and its checksums mended is refused, or is the one form of what it says', () => {
  const changes = fc.array(
    fc.record({
      at: fc.nat(),
      to: fc.oneof(fc.constantFrom(0, 0x20, 0x30, 0x31, 0x37, 0x38), fc.integer({ min: 0, max: 255 })),
    }),
    { minLength: 1, maxLength: 3 },
  );
  let taken = 0;
  fc.assert(
    fc.property(entries, changes, (entry, list) => {
      const header = encodeHeader(entry, 7);
      for (const { at, to } of list) header[at % header.length] = to;
      mend(header.subarray(0, 512));
      if (header.length > 512) mend(header.subarray(header.length - 512));
      try {
        const parsed = parseHeader(header, 7);
        const first = parseBlock(header.subarray(0, 512));
        // The filling after the records is the reader's to check; a first block turned into a file stands for itself.
        if (first.type === 'pax') header.fill(0, 512 + first.size, header.length - 512);
        const read = first.type === 'pax' ? header : header.subarray(0, 512);
        expect(Buffer.from(encodeHeader(parsed, 7)).equals(read)).toBe(true);
        taken++;
      } catch (error) {
        if (!isProblem(error)) throw error;
      }
    }),
    { numRuns: 5_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

test('a single flipped bit is always refused', () => {
  const header = encodeHeader({ path: `${PARCEL}/data/files/a.mp4`, size: 12_345, modified: 1_700_000_000_000 }, 2);
  for (let bit = 0; bit < 512 * 8; bit++) {
    const block = header.slice();
    block[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => parseBlock(block)).toThrow(expect.objectContaining({ code: 'tar-damaged' }));
  }
});

test('only what is not a plain file is told apart by its code', () => {
  const header = encodeHeader({ path: `${PARCEL}/data/files/a`, size: 0, modified: 0 }, 2);
  for (const flag of ['\0', '1', '2', '3', '4', '5', '6', '7', 'g', 'L', 'K', 'S', 'V', 'M', 'D', 'X', 'A', '8']) {
    const block = header.slice();
    block[156] = flag.charCodeAt(0);
    mend(block);
    expect(() => parseBlock(block)).toThrow(expect.objectContaining({ code: 'tar-entry-refused' }));
  }
});

test('the ordinary file needs one block; the name, the size or the time can make it three', () => {
  const plain: TarEntry = { path: `${PARCEL}/data/files/a.mp4`, size: 1, modified: 1_700_000_000_000 };
  expect(headerLength(plain)).toBe(512);
  for (const change of [
    { path: `${PARCEL}/data/files/é` },
    { path: `${PARCEL}/${'x'.repeat(68)}` },
    { size: 8 ** 11 },
    { modified: 1_700_000_000_123 },
    { modified: -1000 },
  ]) {
    expect(headerLength({ ...plain, ...change })).toBe(1536);
  }
  expect(headerLength({ ...plain, path: `${PARCEL}/${'x'.repeat(67)}` })).toBe(512);
});

test('records: time, path, size, each in one spelling', () => {
  const header = encodeHeader({ path: `${PARCEL}/data/files/é`, size: 8 ** 11, modified: -1 }, 3);
  const text = new TextDecoder().decode(header.subarray(512, 1024)).replaceAll('\0', '');
  expect(text).toBe(`16 mtime=-0.001\n55 path=${PARCEL}/data/files/é\n19 size=8589934592\n`);
  expect(new TextDecoder().decode(header.subarray(0, 100)).replaceAll('\0', '')).toBe(paxName(PARCEL, 3));
  expect(new TextDecoder().decode(header.subarray(1024, 1124)).replaceAll('\0', '')).toBe(`${PARCEL}/unnamed/3`);
});

const damaged = (text: string, code = 'tar-damaged') =>
  expect(() => parseRecords(utf8Encode(text)), JSON.stringify(text)).toThrow(expect.objectContaining({ code }));

test('records that are not as they are written are refused', () => {
  damaged('');
  damaged('mtime=1');
  damaged('12 mtime=1.5\n'); // three digits or none
  for (const value of ['1.500', '-1.500', '0.001', '9000000000', '-1', '8640000000000']) {
    const line = `mtime=${value}\n`;
    expect(parseRecords(utf8Encode(`${line.length + 3} ${line}`)).modified).toBe(Math.round(Number(value) * 1000));
  }
  for (const value of [
    '',
    '1.5',
    '01.500',
    '1.000',
    '+1.500',
    '-0',
    '-0.000',
    '1e3',
    ' 1',
    '1.5000',
    '8640000000000.001',
    '99999999999999',
    'x',
  ]) {
    const line = `mtime=${value}\n`;
    damaged(`${line.length + 3} ${line}`);
    damaged(`${line.length + 2} ${line}`);
  }
  damaged('10 path=a\n');
  damaged('9 path=a\n\n');
  damaged('09 path=a\n');
  damaged('9 path=a\n9 path=a\n');
  damaged('9 size=1\n9 path=a\n');
  damaged('9 path=a');
  damaged('99999 path=a\n');
  damaged('999999999999 path=a\n');
  damaged('9  ath=a\n', 'tar-entry-refused');
  damaged('10 size=01\n');
  damaged('10 size=-1\n');
  damaged('28 size=9223372036854775808\n', 'tar-too-large');
  for (const keyword of [
    'linkpath',
    'uid',
    'GNU.sparse.major',
    'hdrcharset',
    'atime',
    'SCHILY.dev',
    'comment',
    'Path',
    '__proto__',
  ]) {
    const rest = ` ${keyword}=1\n`;
    damaged(`${rest.length + (rest.length < 9 ? 1 : 2)}${rest}`, 'tar-entry-refused');
  }
  expect(() => parseRecords(Uint8Array.of(0x39, 0x20, 0x70, 0x61, 0x74, 0x68, 0x3d, 0xff, 0x0a))).toThrow(
    expect.objectContaining({ code: 'tar-damaged' }),
  );
  expect(() => parseRecords(Uint8Array.of(0xff, 0x20, 0x70, 0x61, 0x74, 0x68, 0x3d, 0x61, 0x0a))).toThrow(
    expect.objectContaining({ code: 'tar-damaged' }),
  );
});
