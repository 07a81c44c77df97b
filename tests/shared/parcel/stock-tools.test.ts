/** GNU tar and sha256sum, as every Debian has them, read what the layout writes: names, times, bytes, checksums. */
import { execFileSync, spawnSync } from 'node:child_process';
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromHex } from '../../../shared/bytes/hex.ts';
import { createLayout } from '../../../shared/parcel/layout.ts';
import { fill, PARCEL, testParcel } from '../../kit/parcel-stream.ts';
import type { TestFile } from '../../kit/parcel-stream.ts';
import { patternBytes } from '../../kit/random-bytes.ts';
import { temporaryFolder } from '../../kit/temporary-folder.ts';
import vectors from '../../vectors/parcel-layout.json' with { type: 'json' };
import { TEST_SENDER } from '../../kit/test-mailbox.ts';

const UTF8 = { env: { ...process.env, LC_ALL: 'C.UTF-8' } };
const time = 1_700_000_000_000;
/** The manifest as sha256sum wants it where names hold `%`, CR or LF (docs/protocol.md): BagIt's spelling into that of GNU. */
const FOR_SHA256SUM = String.raw`/%0[AD]/{s/\\/\\\\/g;s/%0A/\\n/g;s/%0D/\\r/g;s/^/\\/};s/%25/%/g`;

const names = [
  'plain.txt', 'folder/plain.txt', 'other/plain.txt', '-rf', '--help', ' leading', 'trailing ', ' ', '  two  spaces  ', '.hidden', '...dots', 'x'.repeat(255), 'é'.repeat(127),
  'x'.repeat(200) + '/' + 'y'.repeat(200) + '/' + 'z'.repeat(200), 'back\\slash', 'back\\nslash', 'видео/Запись 1.mp4', 'مقطع فيديو.mov', '😀/👩‍👩‍👧‍👦.jpg', 'e\u0301', '\u00e9',
  'quote"\'`', '$HOME', '*', '?', '[a]', '{b}', '!', '#', '&', ';', '|', '<>', 'tab\there', 'bell\u0007', 'del\u007f', '\u202etxt.exe', '\ufeffbom', 'CON', 'a:b'.padStart(5, 'a'),
  `exact/${'n'.repeat(100 - PARCEL.length - 1 - 'data/files/exact/'.length)}`, `over/${'n'.repeat(100 - PARCEL.length - 'data/files/over/'.length)}`,
]; // prettier-ignore
const odd = ['100% sure.mp4', '%0A', '%25', '%', 'line\nfeed', 'carriage\rreturn', 'return\r', 'all%\n\r\\n'];
const sizes = [0, 1, 511, 512, 513, 5_000];
const times = [
  0,
  time,
  time + 1,
  time + 123,
  time + 500,
  time + 999,
  1_000,
  999,
  1,
  -1,
  -999,
  -1_000,
  -1_500,
  8_000_000_000_123,
];

const filesOf = (list: readonly string[]): TestFile[] =>
  list.map((path, i) => ({
    path,
    content: patternBytes(sizes[i % sizes.length]!, i + 1),
    modified: times[i % times.length]!,
  }));

/** Unpacks a stream with GNU tar; what it complains of, other than times before 1970 and after today, which it always does. */
function unpack(folder: string, stream: Uint8Array): string[] {
  const { status, stderr } = spawnSync('tar', ['-C', folder, '-x'], { input: stream, encoding: 'utf8', ...UTF8 });
  expect(status).toBe(0);
  return stderr.split('\n').filter((line) => line !== '' && !/implausibly old time stamp|s in the future/.test(line));
}

