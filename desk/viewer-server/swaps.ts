/** Where this machine may write memory to: what is watched, and the keys, lie in memory, and no program can keep them out of there. */
import { readFile } from 'node:fs/promises';

/** Most of /proc/swaps that is read. */
const MOST = 65_536;

/** Names of the swap files and devices in use, those in compressed memory left out; none on systems that do not tell. */
export async function readSwaps(path = '/proc/swaps'): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const names = text
    .slice(0, MOST)
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split(/\s+/, 1))
    .filter((name) => name !== '' && !/^\/dev\/zram\d+$/.test(name));
  return names;
}

/** True when the system keeps the memory of this process should it break down; false on systems that do not tell. */
export async function keepsCores(path = '/proc/self/limits'): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [, soft = '0'] = /^Max core file size +(\S+)/m.exec(text.slice(0, MOST)) ?? [];
  return soft !== '0';
}
