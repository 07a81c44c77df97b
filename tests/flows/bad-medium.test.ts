/** Media that fail: a stick pulled out or gone bad in the middle of reading, one that cannot be written, a disk that is full. Each time the person is told, nothing is lost, and the next try is whole. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, statfsSync, writeSync } from 'node:fs';
import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDesk } from '../../desk/run.ts';
import { silentProgress } from '../../desk/terminal/progress.ts';
import type { RunResult } from '../../desk/run.ts';
import type { Progress } from '../../desk/terminal/progress.ts';
import { deskJson, scratch } from '../desk/desk.ts';
import { makeSource, send } from '../desk/source.ts';
import { mountFailingDisk } from '../kit/failing-disk.ts';
import type { FailingDisk } from '../kit/failing-disk.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { PROJECT, run } from '../kit/programs.ts';
import { mountSmallDisk } from '../kit/small-disk.ts';

const MIB = 1_048_576;
const FILES = 24;

interface Scene extends AsyncDisposable {
  readonly folder: string;
  readonly drop: Drop;
  readonly made: MadeParcel;
  /** The bundle as it lies on the stick. */
  readonly stick: string;
  readonly disk: FailingDisk;
}

/** A parcel of 24 MiB, one file a part, on a stick. */
async function onStick(): Promise<Scene> {
  const { folder, remove } = await scratch();
  const drop = await makeDrop(folder);
  const files = Array.from({ length: FILES }, (_, i) => ({ path: `${i}.mp4`, content: randomBytes(MIB - 1024) }));
  const made = await send(drop, await makeSource(), { files });
  const mount = join(folder, 'stick');
  const disk = await mountFailingDisk(
    mount,
    join(folder, 'image'),
    async () => {
      // What comes first lies at the beginning: all but the parts.
      const small = ['card.note', join('inbox', made.parcel, 'envelope.json')];
      for (const name of small) await cp(join(drop.bundle, name), join(mount, 'bundle', name), { recursive: true });
      await run('sync', ['-f', mount]);
      await cp(drop.bundle, join(mount, 'bundle'), { recursive: true });
    },
    64,
  );
  return {
    folder,
    drop,
    made,
    disk,
    stick: join(mount, 'bundle'),
    async [Symbol.asyncDispose]() {
      await disk[Symbol.asyncDispose]();
      await remove();
    },
  };
}

/** The desk, with something that happens when half of a parcel has been read. */
async function deskWith(args: readonly string[], atHalf: () => void): Promise<RunResult> {
  const progress: Progress = {
    start: (_, total) => {
      let done = false;
      return {
        update(bytes) {
          if (!done && bytes >= total / 2) {
            done = true;
            atHalf();
          }
        },
        end: () => undefined,
      };
    },
  };
  return runDesk(args, {
    now: () => new Date('2026-11-24T10:20:30Z'),
    random: (length) => new Uint8Array(randomBytes(length)),
    progress,
    warn: () => undefined,
    readInput: () => Promise.resolve(new Uint8Array(0)),
  });
}

async function extractsWhole(scene: Scene, out: string): Promise<void> {
  const { exit, json } = await deskJson(['extract', scene.stick, '--keys', scene.drop.keys, '--out', out]);
  expect(exit).toBe(0);
  expect(json['parcels']).toMatchObject([{ state: 'complete' }]);
  expect(await readdir(join(out, scene.made.parcel, 'data/files'))).toHaveLength(FILES);
}

test('a stick that is pulled out in the middle of extract: it says so, leaves nothing half-written, and the next run is whole', async () => {
  await using scene = await onStick();
  const out = join(scene.folder, 'out');
  const args = ['extract', scene.stick, '--keys', scene.drop.keys, '--out', out];
  const { exit, stderr } = await deskWith(args, () => scene.disk.pullOut());
  expect(stderr).toContain('is not there any more');
  expect(stderr).toMatch(/nothing is lost/i);
  expect(exit).toBe(3);
  expect(await readdir(out)).toEqual([]);
  scene.disk.plugIn();
  await extractsWhole(scene, out);
});

test('a stick that goes bad in the middle of extract: it says so, and with --partial what can be read comes out', async () => {
  await using scene = await onStick();
  const out = join(scene.folder, 'out');
  const args = ['extract', scene.stick, '--keys', scene.drop.keys, '--out', out];
  scene.disk.breakAt(12 * MIB);
  const { exit, stderr } = await deskWith(args, () => undefined);
  expect(stderr).toContain('could not be read from its medium (EIO)');
  expect(stderr).toContain('--partial');
  expect(exit).toBe(3);
  expect(await readdir(out)).toEqual([]);
  const verified = await deskJson(['verify', scene.stick, '--keys', scene.drop.keys]);
  expect(verified.exit).toBe(1);
  expect(JSON.stringify(verified.json)).toContain('"code":"part-medium"');
  const partial = await deskWith([...args, '--partial'], () => undefined);
  expect(partial.exit).toBe(1);
  const rescued = await readdir(join(out, scene.made.parcel, 'data/files'));
  expect(rescued.length).toBeGreaterThan(2);
  expect(rescued.length).toBeLessThan(FILES);
  scene.disk.plugIn();
  await extractsWhole(scene, join(scene.folder, 'again'));
});

test('a stick that is pulled out in the middle of verify, or before list and conversation have read it', async () => {
  await using scene = await onStick();
  const keys = ['--keys', scene.drop.keys];
  const verified = await deskWith(['verify', scene.stick, ...keys], () => scene.disk.pullOut());
  expect(verified).toMatchObject({ exit: 3, stderr: expect.stringContaining('is not there any more') });
  scene.disk.plugIn();
  scene.disk.breakAt(0);
  for (const args of [['list'], ['verify'], ['conversation', '--to', scene.made.parcel]]) {
    const { exit, stderr } = await deskWith([args[0]!, scene.stick, ...keys, ...args.slice(1)], () => undefined);
    expect(stderr, args[0]).toMatch(/medium/);
    expect(stderr, args[0]).not.toContain('mistake');
    expect(exit, args[0]).toBe(3);
  }
});

