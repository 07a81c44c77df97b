/** A disk that is full in no time: a file system of its own for one folder, of a few megabytes, and a file that takes what is left of it. */
import { spawnSync } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './programs.ts';

export interface SmallDisk extends AsyncDisposable {
  /** Takes every byte that is free. */
  readonly fill: () => Promise<void>;
  /** Gives them back. */
  readonly empty: () => Promise<void>;
}

const MIB = 1_048_576;
const BALLAST = 'ballast';

/**
 * Mounts a file system over `folder`, which is made if it is not there: ext4 in a file, `image`, or where that is not allowed memory. Needs
 * the rights of root, and says so. Whatever uses it must have ended before it is disposed of.
 */
export async function mountSmallDisk(folder: string, image: string, megabytes: number): Promise<SmallDisk> {
  if (process.getuid?.() !== 0)
    throw new Error(
      'A small file system must be mounted for this test: run it as root, as in a container or a virtual machine.',
    );
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await open(image, 'w');
  await file.truncate(megabytes * MIB);
  await file.close();
  const made = await run('mkfs.ext4', ['-q', '-m', '0', image]);
  const looped = made.code === 0 ? await run('mount', ['-o', 'loop', image, folder]) : made;
  if (looped.code !== 0) {
    const inMemory = await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', folder]);
    if (inMemory.code !== 0)
      throw new Error(`Neither a file (${looped.err.trim()}) nor memory (${inMemory.err.trim()}) can be mounted here.`);
  }
  const away = (): void => void spawnSync('umount', ['-l', folder]);
  process.prependOnceListener('exit', away);
  await rm(join(folder, 'lost+found'), { recursive: true, force: true });
  return {
    async fill() {
      const ballast = await open(join(folder, BALLAST), 'a');
      try {
        // In ever smaller pieces: the last block counts.
        for (let size = MIB; size >= 512;) {
          try {
            await ballast.write(new Uint8Array(size));
          } catch (error) {
            if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
            size /= 2;
          }
        }
        await ballast.sync().catch(() => undefined);
      } finally {
        await ballast.close();
      }
    },
    empty: () => rm(join(folder, BALLAST), { force: true }),
    async [Symbol.asyncDispose]() {
      process.removeListener('exit', away);
      const { code, err } = await run('umount', [folder]);
      if (code !== 0) throw new Error(err);
    },
  };
}
