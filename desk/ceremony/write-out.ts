/** Files of the ceremony that leave the key folder: private, never written over, whole or not at all. */
import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeNew } from '../durable.ts';
import { Failure, systemCode } from '../failure.ts';

/** Refuses a name that is taken, before anything else is done. Failure `out-exists`. */
export async function checkNew(path: string): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (there !== null) throw new Failure('out-exists', { path });
}

/** Writes a new file. Failures `out-exists`, `out-unwritable`. */
export async function writeOut(path: string, content: string): Promise<void> {
  try {
    await writeNew(path, content);
  } catch (error) {
    throw outFailure(path, error);
  }
}

/** Writes each page into the new folder `out`, and gives their paths. */
export async function writeSheets(out: string, pages: readonly string[]): Promise<readonly string[]> {
  try {
    await mkdir(out, { mode: 0o700 });
  } catch (error) {
    throw outFailure(out, error);
  }
  const paths = pages.map((_, i) => join(out, `sheet-${i + 1}-of-${pages.length}.html`));
  try {
    for (const [i, path] of paths.entries()) await writeNew(path, pages[i]!);
    await syncFolder(out);
    return paths;
  } catch (error) {
    await rm(out, { recursive: true, force: true });
    throw outFailure(out, error);
  }
}

/** Takes away a folder that writeSheets made. */
export async function removeSheets(out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
}

function outFailure(path: string, error: unknown): Failure {
  const reason = systemCode(error) ?? 'unknown';
  return new Failure(reason === 'EEXIST' ? 'out-exists' : 'out-unwritable', { path, reason });
}

/** Writes a new file that others have to read, such as a card, which the server takes. Failures as for writeOut. */
export async function writePublic(path: string, content: string): Promise<void> {
  await writeOut(path, content);
  await chmod(path, 0o644);
}
