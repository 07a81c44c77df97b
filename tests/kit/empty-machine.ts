/** A machine on which nothing is installed: a root folder with the libraries of C and C++ alone, not even a shell, and the desk on a stick that cannot be written. */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run, start } from './programs.ts';
import type { Finished, Running } from './programs.ts';

export interface EmptyMachine {
  /** Its root; what lies in `work` there is `/work` to the desk. */
  readonly root: string;
  /** `postern-desk ARGS…` with no environment at all. */
  desk(args: readonly string[], input?: string): Promise<Finished>;
  /** The same, still running. */
  start(args: readonly string[]): Running;
  /** Every file of the machine outside of `/work`. */
  files(): Promise<readonly string[]>;
}

const MIB = 1_048_576;
/** A namespace of mounts of its own: whatever it mounts is gone when the desk ends. */
const SCRIPT = `set -e
mount -o loop,ro,nosuid,nodev "$1/stick.img" "$1/root/stick"
mount -t proc proc "$1/root/proc"
mount --bind /dev/null "$1/root/dev/null"
root=$1
shift
exec chroot "$root/root" /stick/postern-desk "$@"`;

/** Needs the rights of root, and says so. */
export async function makeEmptyMachine(folder: string, executable: string): Promise<EmptyMachine> {
  if (process.getuid?.() !== 0)
    throw new Error(
      'This test makes a root folder of its own: run it as root, as in a container or a virtual machine.',
    );
  const root = join(folder, 'root');
  for (const name of ['stick', 'proc', 'dev', 'work']) await mkdir(join(root, name), { recursive: true });
  await writeFile(join(root, 'dev/null'), '');
  for (const library of await librariesOf(executable)) {
    await mkdir(dirname(join(root, library)), { recursive: true });
    await copyFile(library, join(root, library));
  }
  await fillStick(join(folder, 'stick.img'), join(folder, 'stick'), executable);
  const words = (args: readonly string[]) => ['--mount', 'env', '-i', '/bin/sh', '-c', SCRIPT, 'sh', folder, ...args];
  return {
    root,
    start: (args) => start('unshare', words(args)),
    desk(args, input = '') {
      const child = spawn('unshare', words(args));
      let out = '';
      let err = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      child.stdin.end(input);
      return new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, signal) => resolve({ code, signal, out, err }));
      });
    },
    async files() {
      const all = await readdir(root, { recursive: true });
      return all.filter((name) => !name.startsWith('work/')).toSorted();
    },
  };
}

/** A file system in a file, with the executable on it. */
async function fillStick(image: string, mountPoint: string, executable: string): Promise<void> {
  const { size } = await stat(executable);
  await mkdir(mountPoint);
  const file = await open(image, 'w');
  await file.truncate(Math.ceil(size / MIB + 32) * MIB);
  await file.close();
  await mustRun('mkfs.ext4', ['-q', '-m', '0', image]);
  const copy = 'mount -o loop "$1" "$2" && cp "$3" "$2/postern-desk" && umount "$2"';
  await mustRun('unshare', ['--mount', 'sh', '-ec', copy, 'sh', image, mountPoint, executable]);
  await rm(mountPoint, { recursive: true });
}

async function librariesOf(executable: string): Promise<readonly string[]> {
  return [...(await mustRun('ldd', [executable])).matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!);
}

async function mustRun(program: string, args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(program, args);
  if (code !== 0) throw new Error(`${program}: ${err}`);
  return out;
}
