/** The rows of parcels: opened once, sealed once, never changed in between but for the day of the last part. */
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { ParcelSummary } from '../../shared/protocol/messages.ts';
import type { Direction } from '../../shared/statements/direction.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { clearRecords } from './clear-ledger.ts';
import { passOn } from './crash-points.ts';
import type { Database, Query } from './database.ts';

export interface Parcel {
  readonly id: string;
  readonly direction: Direction;
  /** Who sent a submission, or whom a reply is for. */
  readonly mailbox: Uint8Array;
  /** The key that signs its statements: the mailbox of a submission, the reply key of a reply. */
  readonly sender: Uint8Array;
  readonly opening: string;
  readonly partSize: number;
  readonly size: number;
  readonly parts: number;
  /** Parts that are here whole. */
  readonly finished: number;
  readonly seal: string | null;
  readonly receipt: string | null;
}

export interface NewParcel extends Omit<Parcel, 'finished' | 'seal' | 'receipt'> {
  /** Day of the opening. */
  readonly day: string;
}

export interface ParcelsTable {
  /** The parcel of an id, whichever way it travels. */
  find(id: string): Promise<Parcel | null>;
  /**
   * Opens a parcel if there is none of its id. `admit` is asked first, with the bytes of ciphertext that it may take, and those that unsealed
   * parcels may still bring and have room kept for; it throws to refuse. Problem `quota-reached` when the parcel
   * does not fit beside what is here and, of its mailbox and in total, promised. One opening at a time. Gives the parcel that is there now,
   * or null for a reply to a mailbox whose source asked to be forgotten, or that was here whole and was deleted. A submission ends that wish.
   */
  open(
    parcel: NewParcel,
    admit: (needed: number, promised: number) => Promise<void>,
  ): Promise<{ parcel: Parcel; fresh: boolean } | null>;
  /** Numbers of the finished parts, as inclusive ranges in rising order. */
  finishedRanges(id: string): Promise<[number, number][]>;
  /** SHA-256 of finished parts with numbers above `after`, in order of part. */
  hashes(id: string, after: number, limit: number): Promise<{ seq: number; sha256: Uint8Array }[]>;
  /** Stores seal and receipt unless the parcel has some, and deletes its ledger; gives the parcel as it is now. */
  seal(id: string, seal: string, receipt: string, day: string): Promise<Parcel | null>;
  /** At most `limit` parcels with numbers above `after`, in order. */
  list(after: number, limit: number): Promise<ParcelSummary[]>;
  /** Statements of the finished parts with numbers above `after`, in order. */
  statements(id: string, after: number, limit: number): Promise<{ seq: number; statement: string }[]>;
}

interface Row {
  id: Uint8Array;
  direction: Direction;
  mailbox: Uint8Array;
  sender: Uint8Array;
  opening: string;
  part_size: number;
  size: bigint;
  parts: number;
  finished: number;
  seal: string | null;
  receipt: string | null;
}

/** Any fixed number; openings take turns under it, so that two cannot both be promised the last room. */
export const OPENING_LOCK = 5_061_700_232;

