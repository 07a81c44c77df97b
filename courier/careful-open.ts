/** Files of a bundle, opened with care: whoever had it in hand may have put links, pipes or devices where files belong. */
import { constants, lstat, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** No link is followed, and a pipe without a writer is not waited for. Systems that lack one of them have no such things either. */
const CAREFUL = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Opens a plain file for reading; null when there is none: nothing, or something else of that name. */
export async function openPlain(path: string): Promise<FileHandle | null> {
  if (!(await isPlain(path))) return null;
  const handle = await open(path, constants.O_RDONLY | CAREFUL);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return null;
}

/** Opens a plain file for reading and writing, made when it is not there; what else has its name is taken away first. */
export async function openGrowing(path: string): Promise<FileHandle> {
  if (!(await isPlain(path))) await rm(path, { force: true });
  return open(path, constants.O_RDWR | constants.O_CREAT | CAREFUL, 0o600);
}

async function isPlain(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
