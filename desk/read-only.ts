/** How files are opened that somebody else may have put there: a pipe in place of a file cannot make us wait for ever, and in a bundle no link is followed. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** For files that the person named, or keeps: they may be links. */
export const FOLLOWING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export const READ_ONLY = FOLLOWING | (constants.O_NOFOLLOW ?? 0);

/** All of a plain file; null when it is none, or has more than `most` bytes. Errors of the system are the caller's to judge. */
export async function readPlain(path: string, most: number, flags = READ_ONLY): Promise<Uint8Array | null> {
  const file = await open(path, flags);
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > most) return null;
    const bytes = await file.readFile();
    return bytes.length <= most ? bytes : null;
  } finally {
    await file.close();
  }
}
