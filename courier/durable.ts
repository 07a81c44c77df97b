/** Writing so that a cut of power leaves the old file or the new one, never half of one. */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskTrouble } from './halt.ts';

/** Makes the names in a folder durable. File systems that know no such thing (some FAT drivers) are taken as they are. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    const unsupported =
      error instanceof Error && 'code' in error && ['EINVAL', 'EPERM', 'ENOTSUP'].includes(String(error.code));
    if (!unsupported) throw error;
  } finally {
    await handle.close();
  }
}

/** Puts `content` at `path` in one step. Halt on trouble with the disk. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.part`;
  try {
    // Not opened as it may lie there: it could be a link that leads out of the bundle.
    await rm(temporary, { force: true });
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw diskTrouble(error, path);
  }
}
