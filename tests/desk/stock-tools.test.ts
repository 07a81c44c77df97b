/** The same bag without this program: age, tar and sha256sum alone, as the README says it. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Decrypter } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import type { MadeParcel } from '../kit/make-parcel.ts';
import { PARCEL, testParcel } from '../kit/parcel-stream.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { desk, scratch } from './desk.ts';

const run = promisify(execFile);

let base: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  base = await scratch();
});
afterAll(() => base.remove());

interface Scene {
  readonly folder: string;
  readonly parcel: MadeParcel;
  /** An age identity file. */
  readonly identities: string;
  /** The bag as the desk extracts it. */
  readonly bag: string;
}

async function scene(kind: 'hybrid' | 'classic'): Promise<Scene> {
  const folder = join(base.folder, kind);
  await mkdir(folder);
  const drop = await makeDrop(folder, kind);
  const { stream } = await testParcel(
    [
      { path: 'каталог/лог.mp4', content: patternBytes(1_500_000, 1), modified: 1_700_000_000_123 },
      { path: `${'n'.repeat(200)}.mov`, content: patternBytes(700_000, 2), modified: 1_600_000_000_000 },
      { path: 'empty', content: patternBytes(0, 3), modified: 0 },
      { path: 'a line\nbreak', content: patternBytes(1, 4), modified: 999 },
    ],
    'A message.\n',
  );
  const parcel = await makeParcelOf(drop, stream, { parcel: PARCEL });
  const identities = join(folder, 'identities.txt');
  await writeFile(identities, (await desk(['identities', drop.keys])).stdout, { mode: 0o600 });
  expect((await desk(['extract', drop.bundle, '--keys', drop.keys, '--out', join(folder, 'out')])).exit).toBe(0);
  return { folder, parcel, identities, bag: join(folder, 'out', PARCEL) };
}

/** Expects what tar made to be what the desk made: bytes, names, times; and sha256sum content with both. */
async function expectSame(stock: string, bag: string): Promise<void> {
  // What the desk puts beside: the tag files of custody. The source's own tag manifest is among them, as it was.
  const beside = ['custody', 'tagmanifest-sha256.txt'];
  await run('diff', ['-r', ...beside.map((name) => `--exclude=${name}`), stock, bag]);
  await run('cmp', [join(stock, 'tagmanifest-sha256.txt'), join(bag, 'custody/sender-tagmanifest-sha256.txt')]);
  for (const folder of [stock, bag]) {
    await run('sha256sum', ['--check', '--strict', '--quiet', 'tagmanifest-sha256.txt'], { cwd: folder });
    const lines = (await readFile(join(folder, 'manifest-sha256.txt'), 'utf8')).split('\n');
    // A name with a line break is percent-encoded in a manifest (RFC 8493), which sha256sum does not undo.
    await writeFile(join(folder, '..', 'plain-names'), lines.filter((line) => !line.includes('%')).join('\n'));
    await run('sha256sum', ['--check', '--strict', '--quiet', '../plain-names'], { cwd: folder });
  }
  const times = await Promise.all(
    [stock, bag].map(async (folder) => {
      const own = ['-path', './custody', '-prune', '-o', '-name', '*manifest-*.txt', '-prune', '-o'];
      return (await run('find', ['.', ...own, '-type', 'f', '-printf', '%P %T@\\n'], { cwd: folder })).stdout;
    }),
  );
  const [theirs, ours] = times.map((text) =>
    text
      .replaceAll(/(\.\d{3})\d*$/gm, '$1')
      .split('\n')
      .toSorted(),
  );
  expect(ours).toStrictEqual(theirs);
}

describe('stock tools', () => {
  test('classic card: age and tar', async () => {
    const age = await run('age', ['--version']).catch(() => null);
    expect(
      age,
      'the program `age` is not installed (Debian: apt-get install age); npm test installs it',
    ).not.toBeNull();
    const { folder, parcel, identities, bag } = await scene('classic');
    const stock = join(folder, 'stock');
    await mkdir(stock);
    const recipe = 'for p in *.age; do age -d -i "$0" "$p" || exit 1; done | tar x -C "$1"';
    await run('sh', ['-c', recipe, identities, stock], { cwd: parcel.folder });
    await expectSame(join(stock, PARCEL), bag);
  });

  test('hybrid card: the age-encryption package and tar', async () => {
    const { folder, parcel, identities, bag } = await scene('hybrid');
    const stock = join(folder, 'stock');
    await mkdir(stock);
    const decrypter = new Decrypter();
    for (const line of (await readFile(identities, 'utf8')).split('\n'))
      if (line.startsWith('AGE-')) decrypter.addIdentity(line);
    const parts = (await readdir(parcel.folder)).filter((name) => name.endsWith('.age')).toSorted();
    const plain: Uint8Array[] = [];
    for (const part of parts) plain.push(await decrypter.decrypt(await readFile(join(parcel.folder, part))));
    await writeFile(join(folder, 'parcel.tar'), Buffer.concat(plain));
    await run('tar', ['xf', join(folder, 'parcel.tar'), '-C', stock]);
    await expectSame(join(stock, PARCEL), bag);
  });
});
