/** No path that leads out of the parcel passes, and every name a browser can hand over is made one that does. */
import fc from 'fast-check';
import { posix, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { areDistinct, checkPath, cleanPath, distinctPaths } from '../../../shared/parcel/path.ts';
import { rawPath } from '../../kit/arbitrary-files.ts';

const refused = (path: string) => {
  try {
    checkPath(path);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'path-unsafe' });
    return true;
  }
};

test('paths that escape, or that some system takes for another, are refused', () => {
  const bad = [
    '', '/', '/etc/passwd', '..', '../x', 'a/..', 'a/../b', 'a/../../b', '.', './a', 'a/.', 'a/./b', 'a//b', 'a/', '~', '~/x', '~root/x',
    'C:', 'C:/x', 'c:x', 'z:\\x', '\\x', '\\\\server\\share', '..\\x', 'a\\..\\b', 'a/b\\..', '.. ', '...', '. .', 'a/.. /b', 'a\0b', '\0',
    '\ud800', 'a/\udc00b', 'x'.repeat(256), 'é'.repeat(128), Array.from({ length: 1_000 }, () => 'abcd').join('/'),
  ]; // prettier-ignore
  for (const path of bad) expect([path, refused(path)]).toEqual([path, true]);
});

test('odd but harmless names pass', () => {
  const good = [
    'a', '.a', '..a', 'a..', '...a', '.. a', 'a/.b', '-rf', ' ', 'a ', ' a', 'a\nb', 'a\rb', '100%', '%2e%2e/x', 'a~', 'a/~', 'a/C:', 'CC:', 'a\\b',
    'x'.repeat(255), 'é'.repeat(127), '😀', 'ملف', 'CON', 'ab:c', Array.from({ length: 768 }, () => 'abcd').join('/'),
  ]; // prettier-ignore
  for (const path of good) expect([path, refused(path)]).toEqual([path, false]);
});

test('a path that passes stays inside when joined, on every system', () => {
  fc.assert(
    fc.property(rawPath, (path) => {
      if (refused(path)) return;
      expect(posix.join('/out', path)).toBe(`/out/${path}`);
      expect(win32.join('C:\\out', path).startsWith('C:\\out\\')).toBe(true);
      expect(win32.isAbsolute(path) || posix.isAbsolute(path)).toBe(false);
    }),
    { numRuns: 3_000 },
  );
});

test('a cleaned path passes, cleaning it again changes nothing, and a good one is left alone', () => {
  fc.assert(
    fc.property(rawPath, (raw) => {
      const { path, changed } = cleanPath(raw);
      expect(refused(path)).toBe(false);
      expect(changed).toBe(path !== raw);
      expect(changed).toBe(refused(raw));
      expect(cleanPath(path)).toEqual({ path, changed: false });
    }),
    { numRuns: 5_000 },
  );
});

test('what cleaning makes of names', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a/\ud800.mp4', 'a/\ufffd.mp4'],
    ['../x', '_./x'],
    ['/x', 'x'],
    ['~$letter.docx', '_~$letter.docx'],
    ['C:x', 'C_x'],
    ['\\x', '_x'],
    ['', '_'],
    ['a\0b', 'a_b'],
    [`${'é'.repeat(200)}.mp4`, `${'é'.repeat(125)}.mp4`],
  ];
  for (const [raw, path] of cases) expect(cleanPath(raw)).toEqual({ path, changed: true });
});

test('a hundred thousand folders deep or a megabyte long is made short in no time', () => {
  for (const raw of ['a/'.repeat(100_000), 'x'.repeat(1_000_000), '../'.repeat(100_000), '\\..'.repeat(100_000)]) {
    expect(refused(cleanPath(raw).path)).toBe(false);
  }
});

test('distinct paths are distinct, clean, as many, and change nothing that was distinct', () => {
  const few = fc.constantFrom(
    'a',
    'a/b',
    'a (2)',
    'a/b.txt',
    'a/b (2).txt',
    'a/b (3).txt',
    'é'.repeat(127),
    `${'x'.repeat(251)}.mp4`,
    '.x',
    'a/b/c',
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          few,
          few,
          rawPath.map((raw) => cleanPath(raw).path),
        ),
        { maxLength: 40 },
      ),
      (paths) => {
        const distinct = distinctPaths(paths);
        expect(distinct).toHaveLength(paths.length);
        expect(areDistinct(distinct)).toBe(true);
        for (const path of distinct) expect(refused(path)).toBe(false);
        if (areDistinct(paths)) expect(distinct).toEqual(paths);
        expect(distinctPaths(distinct)).toEqual(distinct);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('equal names are numbered before the extension, and names that differ in case or normal form stay', () => {
  expect(distinctPaths(['a/b.txt', 'a/b.txt', 'a/b.txt'])).toEqual(['a/b.txt', 'a/b (2).txt', 'a/b (3).txt']);
  expect(distinctPaths(['x', 'x', 'x (2)'])).toEqual(['x', 'x (3)', 'x (2)']);
  expect(distinctPaths(['a', 'a/b'])).toEqual(['a (2)', 'a/b']);
  expect(distinctPaths(['A', 'a', '\u00e9', 'e\u0301'])).toEqual(['A', 'a', '\u00e9', 'e\u0301']);
});

test('a hundred thousand equal names are told apart in good time', () => {
  const distinct = distinctPaths(Array.from({ length: 100_000 }, () => 'image.jpg'));
  expect(new Set(distinct).size).toBe(100_000);
  expect(distinct.at(-1)).toBe('image (100000).jpg');
});