test('names, times and bytes come out of GNU tar; sha256sum agrees with both manifests', async () => {
  await using folder = await temporaryFolder();
  const files = filesOf(names);
  const { stream, contents, layout } = await testParcel(files, 'Words.\n');
  expect(unpack(folder.path, stream)).toEqual([]);
  const bag = join(folder.path, PARCEL);
  for (const [i, { path, modified }] of layout.payload.entries()) {
    expect(Buffer.from(contents[i]!).equals(await readFile(join(bag, path)))).toBe(true);
    const { mtimeNs, mode } = await stat(join(bag, path), { bigint: true });
    expect([path, mtimeNs]).toEqual([path, BigInt(modified) * 1_000_000n]);
    expect(mode & 0o7133n).toBe(0n);
  }
  const found = await readdir(bag, { recursive: true, withFileTypes: true });
  expect(found.filter((entry) => entry.isFile())).toHaveLength(layout.payload.length + 5);
  for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
    execFileSync('sha256sum', ['--strict', '--quiet', '-c', manifest], { cwd: bag, ...UTF8 });
  }
});

test('names with %, CR or LF: through sed, sha256sum agrees', async () => {
  await using folder = await temporaryFolder();
  const { stream } = await testParcel(filesOf([...odd, 'plain']));
  expect(unpack(folder.path, stream)).toEqual([]);
  const bag = join(folder.path, PARCEL);
  const input = execFileSync('sed', ['-E', FOR_SHA256SUM, 'manifest-sha256.txt'], { cwd: bag });
  execFileSync('sha256sum', ['--strict', '--quiet', '-c', '-'], { cwd: bag, input, ...UTF8 });
});

test('in a C locale the bytes of the names are the same', async () => {
  await using folder = await temporaryFolder();
  const { stream, layout } = await testParcel(filesOf(names));
  const { status } = spawnSync('tar', ['-C', folder.path, '-x'], {
    input: stream,
    env: { ...process.env, LC_ALL: 'C' },
  });
  expect(status).toBe(0);
  for (const { path, size } of layout.payload) expect((await stat(join(folder.path, PARCEL, path))).size).toBe(size);
});

test('a parcel of words alone, and the streams of the vectors', async () => {
  await using folder = await temporaryFolder();
  const { stream } = await testParcel([], 'Only words.');
  expect(unpack(folder.path, stream)).toEqual([]);
  expect(await readFile(join(folder.path, PARCEL, 'data', 'message.txt'), 'utf8')).toBe('Only words.');
  execFileSync('sha256sum', ['--quiet', '-c', 'manifest-sha256.txt'], { cwd: join(folder.path, PARCEL) });
  for (const { tar, contents, input } of vectors.parcels) {
    await using place = await temporaryFolder();
    expect(unpack(place.path, fromHex(tar.join('')))).toEqual([]);
    const last = input.files.at(-1)!;
    expect((await readFile(join(place.path, PARCEL, 'data', 'files', last.path))).toString('hex')).toBe(
      contents.at(-1),
    );
  }
});

test('a file of over 8 GiB stands in the archive with its size and time', async () => {
  await using folder = await temporaryFolder();
  const size = 9 * 1024 ** 3 + 1;
  const layout = createLayout({
    parcel: PARCEL,
    day: '2026-11-24',
    sender: TEST_SENDER,
    replyRecipient: null,
    message: null,
    messageModified: 0,
    files: [
      { path: 'large.mp4', size, modified: time + 250 },
      { path: 'small', size: 1, modified: time },
    ],
  });
  const archive = join(folder.path, 'archive.tar');
  await writeFile(archive, '');
  const file = await open(archive, 'r+');
  const late = {
    'payload-status': new Uint8Array(100),
    manifest: new Uint8Array(1_000),
    tagmanifest: new Uint8Array(1_000),
  };
  const start = layout.dataOffset(0);
  await file.write(fill(layout.piecesIn(0, start), [], late), 0, start, 0);
  const end = fill(layout.piecesIn(start + size, layout.paddedSize), [new Uint8Array(0), new Uint8Array(1)], late);
  await file.write(end, 0, end.length, start + size);
  await file.close();
  const listing = execFileSync('tar', ['-tvf', archive, '--full-time', '--utc'], { encoding: 'utf8', ...UTF8 }).split(
    '\n',
  );
  expect(listing[2]).toContain(` ${size} 2023-11-14 22:13:20.25 ${PARCEL}/data/files/large.mp4`);
  expect(listing[3]).toMatch(/ 1 2023-11-14 22:13:20 .*\/data\/files\/small$/);
  expect(listing).toHaveLength(8);
});
