/** Where this machine may write its memory to while it runs: what is watched lies in memory, and no program can keep it out of there. */
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
