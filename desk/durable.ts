/** Writing that outlasts a power cut: new files, and folders told to the disk. */
import { open, rename, rm } from 'node:fs/promises';
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
