/** The viewer under strace, as a person starts it, on a machine that has no network: which sockets it opens, and what is written while footage plays. */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { buildViewer } from '../../deploy/viewer.mjs';
import { scratch } from '../desk/desk.ts';
import { makeSource, send } from '../desk/source.ts';
import { makeDrop } from '../kit/make-parcel.ts';

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** No file holds this as it stands: pieces of it, joined, are in the film alone. */
const CANARY = ['canary', 'frame', '7f3a91c2', ''].join('-');
const CALLS = 'trace=network,open,openat,creat,rename,renameat,renameat2,memfd_create,write,writev,pwrite64';
/** Only root can make a network of its own; anybody else plays in the one that is here. */
const ALONE = process.getuid?.() === 0;
const LONELY = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

/** The address that the viewer prints, once. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.on('data', (text: Buffer) => {
      said += text.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(said)));
  });
}

/** Files of all this machine that were written after `stamp` and hold the canary; `except` is where the test itself keeps it. */
async function filesWithCanary(stamp: string, except: string): Promise<string[]> {
  const search = `find / /dev/shm -xdev -newer "$1" -type f -size -64M -not -path "$2" -print0 2>/dev/null | xargs -0 -r grep -laF -e "$3" 2>/dev/null`;
  const { stdout } = await run('sh', ['-c', `${search}; true`, 'sh', stamp, except, CANARY]);
  return stdout.split('\n').filter((line) => line !== '');
}

test('nothing but loopback is listened on, and footage that plays is written nowhere', async () => {
  const { folder, remove } = await scratch();
  try {
    buildViewer();
    const drop = await makeDrop(folder);
    const content = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom', 'latin1'), Buffer.from(CANARY.repeat(150_000))]);
    const { parcel } = await send(drop, await makeSource(), { files: [{ path: 'clip.mp4', content }] });
    const stamp = join(folder, 'stamp');
    await writeFile(stamp, '');
    const trace = join(folder, 'trace');
    const traced = ['strace', '-f', '-qq', '-s', '64', '-e', CALLS, '-o', trace];
    const viewer = [process.execPath, here('../../desk/main.ts'), 'open', drop.bundle, '--keys', drop.keys];
    const [program = '', ...args] = [...(ALONE ? LONELY : []), ...traced, ...viewer];
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const address = await addressOf(child);
    const beside = ALONE ? ['nsenter', '--net', '--target', String(child.pid)] : ['env'];
    const watcher = [...beside.slice(1), process.execPath, here('../kit/watch-film.ts'), address, parcel];
    const { stdout } = await run(beside[0]!, watcher);
    expect(stdout).toBe(createHash('sha256').update(content).digest('hex'));
    await ended;

    const lines = (await readFile(trace, 'utf8')).split('\n');
    const sockets = lines.filter((line) => /\b(?:socket|socketpair)\(/.test(line));
    expect(sockets.filter((line) => !/\((?:AF_INET|AF_UNIX),/.test(line))).toEqual([]);
    const inet = lines.filter((line) => /\b(?:bind|connect)\(.*AF_INET/.test(line));
    expect(inet).toHaveLength(2);
    expect(inet.filter((line) => !/bind\(.*inet_addr\("127\.0\.0\.1"\)/.test(line))).toEqual([]);
    expect(lines.filter((line) => /\bmemfd_create\(/.test(line))).toEqual([]);

    // The log of the case is all that is written, and it is encrypted.
    const written = lines.flatMap((line) => /open(?:at)?\(.*?"([^"]+)".*O_(?:WRONLY|RDWR|CREAT)/.exec(line)?.[1] ?? []);
    const elsewhere = written.filter((path) => !path.startsWith(drop.keys) && !path.startsWith('/dev/'));
    expect(elsewhere).toEqual([]);
    expect(written.length).toBeGreaterThan(0);
    // What strace noted of the answers has it: so the search finds what is there.
    expect(await filesWithCanary(stamp, '/nowhere')).toContain(trace);
    expect(await filesWithCanary(stamp, trace)).toEqual([]);
  } finally {
    await remove();
  }
});
