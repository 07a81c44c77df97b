/** The rows of parts. Every change is a compare-and-set from a state that was read: no lock, and a change can be made twice without harm. */
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { BlobRef } from './blob-store.ts';
import { formatBlobs, parseBlobs } from './blob-list.ts';
import type { Database } from './database.ts';

/** One part as it stands in the database. */
export interface PartState {
  readonly statement: string;
  readonly sha256: string;
  readonly size: number;
  readonly received: number;
  readonly blobs: readonly BlobRef[];
}

/** What a part's requests must know of its parcel; none of it ever changes. */
export interface PartParcel {
  readonly mailbox: Uint8Array;
  readonly partSize: number;
  readonly parts: number;
}

export interface PartsTable {
  /** The parcel, and its part `seq` if that has been begun; null when the parcel is unknown. */
  find(parcel: string, seq: number): Promise<{ parcel: PartParcel; part: PartState | null } | null>;
  /**
   * Sets part `seq` to `after` if it is still `before` (null: not begun). False when it is something else by now; `true` also
   * when an earlier try of the same change went through. Problem `database-away` after waiting for it.
   */
  change(parcel: string, seq: number, before: PartState | null, after: PartState, day: string): Promise<boolean>;
  /** Whole parts only; null for any other. */
  finished(parcel: string, seq: number): Promise<PartState | null>;
}

interface Row {
  mailbox: Uint8Array;
  part_size: number;
  parts: number;
  statement: string | null;
  sha256: Uint8Array;
  size: number;
  received: number;
  blobs: string;
}

/** The table of parts of a database. */
export function openParts(database: Database): PartsTable {
  const find: PartsTable['find'] = async (parcel, seq) => {
    const id = fromHex(parcel, 16);
    const [row] = await database.run(
      (sql) => sql<Row[]>`
        select p.mailbox, p.part_size, p.parts, q.statement, q.sha256, q.size, q.received, q.blobs
        from parcel p left join part q on q.parcel = p.id and q.seq = ${seq}
        where p.id = ${id}`,
    );
    if (row === undefined) return null;
    const parcelOf = { mailbox: Uint8Array.from(row.mailbox), partSize: row.part_size, parts: row.parts };
    return { parcel: parcelOf, part: row.statement === null ? null : stateOf({ ...row, statement: row.statement }) };
  };

  return {
    find,
    async change(parcel, seq, before, after, day) {
      const id = fromHex(parcel, 16);
      const { statement, size, received } = after;
      const hash = fromHex(after.sha256, 32);
      const blobs = formatBlobs(after.blobs);
      const moved = await database.persist((sql) =>
        before === null
          ? sql`
              with moved as (
                insert into part (parcel, seq, statement, sha256, size, received, blobs)
                select p.id, ${seq}::integer, ${statement}, ${hash}::bytea, ${size}::integer, ${received}::integer, ${blobs}
                from parcel p where p.id = ${id}
                on conflict do nothing returning 1),
              touched as (update parcel set touched = ${day} where id = ${id} and touched < ${day} and exists (select from moved))
              select from moved`
          : sql`
              with moved as (
                update part set statement = ${statement}, sha256 = ${hash}, size = ${size}, received = ${received}, blobs = ${blobs}
                where parcel = ${id} and seq = ${seq} and received < size
                  and sha256 = ${fromHex(before.sha256, 32)} and blobs = ${formatBlobs(before.blobs)}
                returning 1),
              touched as (update parcel set touched = ${day} where id = ${id} and touched < ${day} and exists (select from moved))
              select from moved`,
      );
      if (moved.length === 1) return true;
      // An earlier try may have gone through although its answer was lost: names of blobs are random, so the row tells.
      const now = (await find(parcel, seq))?.part;
      return now ? now.sha256 === after.sha256 && blobs !== '' && formatBlobs(now.blobs) === blobs : false;
    },
    async finished(parcel, seq) {
      const [row] = await database.run(
        (sql) => sql<(Row & { statement: string })[]>`
          select statement, sha256, size, received, blobs from part
          where parcel = ${fromHex(parcel, 16)} and seq = ${seq} and received = size`,
      );
      return row === undefined ? null : stateOf(row);
    },
  };
}

function stateOf(row: Pick<Row, 'sha256' | 'size' | 'received' | 'blobs'> & { readonly statement: string }): PartState {
  return {
    statement: row.statement,
    sha256: toHex(row.sha256),
    size: row.size,
    received: row.received,
    blobs: parseBlobs(row.blobs),
  };
}
