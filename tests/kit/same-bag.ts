/** What comes out of a desk or out of tar, held against what went in: bytes, names, times, checksums. */
import { expect } from 'vitest';
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
  expect(diff.out + diff.err).toBe('');
  expect(diff.code).toBe(0);
  const sums = await run('sha256sum', ['--check', '--strict', '--quiet', 'manifest-sha256.txt'], { cwd: bag });
  expect(sums.out + sums.err).toBe('');
  const tags = await run('sha256sum', ['--check', '--strict', '--quiet', 'tagmanifest-sha256.txt'], { cwd: bag });
  expect(tags.out + tags.err).toBe('');
  for (const path of paths) {
    const [before, after] = [await stat(join(folder, path)), await stat(join(files, path))];
    expect(Math.abs(before.mtimeMs - after.mtimeMs), `time of ${path}`).toBeLessThan(2);
  }
}
