/** Which database belongs to which blobs: the sweeper would take every blob for an orphan if it asked another one. */
import type { BlobStore } from './blob-store.ts';
import type { Database } from './database.ts';

/** True when the blobs bear the database's mark; blobs without a mark get it while there are none. */
export async function belongsTogether(database: Database, blobs: BlobStore): Promise<boolean> {
  const [row] = await database.run((sql) => sql<{ id: string }[]>`select id::text as id from instance`);
  return row !== undefined && blobs.belongsTo(row.id);
}
