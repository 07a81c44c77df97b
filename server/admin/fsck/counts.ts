/** The counts that quotas go by, against what is there: each in one statement, so that nothing moves in between. */
import { fromHex } from '../../../shared/bytes/hex.ts';
import type { Database } from '../../store/database.ts';

/** True when a parcel's bytes and finished parts are counted as its parts have them; also when it is gone. */
export async function isCounted(database: Database, parcel: string): Promise<boolean> {
  const wrong = await database.persist(
    (sql) => sql`
      select from parcel p, lateral (
        select coalesce(sum(received), 0) as bytes, count(*) filter (where received = size) as done
        from part where part.parcel = p.id) q
      where p.id = ${fromHex(parcel, 16)} and (p.stored, p.finished) is distinct from (q.bytes, q.done)`,
  );
  return wrong.length === 0;
}

const SLICES = 16;

/** True when the bytes of each mailbox, and of all, are the sums of those of their parcels. */
export async function isUsageCounted(database: Database): Promise<boolean> {
  const [total] = await database.persist(
    (sql) => sql<{ right: boolean }[]>`
      select (select sum(bytes) from total_usage) = (select coalesce(sum(stored), 0) from parcel) as right`,
  );
  if (!total!.right) return false;
  for (let slice = 0; slice < SLICES; slice++) {
    const from = Uint8Array.of((slice * 256) / SLICES);
    const to = slice === SLICES - 1 ? new Uint8Array(33).fill(255) : Uint8Array.of(((slice + 1) * 256) / SLICES);
    const wrong = await database.persist(
      (sql) => sql`
        select from (
          select mailbox, sum(stored) as bytes from parcel
          where direction = 'submission' and mailbox >= ${from} and mailbox < ${to} group by mailbox having sum(stored) > 0) p
        full join (select mailbox, bytes from mailbox_usage where mailbox >= ${from} and mailbox < ${to}) u using (mailbox)
        where p.bytes is distinct from u.bytes limit 1`,
    );
    if (wrong.length > 0) return false;
  }
  return true;
}

/** Counts everything anew. Uploads wait meanwhile. */
export async function recount(database: Database): Promise<void> {
  await database.unhurried('write', (sql) => sql`select recount_usage()`);
}
