/** How long things are kept. A parcel is taken away under the very condition under which it was found due: one that moved meanwhile stays. */
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { Config } from '../config.ts';
import { passOn } from './crash-points.ts';
import type { Database, Query } from './database.ts';

export type KeepDays = Pick<Config, 'keepUnfinishedDays' | 'keepCollectedDays' | 'keepRepliesDays'>;

export interface Retention {
  /** Ids of parcels, of either direction, that were kept for their days before `today`; at most `limit`. */
  due(today: string, limit: number): Promise<string[]>;
  /** What will be due on which day, from `today` (and all before it) to so many days later: parcels, and their bytes of ciphertext. */
  forecast(today: string, days: number): Promise<{ day: string; parcels: number; bytes: number }[]>;
  /** Removes such a parcel with its parts; false when it is due no more. */
  removeDue(id: string, today: string): Promise<boolean>;
  /** Removes the marks of mailboxes that were forgotten long ago, and promises whose last day is over. */
  removeMarks(today: string): Promise<void>;
  /** Names of all blobs that rows of this parcel speak of; null when there is no such parcel. */
  blobs(id: string): Promise<ReadonlySet<string> | null>;
}

/**
 * Days that an opening is kept of which not a byte came and which nobody took up again. Openings cost their maker nothing, and
 * whoever made one in earnest sends the first part within minutes, or opens anew.
 */
const KEEP_EMPTY_DAYS = 2;
/** Days that the mark of a forgotten mailbox is kept: longer than anybody writes a reply to what lies a year back. */
const KEEP_MARKS_DAYS = 400;

/** Retention of what a database holds. Days are whole: what is kept for n days after a day is there on the n-th, and goes after it. */
export function openRetention(
  database: Database,
  { keepUnfinishedDays, keepCollectedDays, keepRepliesDays }: KeepDays,
  reach = passOn,
): Retention {
  const isDue = (sql: Query, today: string) => sql`(
    (seal is null and touched < ${today}::date - ${keepUnfinishedDays}::integer)
    or (seal is null and touched < ${today}::date - ${KEEP_EMPTY_DAYS}::integer and writer = 0
      and stored = 0)
    or (${keepCollectedDays}::integer > 0 and direction = 'submission' and seal is not null
      and collected < ${today}::date - ${keepCollectedDays}::integer)
    or (${keepRepliesDays}::integer > 0 and direction = 'reply'
      and sealed < ${today}::date - ${keepRepliesDays}::integer))`;

  return {
    due: async (today, limit) => {
      const rows = await database.run(
        (sql) => sql<{ id: Uint8Array }[]>`
          select id from parcel where ${isDue(sql, today)} order by number limit ${limit}`,
      );
      return rows.map(({ id }) => toHex(id));
    },
    forecast: async (today, days) => {
      const rows = await database.run(
        (sql) => sql<{ day: string; parcels: bigint; bytes: string }[]>`
          select greatest(due, ${today}::date)::text as day, count(*) as parcels, sum(stored)::text as bytes
          from (select stored, 1 + least(
              case when seal is null then touched + ${keepUnfinishedDays}::integer end,
              case when seal is null and writer = 0 and stored = 0 then touched + ${KEEP_EMPTY_DAYS}::integer end,
              case when ${keepCollectedDays}::integer > 0 and direction = 'submission' and seal is not null
                then collected + ${keepCollectedDays}::integer end,
              case when ${keepRepliesDays}::integer > 0 and direction = 'reply'
                then sealed + ${keepRepliesDays}::integer end) as due
            from parcel) p
          where due <= ${today}::date + ${days}::integer group by 1 order by 1`,
      );
      return rows.map(({ day, parcels, bytes }) => ({ day, parcels: Number(parcels), bytes: Number(bytes) }));
    },
    removeDue: async (id, today) => {
      // All of it at once, however long that takes: whoever comes back meanwhile finds either everything, ledger and all, or nothing.
      const rows = await database.unhurried(
        'write',
        (sql) => sql`delete from parcel where id = ${fromHex(id, 16)} and ${isDue(sql, today)} returning 1`,
      );
      reach('expiry-committed');
      return rows.length === 1;
    },
    removeMarks: async (today) => {
      await database.run((sql) => sql`delete from forgotten where day < ${today}::date - ${KEEP_MARKS_DAYS}::integer`);
      await database.run((sql) => sql`delete from promise where until < ${today}::date - 1`);
    },
    blobs: async (id) => {
      const rows = await database.run(
        (sql) => sql<{ blobs: string | null }[]>`
          select q.blobs from parcel p left join part q on q.parcel = p.id and q.blobs <> '' where p.id = ${fromHex(id, 16)}`,
      );
      if (rows.length === 0) return null;
      return new Set(rows.flatMap(({ blobs }) => (blobs ?? '').split(' ').map((item) => item.slice(0, 32))));
    },
  };
}
