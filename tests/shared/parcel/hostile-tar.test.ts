/** A tar stream made to do harm is refused, each kind with its own code, before anything of the bad entry is handed on. */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isProblem } from '../../../shared/problem/problem.ts';
import { encodeHeader } from '../../../shared/parcel/tar-header.ts';
import { createTarReader } from '../../../shared/parcel/tar-reader.ts';
import { events, PARCEL } from '../../kit/parcel-stream.ts';
import { bagBegin, blocks, mend, rawBlock, rawPax, rawRecord, rawStream } from '../../kit/raw-tar.ts';
import { temporaryFolder } from '../../kit/temporary-folder.ts';

const inFiles = (name: string) => `${PARCEL}/data/files/${name}`;
const file = (name: string, size = 0) => rawBlock({ name: inFiles(name), size });
const good = [...bagBegin(), file('good', 3), blocks(new Uint8Array(3).fill(7))];
/** A file whose name stands in a pax header, as the third of the archive or as numbered. */
const named = (path: string, ordinal = 3) => [
  ...rawPax(rawRecord('path', path), ordinal),
  rawBlock({ name: `${PARCEL}/unnamed/${ordinal}` }),
];
const payload = blocks(new Uint8Array(100).fill(0x41));

/** Reads a stream to its end or its refusal: the code, and what was handed on after the good file. */
function read(stream: Uint8Array, streamSize = stream.length): { code: string; after: string[] } {
  const reader = createTarReader({ parcel: PARCEL, limits: { streamSize } });
  const after: string[] = [];
  try {
    for (const event of events(reader, stream, [{ from: 0, to: stream.length }]))
      after.push(`${event.kind} ${event.entry.path}`);
  } catch (error) {
    if (!isProblem(error)) throw error;
    return { code: error.code, after: after.slice(after.indexOf('end data/files/good') + 1) };
  }
  return { code: 'taken', after };
}

test('the good beginning is taken', () => {
  expect(read(rawStream(...good)).code).toBe('taken');
  expect(read(rawStream(...good, ...named(inFiles('é')))).code).toBe('taken');
});

describe('names that lead out', () => {
  const short = [
    '/etc/passwd', '../x', 'x', '..', '.', '/', 'C:/x', 'C:\\x', '~/x', PARCEL, `./${PARCEL}/data/files/x`, `/${PARCEL}/data/files/x`, `${PARCEL}/../x`, `${PARCEL}/..`,
    `${PARCEL}/`, `${PARCEL}//x`, `${PARCEL}/C:/x`, `${PARCEL}/~x`, `${PARCEL.toUpperCase()}/bagit.txt`, `f${PARCEL.slice(1)}/data/files/x`,
    inFiles('../x'), inFiles('a/../../../x'), inFiles('..'), inFiles('/etc/passwd'), inFiles('a/'), inFiles('a//b'), inFiles('.'), inFiles('./a'), inFiles('C:/x'),
    inFiles('C:x'), inFiles('~/x'), inFiles('~root'), inFiles('\\x'), inFiles('\\\\h\\s'), inFiles('a\\..\\..\\b'), inFiles('..\\x'), inFiles('.. /x'), inFiles(''),
  ]; // prettier-ignore
  test.each(short)('%j', (name) => {
    expect(read(rawStream(...good, rawBlock({ name, size: 100 }), payload))).toEqual({
      code: 'path-unsafe',
      after: [],
    });
  });
  const long = [
    inFiles('a\0b'),
    inFiles(`x${'/y'.repeat(2_000)}`),
    inFiles('é'.repeat(128)),
    inFiles('x'.repeat(256)),
    inFiles('é/../../x'),
  ];
  test.each([...short, ...long])('%j by pax', (name) => {
    expect(read(rawStream(...good, ...named(name)))).toEqual({ code: 'path-unsafe', after: [] });
  });
});

describe('what is not a plain file', () => {
  const kinds = { 'hard link': '1', symlink: '2', 'character device': '3', 'block device': '4', directory: '5', fifo: '6', contiguous: '7', 'old file': '\0', 'pax global': 'g', 'GNU long name': 'L', 'GNU long link': 'K', 'GNU sparse': 'S', 'GNU directory dump': 'D', 'GNU volume': 'V', 'GNU continued': 'M', 'Sun extended': 'X' }; // prettier-ignore
  test.each(Object.entries(kinds))('%s', (_, type) => {
    expect(read(rawStream(...good, rawBlock({ name: inFiles('x'), type, size: 100 }), payload))).toEqual({
      code: 'tar-entry-refused',
      after: [],
    });
    const gnu = rawBlock({ name: '../../x', type, size: 100, set: { 257: 'ustar  \0', 157: '/etc/passwd' } });
    expect(read(rawStream(...good, gnu, payload))).toEqual({ code: 'tar-entry-refused', after: [] });
  });
  test.each([
    'GNU.sparse.major',
    'GNU.sparse.name',
    'linkpath',
    'hdrcharset',
    'SCHILY.xattr.user.x',
    'LIBARCHIVE.symlinktype',
    'uid',
    'charset',
    'comment',
  ])('pax keyword %s', (keyword) => {
    const records = rawRecord(keyword, '1');
    expect(read(rawStream(...good, ...rawPax(records, 3), file('x')))).toEqual({
      code: 'tar-entry-refused',
      after: [],
    });
  });
});

