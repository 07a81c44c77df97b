/** What staff say of parcels: that they have all of one, that one is to go; and how many there are. */
import { fromHex } from '../../shared/bytes/hex.ts';
import type { StatusAnswer } from '../../shared/protocol/messages.ts';
import { clearLedger } from './clear-ledger.ts';
import { passOn } from './crash-points.ts';
import type { Database } from './database.ts';

export interface Custody {
  /** Marks a sealed submission as collected, on the first day that this is said. */
  collect(id: string, day: string): Promise<'collected' | 'unsealed' | 'unknown'>;
  /** Removes a parcel of either direction with its parts; false when there is none. Its blobs are for the caller. */
  remove(id: string): Promise<boolean>;
  /** How many parcels there are of each state. */
  count(): Promise<Omit<StatusAnswer, 'free'>>;
}

/** Custody of what a database holds. */
export function openCustody(database: Database, reach = passOn): Custody {
  return {
    collect: async (id, day) => {
      const [row] = await database.run(
        (sql) => sql<{ sealed: boolean }[]>`
          update parcel set collected = case when seal is null then null else coalesce(collected, ${day}::date) end
          where id = ${fromHex(id, 16)} and direction = 'submission' returning seal is not null as sealed`,
      );
      reach('collected-committed');
      return row === undefined ? 'unknown' : row.sealed ? 'collected' : 'unsealed';
    },
    remove: async (id) => {
      const there = await database.run((sql) => sql`select from parcel where id = ${fromHex(id, 16)}`);
      if (there.length === 0) return false;
      await clearLedger(database, id);
      reach('removal-ledger-cleared');
      // Looked for first: when the answer to a try is lost, the next one finds none, and the blobs are to go all the same.
      await database.persist((sql) => sql`delete from parcel where id = ${fromHex(id, 16)}`);
      reach('removal-committed');
      return true;
    },
    count: async () => {
      const [row] = await database.run(
        (sql) => sql<Record<'unfinished' | 'sealed' | 'collected' | 'replies', bigint>[]>`
          select count(*) filter (where direction = 'submission' and seal is null) as unfinished,
            count(*) filter (where direction = 'submission' and seal is not null) as sealed,
            count(*) filter (where direction = 'submission' and collected is not null) as collected,
            count(*) filter (where direction = 'reply') as replies
          from parcel`,
      );
      const { unfinished, sealed, collected, replies } = row!;
      return {
        unfinished: Number(unfinished),
        sealed: Number(sealed),
        collected: Number(collected),
        replies: Number(replies),
      };
    },
  };
}
