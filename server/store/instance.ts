/** Which database belongs to which data folder: the sweeper would take every blob for an orphan if it asked another one. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database.ts';

/** True when the data folder bears the database's mark; a folder without a mark gets it while it holds no blobs. */
export async function belongsTogether(database: Database, data: string): Promise<boolean> {
  const [row] = await database.run((sql) => sql<{ id: string }[]>`select id::text as id from instance`);
  const file = join(data, 'blobs', 'instance');
  const mark = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (mark !== null) return mark.trim() === row?.id;
  if ((await readdir(join(data, 'blobs'))).length > 0) return false;
  await writeFile(file, `${row?.id}\n`, { mode: 0o600, flush: true, flag: 'wx' });
  return true;
}
