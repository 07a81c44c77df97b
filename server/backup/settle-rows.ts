/** Brings the rows of a snapshot to what was found when its blobs were copied: parcels that went since are left out, parts that moved on are shortened. */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { formatBlobs } from '../store/blob-list.ts';
import type { Database } from '../store/database.ts';
import type { Copied } from './copy-parcels.ts';
import { createDayFile } from './day-file.ts';
import { formatRow, hexOf, openRows, textOf } from './rows.ts';
import type { Row } from './rows.ts';

const AT_ONCE = 1_000;

/** Adds to `deleted` all parcels of the state that are not in the database any more: what was deleted is not to live on in a new backup. */
export async function findDeleted(state: string, database: Database, deleted: Set<string>): Promise<void> {
  let batch: string[] = [];
  const look = async (): Promise<void> => {
    const ids = batch.map((id) => fromHex(id, 16));
    batch = [];
    if (ids.length === 0) return;
    const rows = await database.persist(
      (sql) => sql<{ id: Uint8Array }[]>`select id from parcel where id in ${sql(ids)}`,
    );
    const there = new Set(rows.map(({ id }) => toHex(id)));
    for (const id of ids.map(toHex)) if (!there.has(id)) deleted.add(id);
  };
  const parcels = await openRows(join(state, 'parcel.rows'));
  try {
    for await (const row of parcels.rows) {
      batch.push(hexOf(row, 'id'));
      if (batch.length >= AT_ONCE) await look();
    }
  } finally {
    await parcels.close();
  }
  await look();
}

/** Writes the files of rows that this changes anew. Gives the hashes of those. */
export async function settleRows(
  state: string,
  { deleted, shortened }: Pick<Copied, 'deleted' | 'shortened'>,
  day: Date,
): Promise<Map<string, string>> {
  const changed = new Map<string, string>();
  const rewrite = async (name: string, change: (row: Row) => Row | null): Promise<void> => {
    const path = join(state, name);
    const before = await openRows(path);
    const { columns } = before;
    const file = await createDayFile(`${path}.new`, day);
    try {
      await file.write(`${columns.join('\t')}\n`);
      for await (const row of before.rows) {
        const after = change(row);
        if (after !== null) await file.write(`${formatRow(columns, after)}\n`);
      }
      changed.set(name, await file.finish());
    } finally {
      await file.close();
      await before.close();
    }
    await rename(`${path}.new`, path);
  };

  const isHere = (row: Row, column: string): boolean => !deleted.has(hexOf(row, column));
  if (deleted.size > 0) {
    await rewrite('parcel.rows', (row) => (isHere(row, 'id') ? row : null));
    await rewrite('ledger.rows', (row) => (isHere(row, 'parcel') ? row : null));
    // A database that an older server still uses has none.
    if (existsSync(join(state, 'log_receipt.rows')))
      await rewrite('log_receipt.rows', (row) => (isHere(row, 'parcel') ? row : null));
  }
  if (deleted.size + shortened.size > 0)
    await rewrite('part.rows', (row) => {
      if (!isHere(row, 'parcel')) return null;
      const left = shortened.get(`${hexOf(row, 'parcel')}/${textOf(row, 'seq')}`);
      if (left === undefined) return row;
      const received = left.reduce((sum, { length }) => sum + length, 0);
      return { ...row, blobs: formatBlobs(left), received: String(received) };
    });
  return changed;
}
