/** PostgreSQL's log of changes holds the time of every commit; what is no longer needed for recovery is thrown away, even in quiet hours. */
import type { Database } from '../store/database.ts';

/** Begins a new WAL file and lets a checkpoint delete the older ones. Needs the rights of a superuser: only for a PostgreSQL of our own. */
export async function forgetTimes(database: Database): Promise<void> {
  await database.run((sql) => sql`select pg_switch_wal()`);
  await database.run((sql) => sql`checkpoint`);
}
