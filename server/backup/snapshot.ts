/** The rows of all tables as they are at one moment, from one transaction that reads and holds nobody up. */
import { join } from 'node:path';
import type { Database, Query } from '../store/database.ts';
import type { About } from './about.ts';
import { createDayFile } from './day-file.ts';
import { BACKUP_TABLES } from './tables.ts';
import type { BackupTable } from './tables.ts';

export interface Snapshot extends About {
  /** SHA-256 of the files that were written, by name. */
  readonly files: ReadonlyMap<string, string>;
}

/** Writes a file of rows for each table into a folder. */
export async function takeSnapshot(database: Database, folder: string, day: Date): Promise<Snapshot> {
  // A database that an older server still uses has not all of them.
  const found = await database.run(
    (sql) => sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = current_schema()`,
  );
  const names = new Set(found.map(({ name }) => name));
  const tables = BACKUP_TABLES.filter(({ name }) => names.has(name));
  return database.unhurried('read', async (sql) => {
    // Before anything is looked at, so that no migration comes in between.
    await sql.unsafe(
      `lock table schema_version, instance, ${tables.map(({ name }) => name).join(', ')} in access share mode`,
    );
    await sql`set local datestyle to 'ISO, YMD'`;
    await sql`set local bytea_output to 'hex'`;
    const [row] = await sql<{ schema: number; instance: string; number: string }[]>`
      select version as schema, id::text as instance,
        coalesce(pg_sequence_last_value(pg_get_serial_sequence('parcel', 'number')::regclass), 0)::text as number
      from schema_version, instance`;
    const files = new Map<string, string>();
    for (const table of tables)
      files.set(`${table.name}.rows`, await writeRows(sql, table, join(folder, `${table.name}.rows`), day));
    return { schema: row!.schema, instance: row!.instance, number: Number(row!.number), files };
  });
}

async function writeRows(sql: Query, { name, key }: BackupTable, path: string, day: Date): Promise<string> {
  const columns = await sql<{ name: string }[]>`
    select column_name as name from information_schema.columns
    where table_schema = current_schema() and table_name = ${name} order by ordinal_position`;
  const list = columns.map((column) => column.name);
  const file = await createDayFile(path, day);
  try {
    await file.write(`${list.join('\t')}\n`);
    const rows = await sql
      .unsafe(`copy (select ${list.join(', ')} from ${name} order by ${key.join(', ')}) to stdout`)
      .readable();
    for await (const piece of rows) await file.write(piece as Uint8Array);
    return await file.finish();
  } finally {
    await file.close();
  }
}
