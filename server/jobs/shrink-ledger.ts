/** Gives back the disk that deleted ledgers took. PostgreSQL keeps it for new ones: after a flood of them it would be lost to all else. */
import type { Database } from '../store/database.ts';

/** Bytes of the table that are not worth the trouble. */
const LITTLE = 268_435_456;
/** Written anew only when so small a share of it is in use: nobody can use the table meanwhile, so that must be quick. */
const SHARE = 8;

/** Writes the table of pages anew if it takes more than `little` bytes of disk and hardly any of them are in use. */
export async function shrinkLedger(database: Database, little = LITTLE): Promise<void> {
  const [row] = await database.run(
    (sql) => sql<{ taken: string; used: string }[]>`
      select pg_total_relation_size('ledger')::text as taken, coalesce(sum(octet_length(content)), 0)::text as used from ledger`,
  );
  const [taken, used] = [Number(row!.taken), Number(row!.used)];
  if (taken > little && used < taken / SHARE) await database.run((sql) => sql`vacuum full ledger`);
}
