/** Taking the ledger of a parcel away, in statements that are short however many parts it has: one of them for all would run into the deadline. */
import { fromHex } from '../../shared/bytes/hex.ts';
import type { Database } from './database.ts';

const RECORDS_AT_ONCE = 2_000;
const PAGES_AT_ONCE = 100;

/** Removes most records, if not all: where that breaks off, some are left. */
export async function clearRecords(database: Database, id: string): Promise<void> {
  const parcel = fromHex(id, 16);
  for (let after = -1, cleared = RECORDS_AT_ONCE; cleared === RECORDS_AT_ONCE;) {
    const rows = await database.persist(
      (sql) => sql<{ seq: number }[]>`
        with batch as (
          select seq from part where parcel = ${parcel} and seq > ${after} and record is not null order by seq limit ${RECORDS_AT_ONCE})
        update part set record = null from batch where part.parcel = ${parcel} and part.seq = batch.seq returning part.seq`,
    );
    cleared = rows.length;
    after = rows.reduce((most, { seq }) => Math.max(most, seq), after);
  }
}

/** Removes records and pages of a parcel that is to go, or that nobody may take up again. */
export async function clearLedger(database: Database, id: string): Promise<void> {
  await clearRecords(database, id);
  const parcel = fromHex(id, 16);
  for (let cleared = PAGES_AT_ONCE; cleared === PAGES_AT_ONCE;) {
    const rows = await database.persist(
      (sql) => sql`
        delete from ledger where parcel = ${parcel}
          and page in (select page from ledger where parcel = ${parcel} order by page limit ${PAGES_AT_ONCE}) returning 1`,
    );
    cleared = rows.length;
  }
}
