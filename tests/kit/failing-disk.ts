/** A stick that can be pulled out or goes bad: a file system in a file, mounted so that nothing can be written, whose file is cut while it is read. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, truncateSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { run } from './programs.ts';

export interface FailingDisk extends AsyncDisposable {
  /** Everything beyond the first `bytes` of the medium gives an input/output error from now on. At once, so that it can be called in the middle of work. */
  readonly breakAt: (bytes: number) => void;
  /** As when it is pulled out and the system takes its folder away. */
  readonly pullOut: () => void;
  /** Puts it back as it was. */
  readonly plugIn: () => void;
}

const MIB = 1_048_576;

function must(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

/** Mounts such a stick over `folder`, which is made if need be, with what `fill` writes there. Needs the rights of root, and says so. */
export async function mountFailingDisk(
  folder: string,
  image: string,
  fill: () => Promise<void>,
  megabytes: number,
): Promise<FailingDisk> {
  if (process.getuid?.() !== 0)
    throw new Error(
      'A file system must be mounted for this test: run it as root, as in a container or a virtual machine.',
    );
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const kept = `${image}.kept`;
  const file = await open(kept, 'w');
  await file.truncate(megabytes * MIB);
  await file.close();
  const made = await run('mkfs.ext4', ['-q', '-m', '0', kept]);
  if (made.code !== 0) throw new Error(made.err);
  must('mount', ['-o', 'loop', kept, folder]);
  try {
    await fill();
  } finally {
    must('umount', [folder]);
  }
  const pullOut = (): void => void spawnSync('umount', ['-l', folder]);
  const plugIn = (): void => {
    pullOut();
    // Another file each time: what the system still remembers of the last one is not this one's.
    copyFileSync(kept, image);
    must('mount', ['-o', 'loop,ro', image, folder]);
  };
  plugIn();
  process.prependOnceListener('exit', pullOut);
  return {
    breakAt: (bytes) => truncateSync(image, bytes),
    pullOut,
    plugIn,
    async [Symbol.asyncDispose]() {
      process.removeListener('exit', pullOut);
      await run('umount', ['-l', folder]);
    },
  };
}
