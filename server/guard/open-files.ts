/** How many connections the system lets this process hold: each is an open file, and blobs, PostgreSQL and programs want some too. */
import { readFile } from 'node:fs/promises';

/** Files kept for all else: blobs being written, the database, the page. */
const OTHERS = 512;

/** `wanted`, or as many as there are files for; 0 wants all of those. Systems that do not tell are taken to have enough. */
export async function mostOpen(wanted: number): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const most = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  const there = most === undefined ? Infinity : Math.max(1, Number(most) - OTHERS);
  return wanted === 0 ? there : Math.min(wanted, there);
}
