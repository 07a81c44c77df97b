/** What comes out of a desk or out of tar, held against what went in: bytes, names, times, checksums. */
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './programs.ts';

/**
 * Expects the bag in `bag` to hold exactly the files of `folder` below `data/files/<below>`, by `diff -r`; its manifest to pass
 * `sha256sum -c`; each file's time to be its own. Chromium hands out times up to a millisecond early: so two are allowed.
 */
export async function expectSameBag(
  bag: string,
  folder: string,
  below: string,
  paths: readonly string[],
): Promise<void> {
  const files = join(bag, 'data/files', below);
  const diff = await run('diff', ['-r', '--brief', folder, files]);
  assert.equal(diff.out + diff.err, '');
  assert.equal(diff.code, 0);
  const sums = await run('sha256sum', ['--check', '--strict', '--quiet', 'manifest-sha256.txt'], { cwd: bag });
  assert.equal(sums.out + sums.err, '');
  const tags = await run('sha256sum', ['--check', '--strict', '--quiet', 'tagmanifest-sha256.txt'], { cwd: bag });
  assert.equal(tags.out + tags.err, '');
  for (const path of paths) {
    const [before, after] = [await stat(join(folder, path)), await stat(join(files, path))];
    assert.ok(Math.abs(before.mtimeMs - after.mtimeMs) < 2, `time of ${path}`);
  }
}
