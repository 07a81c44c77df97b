/** The folders of everything that is kept. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The data folder and the one for blobs are ours alone; folders above them are made as usual. */
export async function makeFolders(data: string): Promise<void> {
  // Only where they are missing: in a sandbox, the folder above is not ours to make.
  if (!existsSync(data)) await mkdir(dirname(data), { recursive: true });
  for (const folder of [data, join(data, 'blobs')]) {
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
