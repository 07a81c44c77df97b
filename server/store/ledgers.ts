/** The ledger of an unfinished parcel, sealed under its source's codename: the pages of its head, and a record beside each finished part. */
import { createHash } from 'node:crypto';
import { fromHex } from '../../shared/bytes/hex.ts';
import { passOn } from './crash-points.ts';
import type { Database } from './database.ts';

export interface LedgersTable {
  /** Stores a page of an unsealed parcel unless there is one. `differs` when there is one of other bytes, `sealed` when the parcel takes none. */
  put(parcel: string, page: number, content: Uint8Array): Promise<'stored' | 'differs' | 'sealed'>;
  page(parcel: string, page: number): Promise<Uint8Array | null>;
  /** Statements and records of finished parts with numbers above `after`, in order. */
  finished(
    parcel: string,
    after: number,
    limit: number,
  ): Promise<{ seq: number; statement: string; record: Uint8Array | null }[]>;
}

/** The ledgers of a database. */
export function openLedgers(database: Database, reach = passOn): LedgersTable {
  return {
    async put(parcel, page, content) {
      const id = fromHex(parcel, 16);
      const stored = await database.persist(
        // The lock makes a page and the seal take turns: no page is left behind a seal, or behind a wish to be forgotten.
        (sql) => sql`
          insert into ledger (parcel, page, content)
          select id, ${page}::integer, ${content}::bytea
          from (select id from parcel where id = ${id} and seal is null and not forgotten for no key update) open_parcel
          on conflict do nothing returning 1`,
      );
      reach('page-committed');
      if (stored.length === 1) return 'stored';
      const [there] = await database.run(
        (sql) => sql<{ sha256: Uint8Array }[]>`
          select sha256(content) as sha256 from ledger where parcel = ${id} and page = ${page}`,
      );
      if (there === undefined) return 'sealed';
      return createHash('sha256').update(content).digest().equals(there.sha256) ? 'stored' : 'differs';
    },
    async page(parcel, page) {
      const [row] = await database.run(
        (sql) => sql<{ content: Uint8Array }[]>`
          select content from ledger where parcel = ${fromHex(parcel, 16)} and page = ${page}`,
      );
      return row?.content ?? null;
    },
    finished: (parcel, after, limit) =>
      database.run(
        (sql) => sql<{ seq: number; statement: string; record: Uint8Array | null }[]>`
          select seq, statement, record from part
          where parcel = ${fromHex(parcel, 16)} and received = size and seq > ${after} order by seq limit ${limit}`,
      ),
  };
}