describe('sizes beyond the stream', () => {
  test('by header', () => {
    for (const size of [16_384, 100_000, 8 ** 11 - 1])
      expect(read(rawStream(...good, file('x', size)))).toEqual({ code: 'tar-too-large', after: [] });
  });
  test('by pax record, 8 GiB to beyond 8 EiB', () => {
    for (const size of ['8589934592', '9007199254740991', '9007199254740993', '9223372036854775808', '9'.repeat(300)]) {
      const records = rawRecord('path', inFiles('x')) + rawRecord('size', size);
      const stream = rawStream(...good, ...rawPax(records, 3), rawBlock({ name: `${PARCEL}/unnamed/3` }));
      expect(read(stream)).toEqual({ code: 'tar-too-large', after: [] });
    }
  });
  test('by one byte, with no room for the end marker', () => {
    const head = bagBegin().reduce((sum, piece) => sum + piece.length, 0) + 512;
    const stream = (size: number) => rawStream(...bagBegin(), file('good', size), new Uint8Array(16_384 - head - 1024));
    expect(read(stream(16_384 - head - 1024)).code).toBe('taken');
    expect(read(stream(16_384 - head - 1023)).code).toBe('tar-too-large');
  });
});

describe('damage', () => {
  const cases: Record<string, Uint8Array> = {
    'a name twice': rawStream(...good, file('x'), file('x')),
    'a name twice, far apart': rawStream(...good, ...Array.from({ length: 3_000 }, (_, i) => file(String(i))), file('1000')),
    'a file that is a folder': rawStream(...good, file('x/y'), file('x')),
    'a folder that is a file': rawStream(...good, file('x'), file('x/y')),
    'a tag file twice': rawStream(...bagBegin(), ...bagBegin()),
    'a tag file behind the payload': rawStream(...good, rawBlock({ name: `${PARCEL}/bag-info.txt` })),
    'a message behind the files': rawStream(...good, rawBlock({ name: `${PARCEL}/data/message.txt` })),
    'a file behind the manifest': rawStream(...bagBegin(), rawBlock({ name: `${PARCEL}/manifest-sha256.txt` }), file('x')),
    'something in the filling of a file': rawStream(...bagBegin(), file('x', 3), new Uint8Array(512).fill(1)),
    'something behind the end': rawStream(...good, new Uint8Array(1024), file('x')),
    'something in the second block of the end': rawStream(...good, new Uint8Array(512), file('x')),
    'something in the very last byte': rawStream(...good).with(-1, 1),
    'no end': Buffer.concat([rawStream(...good, file('x', 11_776)).subarray(0, 15_872), rawPax(rawRecord('path', inFiles('é')), 4)[0]!]),
    'more padding than there should be': Buffer.concat([rawStream(...good), new Uint8Array(1024)]),
    'two pax headers': rawStream(...good, ...rawPax(rawRecord('path', inFiles('é')), 3), ...named(inFiles('é'))),
    'a pax header and the end': rawStream(...good, ...rawPax(rawRecord('path', inFiles('é')), 3)),
    'a pax header with nothing in it': rawStream(...good, rawBlock({ name: `${PARCEL}/PaxHeaders/3`, type: 'x' }), file('x')),
    'a pax header of 8 GiB': rawStream(...good, rawBlock({ name: `${PARCEL}/PaxHeaders/3`, type: 'x', size: 8 ** 11 - 1 })),
    'a pax header of 8,193 bytes': rawStream(...good, rawBlock({ name: `${PARCEL}/PaxHeaders/3`, type: 'x', size: 8_193 })),
    'something in the filling of a pax header': rawStream(...good, rawPax(rawRecord('path', inFiles('é')), 3)[0]!, Buffer.from(rawRecord('path', inFiles('é')).padEnd(511, '\0'))),
    'a pax header of another number': rawStream(...good, ...named(inFiles('é'), 4)),
    'a pax header of another name': rawStream(...good, rawBlock({ name: `./PaxHeaders.1/x`, type: 'x', size: 10 }), blocks(Buffer.from(rawRecord('path', 'é')))),
    'a pax path that needs none': rawStream(...good, ...named(inFiles('x'))),
    'a pax time that needs none': rawStream(...good, ...rawPax(rawRecord('mtime', '1700000000'), 3), file('x')),
    'a pax size that needs none': rawStream(...good, ...rawPax(rawRecord('path', inFiles('é')) + rawRecord('size', '3'), 3), rawBlock({ name: `${PARCEL}/unnamed/3` })),
    'another time in the header': rawStream(...good, ...rawPax(rawRecord('mtime', '1700000000.500'), 3), file('x')),
    'another name in the header': rawStream(...good, ...rawPax(rawRecord('path', inFiles('é')), 3), file('x')),
    'another mode': rawStream(...good, rawBlock({ name: inFiles('x'), set: { 100: '0000755' } })),
    'an owner': rawStream(...good, rawBlock({ name: inFiles('x'), set: { 265: 'root' } })),
    'a link name': rawStream(...good, rawBlock({ name: inFiles('x'), set: { 157: '/etc/passwd' } })),
    'a prefix': rawStream(...good, rawBlock({ name: inFiles('x'), set: { 345: '/etc' } })),
    'GNU magic': rawStream(...good, rawBlock({ name: inFiles('x'), set: { 257: 'ustar  \0' } })),
    'a size in base 256': rawStream(...good, mend(rawBlock({ name: inFiles('x') }).with(124, 0x80))),
    'a size with spaces': rawStream(...good, rawBlock({ name: inFiles('x'), set: { 124: '          0 ' } })),
    'a size below zero': rawStream(...good, rawBlock({ name: inFiles('x'), set: { 124: '-0000000001' } })),
    'a name with bytes behind its end': rawStream(...good, rawBlock({ name: `${inFiles('x')}\0y` })),
    'a name that is not ASCII': rawStream(...good, rawBlock({ name: inFiles('é') })),
    'a wrong checksum': rawStream(...good, rawBlock({ name: inFiles('x') }).with(0, 0x31)),
    noise: rawStream(...good, new Uint8Array(512).fill(0xff)),
  }; // prettier-ignore
  test.each(Object.entries(cases))('%s', (_, stream) => {
    expect(read(stream).code).toBe('tar-damaged');
  });
});

