/** The texts of a backup: rows and `about` read as what was written, long lines in little memory, and nothing else is read. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAbout, parseAbout } from '../../server/backup/about.ts';
import { checkBackup } from '../../server/backup/check-backup.ts';
import { linesOf } from '../../server/backup/lines.ts';
import { formatRow, openRows, parseRow } from '../../server/backup/rows.ts';
import type { Row } from '../../server/backup/rows.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const COLUMNS = ['id', 'statement', 'record'];
const value = fc.option(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\\N', '\\', '\t', '\n', '\r\n', '\\x00', '', '\u2028', 'a\\tb'),
  ),
);

test('a row reads as what was written, whatever is in it, and stands in one line', () => {
  fc.assert(
    fc.property(fc.record({ id: value, statement: value, record: value }), (row: Row) => {
      const line = formatRow(COLUMNS, row);
      expect(line).not.toMatch(/[\n\r]/);
      expect(parseRow(COLUMNS, line)).toEqual(row);
    }),
  );
});

test.each([['a\tb'], ['a\tb\tc\td'], ['a\\q\tb\tc'], ['a\tb\tc\\']])('%j is no row of three columns', (line) => {
  expect(() => parseRow(COLUMNS, line)).toThrow('A row of the backup is damaged.');
});

test('“about” reads as what was written, and nothing else does', () => {
  const about = { schema: 6, instance: '0f0e3d0a-1b2c-4d5e-8f90-a1b2c3d4e5f6', number: 12_345 };
  const text = formatAbout(about);
  expect(parseAbout(text)).toEqual(about);
  for (const other of [
    text.slice(0, -1),
    `${text}\n`,
    text.replace('backup 1', 'backup 2'),
    text.replace('6', 'x'),
    '',
  ])
    expect(() => parseAbout(other)).toThrow('another version of this program, or is damaged');
});

test('lines are read as they are, over every boundary; a cut or endless one is refused', async () => {
  await using place = await temporaryFolder();
  const path = join(place.path, 'lines');
  const lines = ['', 'x'.repeat(262_143), 'y'.repeat(262_144), 'ü\r\u2028'.repeat(100_000), '', 'z'];
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  const read: string[] = [];
  for await (const line of linesOf(path)) read.push(line);
  expect(read).toEqual(lines);

  const readAll = async (): Promise<void> => {
    for await (const line of linesOf(path)) expect(line).not.toBe('never');
  };
  await writeFile(path, 'a\nb');
  await expect(readAll()).rejects.toThrow('cut off');
  await writeFile(path, 'a'.repeat(5_000_000));
  await expect(readAll()).rejects.toThrow('too long');
  await writeFile(path, 'id; drop table parcel\n');
  await expect(openRows(path)).rejects.toThrow('does not name its columns');
});

test('a device in the place of a file of a backup is damage, and not read for ever', async () => {
  await using place = await temporaryFolder();
  const [manifest, state] = [join(place.path, 'SHA256SUMS'), join(place.path, 'state-0123456789abcdef')];
  const pace = (): Promise<void> => Promise.resolve();
  await symlink('/dev/zero', manifest);
  await expect(checkBackup(place.path, { pace })).rejects.toThrow('There is no complete backup');
  await rm(manifest);
  await writeFile(manifest, `${'0'.repeat(64)}  state-0123456789abcdef/about\n`);
  await mkdir(state);
  await symlink('/dev/zero', join(state, 'about'));
  await expect(checkBackup(place.path, { pace })).rejects.toThrow('The file about of the backup is not what');
});
