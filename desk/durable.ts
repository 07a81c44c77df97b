/** Writing that outlasts a power cut: new files, and folders told to the disk. */
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { systemCode } from './failure.ts';

/** What systems say that cannot do this with a folder; its files are there all the same. */
const CANNOT = new Set<string | null>(['EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM', 'EACCES', 'EBADF']);

/** Makes a private file that must not exist yet, and has it on the disk. One that could not be written whole is taken away. */
export async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Puts a file in the place of another, which stays as it was until the new one is whole. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  await writeNew(draft, content);
  await rename(draft, path);
}

/** Has the names in a folder on the disk, where the system can do that. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!CANNOT.has(systemCode(error))) throw error;
  }
}

/** As replaceFile, for a file that holds secrets: the bytes of the old one are overwritten too, as far as the medium lets us. */
export async function replaceSecret(path: string, content: string | Uint8Array): Promise<void> {
  const old = await open(path, 'r+').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
  try {
    await replaceFile(path, content);
    if (old !== null) await overwrite(old);
  } finally {
    await old?.close();
  }
}

/** Overwrites a file and takes it away; one that is not there is well. A copy that the medium or a backup keeps is out of our reach. */
export async function destroyFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'r+');
    try {
      await overwrite(file);
    } finally {
      await file.close();
    }
    await rm(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

async function overwrite(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  await file.write(new Uint8Array(size), 0, size, 0);
  await file.sync();
}
