/** Which of several files that look the same stands for which: by the ends of their paths, then by time. */
import { expect, test } from 'vitest';
import { assign } from '../../../client/upload/assign.ts';
import type { PickedFile } from '../../../client/upload/submission-types.ts';
import type { LedgerFile } from '../../../shared/ledger/entry.ts';

const LARGE = 200_000;
const file = (path: string, size = LARGE, modified = 1): LedgerFile => ({
  path,
  size,
  modified,
  sha256: size === LARGE ? null : new Uint8Array(32),
});
function pick(path: string, size = LARGE, modified = 2): PickedFile {
  return { path, file: new File([new Uint8Array(size)], 'x', { lastModified: modified }) };
}
const paths = (files: readonly LedgerFile[], candidates: readonly PickedFile[]) =>
  assign(files, candidates).map((chosen) => chosen?.path ?? null);

test('the path that ends the same way, whatever comes before it', () => {
  const files = [file('trip/a/1.jpg'), file('trip/b/1.jpg'), file('trip/b/2.jpg')];
  const candidates = [pick('stick/b/2.jpg'), pick('1.jpg'), pick('old/trip/b/1.jpg')];
  expect(paths(files, candidates)).toEqual(['1.jpg', 'old/trip/b/1.jpg', 'stick/b/2.jpg']);
});

test('of equal ends, the one with the same time', () => {
  const candidates = [pick('x/1.jpg'), pick('y/1.jpg', LARGE, 1)];
  expect(paths([file('a/1.jpg')], candidates)).toEqual(['y/1.jpg']);
});

test('a large one stands for one, a small one for all that are equal to it', () => {
  expect(paths([file('a'), file('b')], [pick('b')])).toEqual([null, 'b']);
  expect(paths([file('a', 10), file('b', 10), file('c', 10)], [pick('x', 10), pick('y', 10)])).toEqual(['x', 'y', 'x']);
  expect(paths([file('a')], [])).toEqual([null]);
});
