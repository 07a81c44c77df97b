/** Rows of parcels and parts as upkeep reads them: all of them, in pages by key, so that neither memory nor a statement's time grows with their number. */
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { Direction } from '../../shared/statements/direction.ts';
import type { Database, Sql } from './database.ts';
import type { Parcel } from './parcels.ts';

export interface StoredParcel extends Omit<Parcel, 'finished'> {
  /** Counts openings. */
  readonly number: number;
  /** Day of the seal. */
  readonly sealed: string | null;
}

export interface StoredPart {
  readonly seq: number;
  readonly statement: string;
  readonly sha256: string;
  readonly size: number;
  readonly received: number;
  /** As `blob-list.ts` writes them. */
  readonly blobs: string;
}

export interface StoredRows {
  /** Parcels with numbers above `after`, in order. */
  parcels(after: number, limit: number): Promise<StoredParcel[]>;
  parcel(id: string): Promise<StoredParcel | null>;
  /** How many parcels there are. */
  count(): Promise<number>;
  /** Parts above `after`, in order, unfinished ones included. */
  parts(parcel: string, after: number, limit: number): Promise<StoredPart[]>;
  part(parcel: string, seq: number): Promise<StoredPart | null>;
  /** Which of these parcels there are. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

interface ParcelRow {
  number: bigint;
  id: Uint8Array;
  direction: Direction;
  mailbox: Uint8Array;
  sender: Uint8Array;
  opening: string;
  part_size: number;
  size: bigint;
  parts: number;
  seal: string | null;
  receipt: string | null;
  sealed: string | null;
}

interface PartRow extends Omit<StoredPart, 'sha256'> {
  readonly sha256: Uint8Array;
}

const columns = (sql: Sql) => sql`
  number, id, direction, mailbox, coalesce(reply_key, mailbox) as sender, opening, part_size, size, parts, seal, receipt,
  sealed::text as sealed`;

/** The rows of a database. A database that is away is waited for. */
export function openStoredRows(database: Database): StoredRows {
  return {
    parcels: async (after, limit) => {
      const rows = await database.persist(
        (sql) => sql<ParcelRow[]>`
          select ${columns(sql)} from parcel where number > ${after} order by number limit ${limit}`,
      );
      return rows.map(parcelOf);
    },
    parcel: async (id) => {
      const [row] = await database.persist(
        (sql) => sql<ParcelRow[]>`
          select ${columns(sql)} from parcel where id = ${fromHex(id, 16)}`,
      );
      return row === undefined ? null : parcelOf(row);
    },
    count: async () => {
      const [row] = await database.persist((sql) => sql<{ count: bigint }[]>`select count(*) as count from parcel`);
      return Number(row!.count);
    },
    parts: async (parcel, after, limit) => {
      const rows = await database.persist(
        (sql) => sql<PartRow[]>`
          select seq, statement, sha256, size, received, blobs from part
          where parcel = ${fromHex(parcel, 16)} and seq > ${after} order by seq limit ${limit}`,
      );
      return rows.map(partOf);
    },
    part: async (parcel, seq) => {
      const [row] = await database.persist(
        (sql) => sql<PartRow[]>`
          select seq, statement, sha256, size, received, blobs from part
          where parcel = ${fromHex(parcel, 16)} and seq = ${seq}`,
      );
      return row === undefined ? null : partOf(row);
    },
    known: async (ids) => {
      if (ids.length === 0) return new Set();
      const rows = await database.persist(
        (sql) => sql<{ id: Uint8Array }[]>`select id from parcel where id in ${sql(ids.map((id) => fromHex(id, 16)))}`,
      );
      return new Set(rows.map(({ id }) => toHex(id)));
    },
  };
}

function parcelOf({ part_size: partSize, ...row }: ParcelRow): StoredParcel {
  return {
    ...row,
    partSize,
    number: Number(row.number),
    id: toHex(row.id),
    mailbox: Uint8Array.from(row.mailbox),
    sender: Uint8Array.from(row.sender),
    size: Number(row.size),
  };
}

function partOf({ sha256, ...row }: PartRow): StoredPart {
  return { ...row, sha256: toHex(sha256) };
}
