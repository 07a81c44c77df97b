/** Migrations: numbered SQL files, forward only, each in a transaction, all under one advisory lock. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { passOn } from './crash-points.ts';
import type { Database, Query } from './database.ts';

const FOLDER = join(import.meta.dirname, 'migrations');
/** Any fixed number; it only has to be the same in every server process. */
const LOCK = 5_061_700_231;

/** Brings the database to the newest form, or to the older one of a backup. Throws an Error for the operator when it is newer than this program. */
export async function migrate(database: Database, reach = passOn, version?: number): Promise<void> {
  const files = await migrationFiles();
  const upTo = version ?? files.length;
  const texts = await Promise.all(files.slice(0, upTo).map((name) => readFile(join(FOLDER, name), 'utf8')));
  // A large database takes longer than a request may, and so do those who wait meanwhile.
  await database.unhurried('write', async (sql) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`;
    const done = await appliedMigrations(sql);
    if (done > files.length) throw new Error('The database was made by a newer version of this program.');
    for (const text of texts.slice(done)) await sql.unsafe(text);
    await sql`update schema_version set version = ${Math.max(upTo, done)}`;
    reach('migration-before-commit');
  });
  reach('migration-committed');
}

/** Which form the database has, and which one this program knows. */
export async function schemaVersions(database: Database): Promise<{ database: number; program: number }> {
  const program = (await migrationFiles()).length;
  const [table] = await database.run(
    (sql) => sql<{ there: boolean }[]>`select to_regclass('schema_version') is not null as there`,
  );
  if (!table!.there) return { database: 0, program };
  const [row] = await database.run((sql) => sql<{ version: number }[]>`select version from schema_version`);
  return { database: row?.version ?? 0, program };
}

async function migrationFiles(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => /^\d{4}-[\w-]+\.sql$/.test(name)).sort();
}

async function appliedMigrations(sql: Query): Promise<number> {
  await sql`create table if not exists schema_version (version integer not null)`;
  const [row] = await sql<{ version: number }[]>`select version from schema_version`;
  if (row === undefined) await sql`insert into schema_version values (0)`;
  return row?.version ?? 0;
}