/** The table of parcels of a database. */
export function openParcels(database: Database, reach = passOn): ParcelsTable {
  const select = async (sql: Query, id: string): Promise<Parcel | null> => {
    const [row] = await sql<Row[]>`
      select id, direction, mailbox, coalesce(reply_key, mailbox) as sender, opening, part_size, size, parts, finished, seal, receipt
      from parcel where id = ${fromHex(id, 16)}`;
    return row === undefined ? null : parcelOf(row);
  };

  return {
    find: (id) => database.run((sql) => select(sql, id)),
    open: async (parcel, admit) => {
      const opened = await database.transaction(async (sql) => {
        await sql`select pg_advisory_xact_lock(${OPENING_LOCK})`;
        const there = await select(sql, parcel.id);
        if (there !== null) return { parcel: there, fresh: false };
        const { direction, mailbox, sender } = parcel;
        const isForgotten = await sql`select from forgotten where mailbox = ${mailbox}`;
        const isDeleted = await sql`select from deleted_reply where id = ${fromHex(parcel.id, 16)}`;
        if (direction === 'reply' && isForgotten.length + isDeleted.length > 0) return null;
        const { needed, promised, fits } = await reckon(sql, parcel);
        if (!fits) throw new Problem('quota-reached');
        await admit(needed, promised);
        if (direction === 'submission') await sql`delete from forgotten where mailbox = ${mailbox}`;
        await sql`
          insert into parcel (id, direction, mailbox, reply_key, opening, part_size, size, parts, opened, touched)
          values (${fromHex(parcel.id, 16)}, ${direction}, ${mailbox}, ${direction === 'reply' ? sender : null}, ${parcel.opening},
            ${parcel.partSize}, ${parcel.size}, ${parcel.parts}, ${parcel.day}, ${parcel.day})`;
        reach('opening-before-commit');
        return { parcel: { ...parcel, finished: 0, seal: null, receipt: null }, fresh: true };
      });
      reach('opening-committed');
      return opened;
    },
    finishedRanges: async (id) => {
      const rows = await database.run(
        (sql) => sql<{ first: number; last: number }[]>`
          select min(seq) as first, max(seq) as last
          from (select seq, seq - row_number() over (order by seq) as island from part
                where parcel = ${fromHex(id, 16)} and received = size) finished
          group by island order by first`,
      );
      return rows.map(({ first, last }) => [first, last]);
    },
    hashes: (id, after, limit) =>
      database.run(
        (sql) => sql<{ seq: number; sha256: Uint8Array }[]>`
          select seq, sha256 from part where parcel = ${fromHex(id, 16)} and received = size and seq > ${after}
          order by seq limit ${limit}`,
      ),
    seal: async (id, seal, receipt, day) => {
      // All parts are here: nobody will need their records again, even if the seal should not come.
      await clearRecords(database, id);
      reach('seal-records-cleared');
      const now = await database.persist((pool) =>
        pool.begin(async (sql) => {
          const parcel = fromHex(id, 16);
          const sealed = await sql`
            update parcel set seal = ${seal}, receipt = ${receipt}, sealed = ${day}, claimed_by = null where id = ${parcel} and seal is null returning 1`;
          if (sealed.length === 1) {
            await sql`delete from ledger where parcel = ${parcel}`;
            // Those that are left after all.
            await sql`update part set record = null where parcel = ${parcel} and record is not null`;
          }
          reach('seal-before-commit');
          return select(sql, id);
        }),
      );
      reach('seal-committed');
      return now;
    },
    list: async (after, limit) => {
      const rows = await database.run(
        (sql) => sql<(Row & { number: bigint; opened: string; collected: boolean })[]>`
          select number, id, opened::text as opened, size, parts, seal, finished, collected is not null as collected
          from parcel where direction = 'submission' and number > ${after} order by number limit ${limit}`,
      );
      return rows.map((row) => ({
        number: Number(row.number),
        parcel: toHex(row.id),
        day: row.opened,
        size: Number(row.size),
        parts: row.parts,
        finished: row.finished,
        sealed: row.seal !== null,
        collected: row.collected,
      }));
    },
    statements: (id, after, limit) =>
      database.run(
        (sql) => sql<{ seq: number; statement: string }[]>`
          select seq, statement from part where parcel = ${fromHex(id, 16)} and received = size and seq > ${after}
          order by seq limit ${limit}`,
      ),
  };
}

/**
 * Bytes that a parcel may take, those promised to others, and whether it is within the quotas beside them. What its own mailbox has
 * under way is reckoned there to the last byte: nobody else is shut out by that.
 */
async function reckon(
  sql: Query,
  { direction, mailbox, size, parts, day }: NewParcel,
): Promise<{ needed: number; promised: number; fits: boolean }> {
  const [row] = await sql<{ needed: string; promised: string; fits: boolean }[]>`
    with opening as (
      select announced(${size}, ${parts}) as needed,
        (select coalesce(sum(bytes), 0) from promise where until >= ${day}::date)::bigint as promised)
    select needed::text, promised::text, coalesce(needed <= least(
        quota('parcel'),
        case when ${direction} = 'submission' and quota('mailbox') is not null
          then quota('mailbox') - coalesce((select bytes from mailbox_usage where mailbox = ${mailbox}), 0)
            - (select coalesce(sum(greatest(announced(p.size, p.parts) - p.stored, 0)), 0) from parcel p
              where mailbox = ${mailbox} and direction = 'submission' and seal is null and promised_until(p) >= ${day}::date) end,
        quota('total') - promised - total_bytes()), true) as fits
    from opening`;
  const { needed, promised, fits } = row!;
  return { needed: Number(needed), promised: Number(promised), fits };
}

function parcelOf(row: Row): Parcel {
  return {
    id: toHex(row.id),
    direction: row.direction,
    sender: Uint8Array.from(row.sender),
    mailbox: Uint8Array.from(row.mailbox),
    opening: row.opening,
    partSize: row.part_size,
    size: Number(row.size),
    parts: row.parts,
    finished: row.finished,
    seal: row.seal,
    receipt: row.receipt,
  };
}
