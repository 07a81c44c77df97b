/** Adding files: names that a parcel can keep, each told when it had to change, and nothing twice. */
import { describe, expect, test } from 'vitest';
import { addFiles, inputPicks, totalSize } from '../../../client/choose/chosen.ts';
import { groupsOf, pageOf } from '../../../client/choose/groups.ts';
import { checkPath } from '../../../shared/parcel/path.ts';

function file(name: string, size = 1, lastModified = 1_700_000_000_000): File {
  return new File([new Uint8Array(size)], name, { lastModified });
}

function pick(path: string, size?: number, lastModified?: number) {
  return { path, file: file(path, size, lastModified) };
}

describe('adding', () => {
  test('keeps the order and the names of ordinary files', () => {
    const { files, added, cleaned, renamed } = addFiles([], [pick('b/Приклад.mov', 3), pick('a.txt', 4)]);
    expect(files.map((chosen) => chosen.path)).toEqual(['b/Приклад.mov', 'a.txt']);
    expect(totalSize(files)).toBe(7);
    expect({ added, cleaned, renamed }).toEqual({ added: 2, cleaned: [], renamed: [] });
  });

  test('the same folder chosen twice is there once', () => {
    const first = addFiles([], [pick('f/a'), pick('f/b')]);
    const second = addFiles(first.files, [pick('f/a'), pick('f/b'), pick('f/c')]);
    expect(second).toMatchObject({ added: 1, again: 2 });
    expect(second.files).toHaveLength(3);
  });

  test('another file of the same name gets a name of its own, and that is told once', () => {
    const first = addFiles([], [pick('clip.mp4', 10)]);
    const second = addFiles(first.files, [pick('clip.mp4', 20)]);
    expect(second.renamed).toEqual([{ from: 'clip.mp4', to: 'clip (2).mp4' }]);
    expect(addFiles(second.files, [pick('other')]).renamed).toEqual([]);
  });

  test('a name that no parcel can keep is made safe, and that is told', () => {
    const { files, cleaned } = addFiles([], [pick('bad\ud800name.txt'), pick('../up.txt', 2), pick('x/nul\0.txt', 3)]);
    expect(cleaned).toHaveLength(3);
    expect(cleaned[0]).toEqual({ from: 'bad\ufffdname.txt', to: 'bad\ufffdname.txt' });
    for (const { path } of files) expect(() => checkPath(path)).not.toThrow();
  });

  test('a folder gives its files with the path below it', () => {
    const inFolder = file('a.txt');
    Object.defineProperty(inFolder, 'webkitRelativePath', { value: 'folder/sub/a.txt' });
    expect(inputPicks([inFolder, file('alone.txt')]).map(({ path }) => path)).toEqual([
      'folder/sub/a.txt',
      'alone.txt',
    ]);
  });

  test('100,000 files are added, grouped and paged in time that grows no faster than they do', () => {
    const shared = file('x');
    const picks = Array.from({ length: 100_000 }, (_, i) => ({
      path: `folder/${i % 300}/clip ${i}.mp4`,
      file: shared,
    }));
    const started = performance.now();
    const { files } = addFiles([], picks);
    const again = addFiles(files, picks);
    const groups = groupsOf(again.files);
    // A fraction of this alone on a machine; a cost that grows with the square would take minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(again).toMatchObject({ added: 0, again: 100_000 });
    expect(groups).toHaveLength(1);
    expect(pageOf(groups[0]!.files, 3999, 25)).toMatchObject({ pages: 4000, from: 99_976, to: 100_000 });
  });
});

describe('the list', () => {
  test('one line a folder and one a single file, in order of first appearance', () => {
    const { files } = addFiles([], [pick('f/a', 1), pick('single', 2), pick('f/deep/b', 3)]);
    expect(groupsOf(files).map(({ name, isFolder, size }) => [name, isFolder, size])).toEqual([
      ['f', true, 4],
      ['single', false, 2],
    ]);
  });

  test('a page that is gone is the last one, and an empty list is one empty page', () => {
    expect(pageOf([1, 2, 3], 9, 2)).toEqual({ items: [3], page: 1, pages: 2, from: 3, to: 3 });
    expect(pageOf([], 0, 2)).toEqual({ items: [], page: 0, pages: 1, from: 0, to: 0 });
  });
});