test('a stick and keys that cannot be written are read all the same; a reply says why it cannot be', async () => {
  await using scene = await onStick();
  const keys = ['--keys', scene.drop.keys];
  for (const command of ['list', 'verify'])
    expect((await deskJson([command, scene.stick, ...keys])).exit, command).toBe(0);
  const message = join(scene.folder, 'message.txt');
  await writeFile(message, 'спасибо');
  const reply = ['reply', scene.stick, ...keys, '--to', scene.made.parcel, '--message', message];
  const { exit, stderr } = await deskWith(reply, () => undefined);
  expect(exit).toBe(3);
  expect(stderr).toContain('EROFS');
  expect(stderr).toContain('write-protected');
  const onto = await deskWith(['extract', scene.stick, ...keys, '--out', join(scene.stick, 'out')], () => undefined);
  expect(onto).toMatchObject({ exit: 3, stderr: expect.stringContaining('EROFS') });
});

test('keys on a medium that cannot be written open everything, and what needs writing there says so', async () => {
  await using scene = await onStick();
  const mount = join(scene.folder, 'key-stick');
  const fill = () => cp(scene.drop.keys, join(mount, 'keys'), { recursive: true });
  await using disk = await mountFailingDisk(mount, join(scene.folder, 'key-image'), fill, 8);
  const keys = join(mount, 'keys');
  await deskJson(['list', scene.drop.bundle, '--keys', keys]).then(({ exit }) => expect(exit).toBe(0));
  const message = join(scene.folder, 'message.txt');
  await writeFile(message, 'спасибо');
  const reply = ['reply', scene.drop.bundle, '--keys', keys, '--to', scene.made.parcel, '--message', message];
  for (const args of [reply, ['card', keys, '--receipt-key', 'A'.repeat(42) + 'E']]) {
    const { exit, stderr } = await deskWith(args, () => undefined);
    expect(exit, args[0]).toBe(3);
    expect(stderr, args[0]).toContain('the key folder');
    expect(stderr, args[0]).toContain('EROFS');
  }
  disk.breakAt(0);
  disk.plugIn();
  disk.breakAt(0);
  const { exit, stderr } = await deskWith(['list', scene.drop.bundle, '--keys', keys], () => undefined);
  expect(exit).toBe(3);
  expect(stderr).toMatch(/medium|keys/);
});

test('a disk that fills while a parcel is extracted: the parcels before are kept, and the next run goes on with the rest', async () => {
  const { folder, remove } = await scratch();
  try {
    const drop = await makeDrop(folder);
    const source = await makeSource();
    const files = [{ path: 'a.mp4', content: randomBytes(8 * MIB) }];
    for (let i = 0; i < 2; i++) await send(drop, source, { files, parcel: `${i}`.repeat(32) });
    const mount = join(folder, 'disk');
    {
      await using disk = await mountSmallDisk(mount, join(folder, 'image'), 128);
      const out = join(mount, 'out');
      const args = ['extract', drop.bundle, '--keys', drop.keys, '--out', out];
      let parcels = 0;
      const filling = await runDesk(args, {
        now: () => new Date('2026-11-24T10:20:30Z'),
        random: (length) => new Uint8Array(randomBytes(length)),
        progress: {
          start: () => {
            // Room was promised when the second parcel began; then something else takes it.
            if (++parcels === 2) fillNow(mount);
            return silentProgress.start('', 0);
          },
        },
        warn: () => undefined,
        readInput: () => Promise.resolve(new Uint8Array(0)),
      });
      expect(filling).toMatchObject({ exit: 3, stderr: expect.stringContaining('not enough room') });
      expect((await readdir(out)).toSorted()).toEqual(['0'.repeat(32), `${'0'.repeat(32)}.report.json`]);
      await disk.empty();
      const { exit, json } = await deskJson(args);
      expect(exit).toBe(0);
      expect(json['parcels']).toMatchObject([{ state: 'extracted-before', complete: true }, { state: 'complete' }]);
      expect(await readFile(join(out, '1'.repeat(32), 'data/files/a.mp4'))).toEqual(files[0]!.content);
      expect((await stat(out)).isDirectory()).toBe(true);
    }
  } finally {
    await remove();
  }
});

test('a disk that can hold no file as large as this one', async () => {
  const { folder, remove } = await scratch();
  try {
    const drop = await makeDrop(folder);
    await send(drop, await makeSource(), { files: [{ path: 'a.mp4', content: randomBytes(4 * MIB) }] });
    const out = join(folder, 'out');
    const words = [join(PROJECT, 'desk/main.ts'), 'extract', drop.bundle, '--keys', drop.keys, '--out', out];
    const limited = await run('sh', ['-c', 'ulimit -f 2048; exec "$@"', 'sh', process.execPath, ...words]);
    expect(limited).toMatchObject({ code: 3, err: expect.stringContaining('larger than any that') });
    expect(await readdir(out)).toEqual([]);
  } finally {
    await remove();
  }
});

/** Takes all but a few MiB of the disk, at once. */
function fillNow(mount: string): void {
  const { bavail, bsize } = statfsSync(mount);
  const file = openSync(join(mount, 'ballast'), 'w');
  const piece = new Uint8Array(MIB);
  try {
    for (let left = bavail * bsize - 4 * MIB; left > 0; left -= MIB) writeSync(file, piece);
  } finally {
    closeSync(file);
  }
}
