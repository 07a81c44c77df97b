/** Making a folder with those above it. */
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCode } from './failure.ts';

/** As `mkdir -p`. Where nothing can be written, Node says of it only that there is no such folder: here the error tells why. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    for (let above = dirname(resolve(folder)); ; above = dirname(above)) {
      try {
        await access(above, constants.W_OK);
      } catch (reason) {
        if (systemCode(reason) !== 'ENOENT') throw reason;
        if (dirname(above) !== above) continue;
      }
      throw error;
    }
  }
}
