/** The order of files in the list, and the search by name. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FileView } from '../../../desk/viewer/api.ts';
import { ORDERS, pickFiles, splitPath } from '../../../desk/viewer/file/sort-files.ts';

const file = (index: number, path: string, size = 1): FileView => ({
  index,
  path,
  size,
  kind: 'other',
  type: 'application/octet-stream',
  whole: true,
  href: '',
});
const FILES = [file(0, 'night/frame 10.png', 5), file(1, 'night/frame 9.png', 7), file(2, 'Day/Über.txt', 5)];
const paths = (files: readonly FileView[]) => files.map(({ path }) => path);
const some = fc
  .array(fc.tuple(fc.string(), fc.nat(20)))
  .map((all) => all.map(([path, size], i) => file(i, path, size)));

describe('files', () => {
  test('are listed as sent, by name with numbers as numbers, and by size', () => {
    expect(paths(pickFiles(FILES, '', 'archive'))).toEqual(paths(FILES));
    expect(paths(pickFiles(FILES, '', 'name'))).toEqual(['Day/Über.txt', 'night/frame 9.png', 'night/frame 10.png']);
    expect(pickFiles(FILES, '', 'largest').map(({ index }) => index)).toEqual([1, 0, 2]);
    expect(pickFiles(FILES, '', 'smallest').map(({ index }) => index)).toEqual([0, 2, 1]);
  });

  test.for<[string, number[]]>([
    ['FRAME', [0, 1]],
    ['  9  night ', [1]],
    ['über', [2]],
    ['frame day', []],
    ['.*', []],
  ])('are found by all words of a search: %j', ([search, found]) => {
    expect(pickFiles(FILES, search, 'archive').map(({ index }) => index)).toEqual(found);
  });

  test('are all there in every order, and none of them twice', () => {
    fc.assert(
      fc.property(some, fc.constantFrom(...ORDERS), (files, order) => {
        expect(pickFiles(files, '', order).toSorted((a, b) => a.index - b.index)).toEqual(files);
      }),
    );
  });

  test('have a folder and a name that are the path again', () => {
    expect(splitPath('a/b/c.txt')).toEqual({ folder: 'a/b/', name: 'c.txt' });
    expect(splitPath('c.txt')).toEqual({ folder: '', name: 'c.txt' });
    fc.assert(
      fc.property(fc.string(), (path) => {
        const { folder, name } = splitPath(path);
        expect(folder + name).toBe(path);
        expect(name).not.toContain('/');
      }),
    );
  });
});
