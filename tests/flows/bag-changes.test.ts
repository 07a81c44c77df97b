/** A bag that somebody altered between two reports: what no hash of the report covers is found, too, by the desk and by the script that lies with the report. */
import { appendFile, cp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop } from '../kit/make-parcel.ts';
import { run } from '../kit/programs.ts';
import { desk, scratch } from '../desk/desk.ts';
import { makeSource, send } from '../desk/source.ts';

let folder: string;
let remove: () => Promise<void>;
let drop: Drop;
let bag: string;
let root: string;

beforeAll(async () => {
  ({ folder, remove } = await scratch());
  drop = await makeDrop(folder);
  const files = [{ path: 'a.txt', content: Buffer.from('abc') }];
  const { parcel } = await send(drop, await makeSource(), { message: 'Words', files });
  await desk(['extract', drop.bundle, '--keys', drop.keys, '--out', join(folder, 'out')]);
  bag = join(folder, 'out', parcel);
  root = (await desk(['root', drop.keys])).stdout.trim();
});
afterAll(() => remove());

/** What the script says of a bag, and the desk, which reports on it once more; the script again of what that wrote. */
async function judge(name: string, alter: (copy: string) => Promise<void>) {
  const copy = join(folder, name);
  await cp(bag, copy, { recursive: true });
  await alter(copy);
  const check = () =>
    run('python3', ['-I', join(bag, 'custody/verify_report.py'), copy, '--root', root, '--bundle', drop.bundle]);
  const before = await check();
  const { exit, stderr } = await desk(['report', copy, '--keys', drop.keys]);
  return { before: before.code, exit, stderr, after: exit === 3 ? null : (await check()).code, copy };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('one that was left alone holds, as often as it is reported on', async () => {
  expect(await judge('same', () => Promise.resolve())).toMatchObject({ before: 0, exit: 0, after: 0 });
});

test.for<[string, string, (copy: string) => Promise<void>]>([
  [
    'a file is added to the payload',
    'data/files/more.mp4',
    (copy) => writeFile(join(copy, 'data/files/more.mp4'), 'x'),
  ],
  ['a tag file is altered', 'bag-info.txt', (copy) => appendFile(join(copy, 'bag-info.txt'), 'Contact-Name: X\n')],
  ['a tag file is taken away', 'payload-status.txt', (copy) => rm(join(copy, 'payload-status.txt'))],
  [
    "a tag file is altered, and its line in the source's own manifest",
    'bag-info.txt',
    async (copy) => {
      await appendFile(join(copy, 'bag-info.txt'), 'Contact-Name: X\n');
      const hash = sha256(await readFile(join(copy, 'bag-info.txt')));
      for (const name of ['tagmanifest-sha256.txt', 'custody/sender-tagmanifest-sha256.txt']) {
        const text = await readFile(join(copy, name), 'utf8');
        await writeFile(join(copy, name), text.replace(/^\w{64}(?= {2}bag-info)/m, hash));
      }
    },
  ],
])('%s: both say so, and the new report names it', async ([name, path, alter]) => {
  const { before, exit, after, copy } = await judge(name.replaceAll(/\W/g, '-'), alter);
  expect({ before, exit, after }).toEqual({ before: 1, exit: 1, after: 1 });
  const report = JSON.parse(await readFile(join(copy, 'custody/report.json'), 'utf8')) as {
    state: string;
    gaps: string[];
  };
  expect(report.state).toBe('damaged');
  expect(report.gaps).toContain(`${path} does not lie there as it was written.`);
});

test('nothing is written through a link in the place of custody/', async () => {
  const elsewhere = join(folder, 'elsewhere');
  const { exit, stderr } = await judge('linked', async (copy) => {
    await rename(join(copy, 'custody'), elsewhere);
    await symlink(elsewhere, join(copy, 'custody'));
  });
  expect(exit).toBe(3);
  expect(stderr).toContain('report');
});
