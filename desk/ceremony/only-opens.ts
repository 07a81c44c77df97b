/** What one identity opens and no other of the folder does: that is what is lost when it is destroyed. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_HEADER_SIZE, openHeader } from '../../shared/age/header.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { parcelFolder } from '../case/bundle.ts';
import type { Bundle } from '../case/bundle.ts';
import { READ_ONLY } from '../read-only.ts';
import { systemCode } from '../failure.ts';

export interface Opener {
  /** The identity in question. */
  readonly identity: string;
  /** Those that stay. */
  readonly others: readonly string[];
}

/** The parcels of a bundle in which some part opens with the identity alone. */
export async function parcelsOnlyOf(bundle: Bundle, opener: Opener): Promise<readonly string[]> {
  const found: string[] = [];
  for (const parcel of bundle.parcels)
    if (await someFileOnlyOf(parcelFolder(bundle, parcel), opener)) found.push(parcel);
  return found;
}

/** The records of the desk's own below `folder` (sent replies, logs of cases) that open with the identity alone. */
export async function recordsOnlyOf(folder: string, opener: Opener): Promise<readonly string[]> {
  const names = await ageFiles(folder);
  const found: string[] = [];
  for (const name of names) if (await isOnlyOf(join(folder, name), opener)) found.push(name);
  return found;
}

async function someFileOnlyOf(folder: string, opener: Opener): Promise<boolean> {
  for (const name of await ageFiles(folder)) if (await isOnlyOf(join(folder, name), opener)) return true;
  return false;
}

async function ageFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if (systemCode(error) === null) throw error;
    return [];
  });
  return names.filter((name) => name.endsWith('.age')).toSorted();
}

/** A file that cannot be read, or is broken, is opened by nobody. */
async function isOnlyOf(path: string, { identity, others }: Opener): Promise<boolean> {
  try {
    const file = await open(path, READ_ONLY);
    try {
      if (!(await file.stat()).isFile()) return false;
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_HEADER_SIZE), 0, MAX_HEADER_SIZE, 0);
      const start = new Uint8Array(buffer.subarray(0, bytesRead));
      return (await openHeader(start, [identity])) !== null && (await openHeader(start, others)) === null;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isProblem(error) || systemCode(error) !== null) return false;
    throw error;
  }
}
