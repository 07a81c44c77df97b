/** How far the scrubber is, who scrubs, and what was found: in the database, so that any process goes on where another stopped. */
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { Database } from './database.ts';
import type { BytesFault } from './part-bytes.ts';

export interface ScrubPosition {
  /** All parcels before that of this number have been looked at. */
  readonly parcel: number;
  /** Of that one the parts up to this; -1: none. */
  readonly part: number;
}

export interface Rot {
  readonly parcel: string;
  readonly part: number;
}

export interface Scrub {
  /** Takes the lease for so long, or takes it again; null while somebody else has it. `ended`: days since everything had been read, or null. */
  take(leaseMs: number, today: string): Promise<{ position: ScrubPosition; ended: number | null } | null>;
  /** Moves the position and takes the lease anew; false when it was lost. */
  keep(leaseMs: number, position: ScrubPosition): Promise<boolean>;
  /** A round is under way. */
  begin(): Promise<void>;
  /** Everything has been read: the next round begins from the start. */
  finish(today: string): Promise<void>;
  /** Gives the lease back. */
  release(): Promise<void>;
  /** Notes that a part is not what it was, if its parcel is there. */
  note(rot: Rot, fault: BytesFault, today: string): Promise<void>;
  /** Takes such a note away. */
  clear(rot: Rot): Promise<void>;
  /** What is noted; at most `limit`. */
  noted(limit: number): Promise<Rot[]>;
  count(): Promise<number>;
}

/** The scrubbing of a database; `holder` is this process, 8 random bytes. */
export function openScrub(database: Database, holder: Uint8Array): Scrub {
  return {
    take: async (leaseMs, today) => {
      const [row] = await database.run(
        (sql) => sql<{ parcel: bigint; part: number; ended: number | null }[]>`
          update scrub set holder = ${holder}, lease_until = now() + ${leaseMs}::integer * interval '1 millisecond'
          where holder is null or holder = ${holder} or lease_until < now()
          returning parcel, part, ${today}::date - ended as ended`,
      );
      return row === undefined ? null : { position: { parcel: Number(row.parcel), part: row.part }, ended: row.ended };
    },
    keep: async (leaseMs, { parcel, part }) => {
      const rows = await database.run(
        (sql) => sql`
          update scrub set parcel = ${parcel}, part = ${part},
            lease_until = now() + ${leaseMs}::integer * interval '1 millisecond'
          where holder = ${holder} and lease_until >= now() returning 1`,
      );
      return rows.length === 1;
    },
    begin: async () => {
      await database.run((sql) => sql`update scrub set ended = null where holder = ${holder}`);
    },
    finish: async (today) => {
      await database.run(
        (sql) => sql`update scrub set parcel = 0, part = -1, ended = ${today} where holder = ${holder}`,
      );
    },
    release: async () => {
      await database.run((sql) => sql`update scrub set holder = null, lease_until = null where holder = ${holder}`);
    },
    note: async ({ parcel, part }, fault, today) => {
      await database.run(
        (sql) => sql`
          insert into rot (parcel, part, fault, found) select id, ${part}::integer, ${fault}, ${today}::date from parcel
          where id = ${fromHex(parcel, 16)}
          on conflict (parcel, part) do update set fault = excluded.fault`,
      );
    },
    clear: async ({ parcel, part }) => {
      await database.run((sql) => sql`delete from rot where parcel = ${fromHex(parcel, 16)} and part = ${part}`);
    },
    noted: async (limit) => {
      const rows = await database.run(
        (sql) => sql<{ parcel: Uint8Array; part: number }[]>`
          select parcel, part from rot order by parcel, part limit ${limit}`,
      );
      return rows.map(({ parcel, part }) => ({ parcel: toHex(parcel), part }));
    },
    count: () => countRot(database),
  };
}

/** How many parts are noted. */
export async function countRot(database: Database): Promise<number> {
  const [row] = await database.run((sql) => sql<{ count: bigint }[]>`select count(*) as count from rot`);
  return Number(row!.count);
}
