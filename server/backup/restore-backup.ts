/** A backup into an empty database, blob store and data folder. It can be cut off and run again: the rows come last and all at once. */
import { BackupError } from './backup-error.ts';
import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromHex } from '../../shared/bytes/hex.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Database } from '../store/database.ts';
import { passOn } from '../store/crash-points.ts';
import { belongsTogether } from '../store/instance.ts';
import { migrate, schemaVersions } from '../store/migrate.ts';
import type { About } from './about.ts';
import type { CheckedBackup } from './check-backup.ts';
import { BLOBS, MANIFEST, openManifest } from './manifest.ts';
import type { Pace } from '../jobs/pace.ts';
import { BACKUP_FILES, BACKUP_TABLES } from './tables.ts';

export interface RestoreOptions {
  readonly database: Database;
  readonly blobs: BlobStore;
  /** The data folder of the server that is to be. */
  readonly data: string;
  /** The backup's. */
  readonly folder: string;
  /** What `checkBackup` found there. Of a damaged backup all that is whole is restored. */
  readonly backup: CheckedBackup;
  readonly pace: Pace;
}

const AT_ONCE = 8;

/** Throws an Error for the operator when anything of the target is not empty; nothing has been written then. */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { database, blobs, data, folder, backup } = options;
  const { about } = backup;
  const state = join(folder, backup.state);
  await refuseOtherFiles(data, state, backup.files);
  await refuseRows(database, about);
  await migrate(database, passOn, about.schema);
  if (!(await belongsTogether(database, blobs)))
    throw new BackupError('The store of blobs is not empty: a restore needs an empty folder or bucket.');
  await copyBlobs(options);
  for (const name of BACKUP_FILES) if (backup.files.has(name)) await copyFile(data, state, name);
  await loadRows(database, state, backup);
  await migrate(database);
}

/** A data folder in which a server has run has files of its own; what an earlier try of this restore put there is as in the backup. */
async function refuseOtherFiles(data: string, state: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const name of BACKUP_FILES) {
    const there = await readFile(join(data, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (there === null) continue;
    if (!files.has(name) || !there.equals(await readFile(join(state, name))))
      throw new BackupError(`The data folder has a ${name} of its own: a restore needs an empty one.`);
  }
}

async function refuseRows(database: Database, { schema }: About): Promise<void> {
  const { database: there, program } = await schemaVersions(database);
  if (schema > program) throw new BackupError('The backup was made by a newer version of this program.');
  if (there !== 0 && there !== schema)
    throw new BackupError('The database has been used by a server: a restore needs an empty one.');
  if (there === 0) return;
  for (const { name } of BACKUP_TABLES) {
    const [table] = await database.run(
      (sql) => sql<{ yes: boolean }[]>`select to_regclass(${name}) is not null as yes`,
    );
    const rows = table!.yes ? await database.run((sql) => sql.unsafe(`select from ${name} limit 1`)) : [];
    if (rows.length > 0) throw new BackupError('The database is not empty: a restore needs an empty one.');
  }
}

async function copyBlobs({ blobs, folder, pace, backup }: RestoreOptions): Promise<void> {
  const isWhole = backup.damaged.files === 0;
  const running: Promise<void>[] = [];
  const manifest = await openManifest(join(folder, MANIFEST));
  try {
    for await (const { parcel, hashes } of manifest.parcels)
      for (const [name, sha256] of hashes) {
        const work = copyBlob(join(folder, BLOBS, parcel, name), sha256, { blobs, parcel, name, pace, isWhole });
        work.catch(() => undefined);
        running.push(work);
        if (running.length >= AT_ONCE) await running.shift();
      }
    while (running.length > 0) await running.shift();
  } finally {
    await Promise.allSettled(running);
    await manifest.close();
  }
}

interface BlobPlace extends Pick<RestoreOptions, 'blobs' | 'pace'> {
  readonly parcel: string;
  readonly name: string;
  /** False when it is known that some files are damaged: those are left out. */
  readonly isWhole: boolean;
}

async function copyBlob(
  path: string,
  sha256: string,
  { blobs, parcel, name, pace, isWhole }: BlobPlace,
): Promise<void> {
  const writer = await blobs.create(parcel, name);
  const hash = createHash('sha256');
  try {
    for await (const piece of reading(path)) {
      await pace(piece.length);
      hash.update(piece);
      await writer.write([piece]);
    }
    const isRight = hash.digest('hex') === sha256;
    if (!isRight && isWhole) throw new BackupError('The backup was changed while it was being restored.');
    await (isRight ? writer.finish() : writer.discard());
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Ends early where a file cannot be read: its hash tells. */
async function* reading(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Uint8Array>;
  } catch {
    // See above.
  }
}

async function copyFile(data: string, state: string, name: string): Promise<void> {
  const fresh = join(data, `${name}.restored`);
  const file = await open(fresh, 'w', name === 'receipt.key' ? 0o600 : 0o644);
  try {
    await file.writeFile(await readFile(join(state, name)));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, join(data, name));
  const folder = await open(data, 'r');
  await folder.sync();
  await folder.close();
}

/** All rows in one transaction. What triggers would count for each of them is reckoned once, at the end. */
async function loadRows(
  database: Database,
  state: string,
  { about, files, toSendAgain }: CheckedBackup,
): Promise<void> {
  await database.unhurried('write', async (sql) => {
    await sql`set local datestyle to 'ISO, YMD'`;
    const tables = BACKUP_TABLES.filter(({ name }) => files.has(`${name}.rows`));
    for (const { name } of tables) await sql.unsafe(`alter table ${name} disable trigger user`);
    for (const { name } of tables) {
      const path = join(state, `${name}.rows`);
      const { columns, length } = await headOf(path);
      const into = await sql.unsafe(`copy ${name} (${columns}) from stdin`).writable();
      await pipeline(createReadStream(path, { start: length }), into);
    }
    for (const { parcel, seq } of toSendAgain)
      await sql`delete from part where parcel = ${fromHex(parcel, 16)} and seq = ${seq}`;
    for (const { name } of tables) await sql.unsafe(`alter table ${name} enable trigger user`);
    if (about.number > 0) await sql`select setval(pg_get_serial_sequence('parcel', 'number'), ${about.number}::bigint)`;
    const [counted] = await sql<{ there: boolean }[]>`select to_regprocedure('recount_usage()') is not null as there`;
    if (counted!.there) await sql`select recount_usage()`;
    // What was published after the backup is not known here, and must not be contradicted.
    if (files.has('log.rows')) await sql`update log set suspended = true`;
  });
}

/** Names of columns, separated by commas, and how long the line is that names them. */
async function headOf(path: string): Promise<{ columns: string; length: number }> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(10);
    const names = buffer.toString('utf8', 0, Math.max(end, 0)).split('\t');
    if (!names.every((name) => /^[a-z][a-z0-9_]*$/.test(name)))
      throw new BackupError('A file of rows in the backup does not name its columns.');
    return { columns: names.join(', '), length: end + 1 };
  } finally {
    await file.close();
  }
}
