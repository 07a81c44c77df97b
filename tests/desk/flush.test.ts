/** A folder is on the disk before it is called done, with the program `sync` and without it. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flushTree } from '../../desk/case/flush.ts';
import { scratch } from './desk.ts';

let base: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  base = await scratch();
  await mkdir(join(base.folder, 'a/b'), { recursive: true });
  for (let i = 0; i < 40; i++) await writeFile(join(base.folder, 'a/b', `file ${i}`), 'x');
  await symlink('/nowhere', join(base.folder, 'a/link'));
});
afterAll(() => base.remove());

test.each(['sync', 'no-such-program', 'false'])('with %s', async (program) => {
  await expect(flushTree(base.folder, program)).resolves.toBeUndefined();
});

test('a folder that is not there is an error, not silence', async () => {
  await expect(flushTree(join(base.folder, 'gone'))).rejects.toMatchObject({ code: 'ENOENT' });
});
