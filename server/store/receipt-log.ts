/** The rows of the log of receipts: what is published, and which leaf is whose. They are written only by publish-receipts.ts. */
import { fromHex } from '../../shared/bytes/hex.ts';
import type { Database, Query } from './database.ts';

export interface LogHead {
  /** 16 random bytes, of which its name is made. */
  readonly start: Uint8Array;
  readonly size: number;
  /** The newest checkpoint, signed. */
  readonly checkpoint: string;
  /** Day on which was last published. */
  readonly day: string;
  readonly suspended: boolean;
}

export interface ReceiptLog {
  /** Null until the first publication. */
  head(): Promise<LogHead | null>;
  /** Roots of full tiles from this one on, in order. */
  roots(from: number): Promise<Uint8Array[]>;
  /** The 256 entries of a tile, or null where there is none. */
  entries(tile: number): Promise<Uint8Array[] | null>;
  /** Where the receipt of a parcel stands, and what opens that leaf; null when it is not in the log. */
  placeOf(parcel: string): Promise<{ leaf: number; blinding: Uint8Array } | null>;
  /** How many receipts are not in the log yet. */
  waiting(): Promise<number>;
  /** Goes on with the log as it is. */
  resume(): Promise<void>;
  /** Ends the log: all of its leaves go, and the receipts that were in it wait for the next one. */
  forget(): Promise<void>;
}

/** Any fixed number; who publishes, resumes or ends the log does it under this lock. */
const LOG_LOCK = 5_061_700_233;

/** Waits for the others that are at it, until the end of the transaction. */
export async function lockLog(sql: Query): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOG_LOCK})`;
}

/** The log of a database. */
export function openReceiptLog(database: Database): ReceiptLog {
  return {
    head: () => database.run(readHead),
    roots: (from) => database.run((sql) => readRoots(sql, from)),
    entries: async (tile) => {
      const [row] = await database.run(
        (sql) => sql<{ entries: Uint8Array }[]>`select entries from log_tile where number = ${tile}`,
      );
      if (row === undefined) return null;
      return Array.from({ length: row.entries.length / 32 }, (_, i) => row.entries.subarray(i * 32, (i + 1) * 32));
    },
    placeOf: async (parcel) => {
      const [row] = await database.run(
        (sql) => sql<{ leaf: bigint; blinding: Uint8Array }[]>`
          select leaf, blinding from log_receipt where parcel = ${fromHex(parcel, 16)}`,
      );
      return row === undefined ? null : { leaf: Number(row.leaf), blinding: row.blinding };
    },
    waiting: async () => {
      const [row] = await database.run(
        (sql) => sql<{ count: bigint }[]>`
          select count(*) as count from parcel p where direction = 'submission' and receipt is not null
            and not exists (select from log_receipt where parcel = p.id)`,
      );
      return Number(row!.count);
    },
    resume: async () => {
      await database.transaction(async (sql) => {
        await lockLog(sql);
        await sql`update log set suspended = false`;
      });
    },
    forget: async () => {
      await database.transaction(async (sql) => {
        await lockLog(sql);
        await sql`delete from log_receipt`;
        await sql`delete from log_tile`;
        await sql`delete from log`;
      });
    },
  };
}

export async function readHead(sql: Query): Promise<LogHead | null> {
  const [row] = await sql<(Omit<LogHead, 'size'> & { size: bigint })[]>`
    select start, size, checkpoint, day::text as day, suspended from log`;
  return row === undefined ? null : { ...row, size: Number(row.size) };
}

export async function readRoots(sql: Query, from: number): Promise<Uint8Array[]> {
  const rows = await sql<{ root: Uint8Array }[]>`select root from log_tile where number >= ${from} order by number`;
  return rows.map(({ root }) => root);
}
