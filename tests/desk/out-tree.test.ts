/** Names that a file system cannot take: stored under another name, recorded, and never outside of the folder. */
import { closeSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOutTree } from '../../desk/case/out-tree.ts';
import { isReserved, safeName } from '../../desk/case/safe-names.ts';
import { scratch } from './desk.ts';

let base: Awaited<ReturnType<typeof scratch>>;
let count = 0;
beforeAll(async () => {
  base = await scratch();
});
afterAll(() => base.remove());

async function freshTree(platform?: NodeJS.Platform) {
  const root = join(base.folder, String(++count));
  await mkdir(root);
  return { root, tree: createOutTree(root, platform) };
}

async function paths(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted();
}

test('plain names are kept', async () => {
  const { root, tree } = await freshTree();
  for (const path of ['data/files/a', 'data/files/б/в.mp4', 'bagit.txt']) closeSync(tree.create(path).fd);
  expect(await paths(root)).toStrictEqual(['bagit.txt', 'data/files/a', 'data/files/б/в.mp4']);
  expect(tree.renamed()).toStrictEqual([]);
});

test('a name over 255 bytes is stored under a safe one, extension kept, and its folder too', async () => {
  const { root, tree } = await freshTree();
  const file = `data/files/${'д'.repeat(200)}.MP4`;
  const folder = `data/files/${'x'.repeat(300)}`;
  closeSync(tree.create(file).fd);
  closeSync(tree.create(`${folder}/in it`).fd);
  expect(await paths(root)).toStrictEqual(
    [`data/files/${safeName(file)}`, `data/files/${safeName(folder)}/in it`].toSorted(),
  );
  expect(tree.renamed().map(({ path }) => path)).toStrictEqual([file, folder]);
  expect(safeName(file)).toMatch(/^renamed-[0-9a-f]{16}\.mp4$/);
});

test('a name that is there already, as on disks that do not tell cases apart, does not overwrite', async () => {
  const { root, tree } = await freshTree();
  // The second stands for `A.mp4` after `a.mp4` where the two are one: the system answers that the name is taken.
  closeSync(tree.create('data/a.mp4').fd);
  closeSync(tree.create('data/a.mp4').fd);
  expect(await paths(root)).toStrictEqual(['data/a.mp4', `data/${safeName('data/a.mp4')}`]);
});

test('a path that is too long as a whole goes to the top of data', async () => {
  const { root, tree } = await freshTree();
  const path = `data/files/${Array.from({ length: 24 }, () => 'f'.repeat(200)).join('/')}`;
  closeSync(tree.create(path).fd);
  expect(tree.renamed().length).toBeGreaterThan(0);
  expect(await paths(root)).toHaveLength(1);
});

test('removing and marking find the file under its stored name', async () => {
  const { root, tree } = await freshTree();
  const long = `data/${'y'.repeat(300)}`;
  closeSync(tree.create(long).fd);
  closeSync(tree.create('data/z').fd);
  tree.mark('data/z', '.incomplete');
  tree.remove(long);
  expect(await paths(root)).toStrictEqual(['data/z.incomplete']);
});

describe('Windows', () => {
  test.each(['CON', 'nul.txt', 'com1', 'LPT9.log', 'a:b', 'a?b', 'trailing.', 'trailing ', 'a\\b', 'tab\t'])(
    '%j is reserved',
    (name) => {
      expect(isReserved(name, 'win32')).toBe(true);
      expect(isReserved(name, 'linux')).toBe(false);
    },
  );

  test.each(['console', 'icon', 'a b', '.hidden', 'кадр', 'com10'])('%j is not', (name) => {
    expect(isReserved(name, 'win32')).toBe(false);
  });

  test('reserved names are replaced before the system can alter them', async () => {
    const { root, tree } = await freshTree('win32');
    closeSync(tree.create('data/files/aux.mp4').fd);
    expect(await paths(root)).toStrictEqual([`data/files/${safeName('data/files/aux.mp4')}`]);
  });
});
