/** couriers.txt, edited as a whole: remarks stay, the new text takes the old one's place at once, mode and owner are kept. */
import { chmod, chown, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { courierLine } from '../store/courier-list.ts';
import { Halt } from './halt.ts';

/** A line as it stands there; what names no courier has no key. */
export interface CourierLine {
  readonly text: string;
  readonly key: string | null;
  readonly label: string;
}

/** The lines of the file; none when it is not there. */
export async function readCouriers(data: string): Promise<CourierLine[]> {
  return linesOf(await textOf(join(data, 'couriers.txt')));
}

/**
 * Puts what `change` makes of the lines in their place; null leaves the file alone. True when it was written. Halt `couriers` when it
 * cannot be.
 */
export async function editCouriers(
  data: string,
  random: Random,
  change: (lines: readonly CourierLine[]) => readonly CourierLine[] | null,
): Promise<boolean> {
  const named = join(data, 'couriers.txt');
  // A link stays a link: what it leads to is what is edited.
  const file = await realpath(named).catch(() => named);
  const before = await textOf(file);
  const after = change(linesOf(before));
  if (after === null) return false;
  const text = after.map((line) => `${line.text}\n`).join('');
  try {
    await replace(file, text, random, async () => (await textOf(file)) === before);
  } catch (error) {
    if (error instanceof Halt || !(error instanceof Error && 'code' in error)) throw error;
    throw new Halt('couriers', `couriers.txt cannot be written (${String(error.code)}).`, 'It is as it was.');
  }
  return true;
}

async function replace(file: string, text: string, random: Random, isSame: () => Promise<boolean>): Promise<void> {
  // A file that is not there yet gets the owner of its folder: the server has to read it, and may be another account than ours.
  const there = await stat(file).catch(() => null);
  const { uid, gid } = there ?? (await stat(dirname(file)));
  const fresh = `${file}.${toHex(random(8))}`;
  const handle = await open(fresh, 'wx', 0o600);
  try {
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (there !== null) await chmod(fresh, there.mode & 0o7777);
    if (process.getuid?.() === 0) await chown(fresh, uid, gid);
    if (!(await isSame()))
      throw new Halt('couriers', 'couriers.txt was changed by somebody else just now.', 'Try again.');
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  const folder = await open(dirname(file), 'r');
  await folder.sync();
  await folder.close();
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new Halt('couriers', `couriers.txt cannot be read (${error.code}).`);
  });
}

function linesOf(text: string): CourierLine[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => ({ text: line, ...(courierLine(line) ?? { key: null, label: '' }) }));
}
