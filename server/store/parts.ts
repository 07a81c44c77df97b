/** The rows of parts. Every change is a compare-and-set from a state that was read: no lock, and a change can be made twice without harm. */
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { Direction } from '../../shared/statements/direction.ts';
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

/** What a part's requests must know of its parcel. */
export interface PartParcel {
  /** The key that signs its statements: the mailbox of a submission, the reply key of a reply. */
  readonly sender: Uint8Array;
  /** Which browser goes on with it: raised by every claim. */
  readonly writer: number;
  readonly sealed: boolean;
  readonly partSize: number;
  readonly parts: number;
  /** Bytes that the quotas leave for it at this moment; null when there are none. The database has the last word on it. */
  readonly room: number | null;
}

/** One part of one parcel; a parcel that travels the other way is unknown. */
export interface PartKey {
  readonly direction: Direction;
  readonly parcel: string;
  readonly part: number;
}

export interface PartChange {
  /** Null: not begun. */
  readonly before: PartState | null;
  readonly after: PartState;
  /** A part is begun only while this is the parcel's writer. */
  readonly writer: number;
  /** Stored together with a statement that was not there before. */
  readonly record: Uint8Array | null;
  readonly day: string;
}

export interface PartsTable {
  /** The parcel, and its part if that has been begun; null when the parcel is unknown. */
  find(key: PartKey): Promise<{ parcel: PartParcel; part: PartState | null } | null>;
  /**
   * Sets the part to `after` if it is still `before`. False when it is something else by now; `true` also
   * when an earlier try of the same change went through. Problem `database-away` after waiting for it; `quota-reached` when
   * it would bring more bytes than are allowed: then nothing has changed.
   */
  change(key: PartKey, change: PartChange): Promise<boolean>;
  /** Whole parts only; null for any other. */
  finished(key: PartKey): Promise<PartState | null>;
}

interface Row {
  sender: Uint8Array;
  writer: number;
  sealed: boolean;
  part_size: number;
  parts: number;
  room: bigint | null;
  statement: string | null;
  sha256: Uint8Array;
  size: number;
  received: number;
  blobs: string;
}

/** The table of parts of a database. */
export function openParts(database: Database): PartsTable {
  const find: PartsTable['find'] = async ({ direction, parcel, part }) => {
    const [row] = await database.run(
      (sql) => sql<Row[]>`
        select coalesce(p.reply_key, p.mailbox) as sender, p.writer, p.seal is not null as sealed, p.part_size, p.parts,
          quota_room(p.direction, p.mailbox, p.stored) as room, q.statement, q.sha256, q.size, q.received, q.blobs
        from parcel p left join part q on q.parcel = p.id and q.seq = ${part}
        where p.id = ${fromHex(parcel, 16)} and p.direction = ${direction}`,
    );
    if (row === undefined) return null;
    const { writer, sealed, part_size: partSize, parts, statement } = row;
    const room = row.room === null ? null : Number(row.room);
    return {
      parcel: { sender: Uint8Array.from(row.sender), writer, sealed, partSize, parts, room },
      part: statement === null ? null : stateOf({ ...row, statement }),
    };
  };

  return {
    find,
    async change(key, { before, after, writer, record, day }) {
      const { part: seq } = key;
      const id = fromHex(key.parcel, 16);
      const { statement, size, received } = after;
      const hash = fromHex(after.sha256, 32);
      const blobs = formatBlobs(after.blobs);
      const moved = await database.persist((sql) =>
        before === null
          ? // The lock makes claim, seal and beginning take turns: either the claim sees the row, or the row its writer.
            // Not `for share`: two that hold that and both set `touched` would wait for each other.
            sql`
              with moved as (
                insert into part (parcel, seq, statement, sha256, size, received, blobs, record)
                select p.id, ${seq}::integer, ${statement}, ${hash}::bytea, ${size}::integer, ${received}::integer, ${blobs},
                  case when p.forgotten then null else ${record}::bytea end
                from (select id, forgotten from parcel
                  where id = ${id} and direction = ${key.direction} and writer = ${writer} and seal is null
                  for no key update) p
                on conflict do nothing returning 1),
              touched as (update parcel set touched = ${day} where id = ${id} and touched < ${day} and exists (select from moved))
              select from moved`
          : sql`
              with owner as (
                -- First the parcel's row, as everywhere: counting what has come changes that too.
                select id, forgotten from parcel where id = ${id} for no key update),
              moved as (
                update part set statement = ${statement}, sha256 = ${hash}, size = ${size}, received = ${received}, blobs = ${blobs},
                  record = case
                    when part.statement = ${statement} then part.record
                    when owner.forgotten then null
                    else ${record}::bytea end
                from owner where parcel = owner.id and seq = ${seq} and received < size
                  and sha256 = ${fromHex(before.sha256, 32)} and blobs = ${formatBlobs(before.blobs)}
                returning 1),
              touched as (update parcel set touched = ${day} where id = ${id} and touched < ${day} and exists (select from moved))
              select from moved`,
      );
      if (moved.length === 1) return true;
      // An earlier try may have gone through although its answer was lost: names of blobs are random, so the row tells.
      const now = (await find(key))?.part;
      return now ? now.sha256 === after.sha256 && blobs !== '' && formatBlobs(now.blobs) === blobs : false;
    },
    async finished({ direction, parcel, part }) {
      const [row] = await database.run(
        (sql) => sql<(Row & { statement: string })[]>`
          select q.statement, q.sha256, q.size, q.received, q.blobs from part q join parcel p on p.id = q.parcel
          where q.parcel = ${fromHex(parcel, 16)} and q.seq = ${part} and q.received = q.size and p.direction = ${direction}`,
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
