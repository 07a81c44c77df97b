/** The key folder of the air-gapped machine: 0700, its files 0600; made once, never overwritten. */
import { chmod, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { syncFolder, writeNew } from '../durable.ts';
import { Failure, systemCode } from '../failure.ts';
import { releaseLock, takeLock } from '../process-lock.ts';
import { keysOf } from './key-content.ts';
import type { KeyContent, Keys } from './key-content.ts';
import { filesOf, openKeyStore } from './key-store.ts';
import type { Sealing } from './key-store.ts';
import type { Asking } from './passphrase.ts';

export type { Keys } from './key-content.ts';

/** Makes a key folder. It appears whole or not at all. Failures `keys-exist`, `keys-unwritable`. */
export async function createKeyFolder(folder: string, content: KeyContent, sealing: Sealing): Promise<void> {
  const target = resolve(folder);
  await checkFree(folder);
  let draft: string | null = null;
  try {
    await mkdir(dirname(target), { recursive: true });
    draft = await mkdtemp(`${target}.new-`);
    await chmod(draft, 0o700);
    for (const [name, file] of await filesOf(content, sealing)) await writeNew(join(draft, name), file);
    await rename(draft, target);
    await syncFolder(dirname(target));
  } catch (error) {
    if (draft !== null) await rm(draft, { recursive: true, force: true });
    throw new Failure('keys-unwritable', { folder, reason: systemCode(error) ?? 'unknown' });
  }
}

/** Refuses a folder that holds anything. Failure `keys-exist`. */
export async function checkFree(folder: string): Promise<void> {
  if (!(await isAbsentOrEmpty(folder))) throw new Failure('keys-exist', { folder });
}

/** Reads a key folder, and asks for its passphrase if it has one. Failures `keys-missing`, `keys-unreadable`, `keys-damaged` (with the file's name), `passphrase-…`. */
export async function readKeyFolder(folder: string, asking: Asking = {}): Promise<Keys> {
  return keysOf((await openKeyStore(folder, asking)).content);
}

/** True when others than the owner may look into the folder; never on systems without such modes. */
export async function isOpenToOthers(folder: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await lstat(folder)).mode & 0o077) !== 0;
}

/** Runs `work` while no other desk changes the folder. Failure `keys-busy`. */
export async function withKeyLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, '.lock');
  let taken: boolean;
  try {
    taken = await takeLock(lock);
  } catch (error) {
    const reason = systemCode(error);
    if (reason === 'ENOENT' || reason === 'ENOTDIR') throw new Failure('keys-missing', { folder });
    throw new Failure('keys-unwritable', { folder, reason: reason ?? 'unknown' });
  }
  if (!taken) throw new Failure('keys-busy', { folder, lock });
  try {
    return await work();
  } finally {
    await releaseLock(lock);
  }
}

async function isAbsentOrEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    return systemCode(error) === 'ENOENT';
  }
}
