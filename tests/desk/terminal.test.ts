/** What strangers wrote is shown on a terminal as text and obeyed in nothing. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatRanges, formatSeconds, formatSize } from '../../desk/terminal/amounts.ts';
import { printable, printableStart } from '../../desk/terminal/printable.ts';
import { silentProgress, terminalProgress } from '../../desk/terminal/progress.ts';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import type { Drop } from '../kit/make-parcel.ts';
import { PARCEL, testParcel } from '../kit/parcel-stream.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { desk, deskJson, scratch } from './desk.ts';

const OBEYED =
  // oxlint-disable-next-line no-control-regex -- exactly what must not reach a terminal
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

describe('printable', () => {
  test('no text can steer a terminal or turn the line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(printable(text)).not.toMatch(OBEYED);
        expect(printable(text)).not.toContain('\n');
      }),
      { numRuns: 2000 },
    );
  });

  test('two texts never look alike by escaping', () => {
    expect(printable('\u001b')).not.toBe(printable('\\x1b'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5 }), fc.string({ unit: 'binary', maxLength: 5 }), (a, b) => {
        expect(printable(a) === printable(b)).toBe(a === b);
      }),
    );
  });

  test.each([
    ['\u001b[2J\u001b]0;title\u0007', '\\x1b[2J\\x1b]0;title\\x07'],
    ['photo\u202egnp.exe', 'photo\\u{202e}gnp.exe'],
    ['a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['\ud800', '\\u{d800}'],
    ['Ноевгород، لقطة 👩🏽‍🚒 می‌خواهم', 'Ноевгород، لقطة 👩🏽‍🚒 می‌خواهم'],
  ])('%j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test('long text is cut between characters', () => {
    expect(printableStart('🎥'.repeat(50), 10)).toBe(`${'🎥'.repeat(9)}…`);
    expect(printableStart('short', 10)).toBe('short');
  });
});

describe('amounts', () => {
  test.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.00 kB'],
    [6_442_450_944, '6.44 GB'],
    [999_999, '1.00 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  test('times and ranges', () => {
    expect([0, 61, 3661].map((seconds) => formatSeconds(seconds))).toStrictEqual(['0:00', '1:01', '1:01:01']);
    expect(
      formatRanges(
        [
          [0, 3],
          [7, 7],
          [9, 12],
        ],
        2,
      ),
    ).toBe('0-3, 7 and 1 more ranges');
  });
});

test('progress is drawn on a terminal and nowhere else', () => {
  let time = 0;
  let drawn = '';
  const stream = { isTTY: true, columns: 60, write: (text: string) => (drawn += text) };
  const bar = terminalProgress(stream, () => time).start('0123abcd', 1_000_000);
  for (; time <= 2000; time += 50) bar.update(time * 400);
  bar.end();
  expect(drawn).toContain('0123abcd');
  expect(drawn.endsWith('\r\u001b[K')).toBe(true);
  for (const line of drawn.split('\r\u001b[K')) expect(line.length).toBeLessThan(60);
  expect(terminalProgress({ write: () => expect.unreachable() }, () => 0)).toBe(silentProgress);
});

describe('desk list', () => {
  let base: Awaited<ReturnType<typeof scratch>>;
  let drop: Drop;
  beforeAll(async () => {
    base = await scratch();
    drop = await makeDrop(base.folder, 'hybrid');
    const evil = 'First line \u001b[31mred\nsecond \u202eline\u009b\n\nfourth\nfifth';
    const { stream } = await testParcel(
      [{ path: 'a/\u001b[2Jb\u202egpj.exe', content: patternBytes(2_000_000) }],
      evil,
    );
    await makeParcelOf(drop, stream, { parcel: PARCEL });
  });
  afterAll(() => base.remove());

  test('shows size, day, number of files and the first lines, all escaped', async () => {
    const { exit, stdout, stderr } = await desk(['list', drop.bundle, '--keys', drop.keys]);
    expect({ exit, stderr }).toStrictEqual({ exit: 0, stderr: '' });
    expect(stdout).toContain('sealed; 2.03 MB; received 2026-11-24; a message; 1 file');
    expect(stdout).toContain('  | First line \\x1b[31mred\n  | second \\u{202e}line\\x9b\n  | \n  | fourth\n');
    expect(stdout).not.toContain('fifth');
    expect(stdout).not.toMatch(OBEYED);
    const { json } = await deskJson(['list', drop.bundle, '--keys', drop.keys]);
    expect(json['parcels']).toMatchObject([{ parcel: PARCEL, state: 'sealed', files: 1, received: '2026-11-24' }]);
  });

  test('in JSON they are escapes as well, and the values are the same', async () => {
    for (const args of [['list'], ['conversation', '--to', PARCEL], ['verify']]) {
      const [command, ...rest] = args as [string, ...string[]];
      const { stdout } = await desk([command, drop.bundle, '--keys', drop.keys, ...rest, '--json']);
      expect(stdout).not.toMatch(OBEYED);
      if (command !== 'verify') expect(JSON.stringify(JSON.parse(stdout))).toContain('second \u202eline\u009b');
    }
  });

  test('names in findings are escaped too', async () => {
    await rm(join(drop.bundle, 'inbox', PARCEL, '000001.age'));
    const { exit, stdout } = await desk(['verify', drop.bundle, '--keys', drop.keys]);
    expect(exit).toBe(1);
    expect(stdout).toContain('data/files/a/\\x1b[2Jb\\u{202e}gpj.exe is incomplete');
    expect(stdout).not.toMatch(OBEYED);
  });

  test('one parcel can be chosen by the beginning of its id', async () => {
    expect((await desk(['list', drop.bundle, '--keys', drop.keys, '--parcel', PARCEL.slice(0, 4)])).exit).toBe(0);
    const none = await deskJson(['list', drop.bundle, '--keys', drop.keys, '--parcel', 'ffff']);
    expect(none).toMatchObject({ exit: 3, json: { error: { code: 'parcel-id' } } });
  });

  test('other keys see that it is not for them', async () => {
    const other = await scratch();
    const stranger = await makeDrop(other.folder);
    const { stdout, exit } = await desk(['list', drop.bundle, '--keys', stranger.keys]);
    expect(exit).toBe(1);
    expect(stdout).toContain('not signed by the root key of the organisation');
    await other.remove();
  });

  test('what is no bundle is said not to be one', async () => {
    expect((await deskJson(['list', base.folder, '--keys', drop.keys])).json['error']).toMatchObject({
      code: 'bundle-missing',
    });
  });
});