test('files that no parcel has', () => {
  for (const name of [
    'fetch.txt',
    'evil.exe',
    'data/x',
    'data/files',
    'manifest-md5.txt',
    'unnamed/3',
    'PaxHeaders/3',
    'Bagit.txt',
    'bagit.txt/x',
    'meta/x',
  ]) {
    expect(read(rawStream(...good, rawBlock({ name: `${PARCEL}/${name}` })))).toEqual({
      code: 'bag-damaged',
      after: [],
    });
  }
});

test('archives by GNU tar, in each of its formats, are not ours', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, PARCEL, 'data', 'files'), { recursive: true });
  await writeFile(join(folder.path, PARCEL, 'bagit.txt'), 'x');
  for (const format of ['gnu', 'posix', 'ustar', 'v7']) {
    const archive = execFileSync('tar', ['-C', folder.path, `--format=${format}`, '-c', `${PARCEL}/bagit.txt`]);
    expect(['tar-damaged', 'tar-entry-refused']).toContain(read(rawStream(archive)).code);
  }
});

test('ten million tiny files are refused at the limit, without being drawn beyond it', () => {
  const most = 100_000;
  const reader = createTarReader({ parcel: PARCEL, limits: { streamSize: 10_000_000 * 512 + 1024, maxFiles: most } });
  const batch = new Uint8Array(512 * 1_000);
  let files = 0;
  let at = 0;
  expect(() => {
    for (let first = 0; first < 10_000_000; first += 1_000) {
      for (let i = 0; i < 1_000; i++)
        batch.set(encodeHeader({ path: inFiles(String(first + i)), size: 0, modified: 0 }, first + i), 512 * i);
      for (const event of reader.push(at, batch)) if (event.kind === 'end') files++;
      at += batch.length;
    }
  }).toThrow(expect.objectContaining({ code: 'tar-too-many-files', detail: { most } }));
  expect(files).toBe(most);
});

test('folders beyond the limit are refused, however few the files', () => {
  const reader = createTarReader({ parcel: PARCEL, limits: { streamSize: 2 ** 30, maxFiles: 1_000 } });
  const deep = (i: number) => encodeHeader({ path: inFiles(`${i}/${'a/'.repeat(100)}x`), size: 0, modified: 0 }, i);
  let at = 0;
  expect(() => {
    for (let i = 0; i < 1_000; i++) {
      const header = deep(i);
      for (const event of reader.push(at, header)) expect(event.kind).not.toBe('data');
      at += header.length;
    }
  }).toThrow(expect.objectContaining({ code: 'tar-too-many-files' }));
});

test('noise, cut anywhere, is refused or passed over, and never taken for a file', () => {
  const stream = rawStream(...good);
  for (let at = 0; at < 3_000; at += 7) {
    const spoilt = stream.slice();
    spoilt[at]! ^= 0x55;
    const { code } = read(spoilt);
    // Only the bytes of a file itself may differ; who checks the hash sees it.
    const inData = (at >= 512 && at < 566) || (at >= 1536 && at < 1539) || (at >= 2560 && at < 2563);
    expect([at, code === 'taken']).toEqual([at, inData]);
  }
});
