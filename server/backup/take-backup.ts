/** One backup, complete or not at all: rows, blobs and files of the data folder beside the last one, then one rename makes it the valid one. */
import { BackupError } from './backup-error.ts';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { createDiskBlobs } from '../store/blobs-disk.ts';
import type { Database } from '../store/database.ts';
import { formatAbout, readAbout } from './about.ts';
import { clearBlobs, clearStates, enterBackupFolder, NEXT_BLOBS, validManifest } from './backup-folder.ts';
import { copyParcels } from './copy-parcels.ts';
import type { Copied } from './copy-parcels.ts';
import { createDayFile, syncFolder } from './day-file.ts';
import { linesOf } from './lines.ts';
import { BLOBS, MANIFEST, NEXT_MANIFEST, stateLine } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { Pace } from '../jobs/pace.ts';
import { findDeleted, settleRows } from './settle-rows.ts';
import { takeSnapshot } from './snapshot.ts';
import { BACKUP_FILES } from './tables.ts';

export interface BackupOptions {
  readonly database: Database;
  readonly blobs: BlobStore;
  /** The server's data folder. */
  readonly data: string;
  /** The backup's. */
  readonly folder: string;
  /** Awaited for all that is copied. */
  readonly pace: Pace;
  readonly random: Random;
  readonly now: () => Date;
}

export interface BackupReport {
  readonly copiedBlobs: number;
  readonly copiedBytes: number;
  /** Blobs of the last backup that are in this one no more. */
  readonly removedBlobs: number;
  /** Parcels that were deleted while it ran. */
  readonly deletedMeanwhile: number;
  /** Parts of unfinished parcels that went on while it ran: they are in it with fewer bytes, which their sources send again. */
  readonly shortened: number;
  /** Parts whose bytes the server has not, or has wrong. They are not in it, unless an earlier backup had them. */
  readonly damaged: number;
}

/** Brings the backup in a folder up to now. Rejects when that cannot be; what was valid before is valid then. */
export async function takeBackup(options: BackupOptions): Promise<BackupReport> {
  const { folder, random, now, database } = options;
  const lock = await enterBackupFolder(folder);
  let previous: Manifest | null = null;
  try {
    previous = await validManifest(folder);
    await refuseOther(database, folder, previous);
    await clearStates(folder, previous?.state ?? null);
    const state = `state-${toHex(random(8))}`;
    const day = new Date(`${dayOf(now())}T00:00:00Z`);
    const target = createDiskBlobs({ folder: join(folder, BLOBS), random, now });
    let copied: Copied;
    try {
      copied = await fill(options, { previous, state, day, target });
    } catch (error) {
      // Room for others on a disk that is full. The blobs stay: the next run goes on with them.
      await rm(join(folder, state), { recursive: true, force: true }).catch(() => undefined);
      throw error;
    }
    await rename(join(folder, NEXT_MANIFEST), join(folder, MANIFEST));
    await syncFolder(folder, day);
    await clearStates(folder, state);
    const removedBlobs = await clearBlobs(folder, target);
    await syncFolder(join(folder, BLOBS), day);
    await syncFolder(folder, day);
    const { copiedBlobs, copiedBytes, damaged, deleted, shortened } = copied;
    return {
      copiedBlobs,
      copiedBytes,
      removedBlobs,
      deletedMeanwhile: deleted.size,
      shortened: shortened.size,
      damaged,
    };
  } finally {
    await previous?.close();
    lock.release();
  }
}

/** A database made anew after a loss must not empty the backup of the one that was lost. */
async function refuseOther(database: Database, folder: string, previous: Manifest | null): Promise<void> {
  if (previous === null) return;
  const { instance } = await readAbout(join(folder, previous.state, 'about'));
  const own = await database.run((sql) => sql`select from instance where id::text = ${instance}`);
  if (own.length === 0)
    throw new BackupError(
      'This folder holds the backup of another database. Nothing was written; take another folder.',
    );
}

interface Filling {
  readonly previous: Manifest | null;
  readonly state: string;
  readonly day: Date;
  readonly target: BlobStore;
}

/** Everything up to a next manifest that only needs its name. */
async function fill(options: BackupOptions, { previous, state, day, target }: Filling): Promise<Copied> {
  const { database, blobs, data, folder, pace } = options;
  const place = join(folder, state);
  await mkdir(place, { mode: 0o700 });
  const { files: rows, ...about } = await takeSnapshot(database, place, day);
  const files = new Map(rows);
  files.set('about', await writeDayFile(join(place, 'about'), formatAbout(about), day));
  for (const name of BACKUP_FILES) {
    const content = await readFile(join(data, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (content !== null) files.set(name, await writeDayFile(join(place, name), content, day));
  }

  const list = await createDayFile(join(folder, NEXT_BLOBS), day);
  let copied: Copied;
  try {
    const sides = { database, from: blobs, to: target, folder: join(folder, BLOBS), pace };
    copied = await copyParcels(place, previous, sides, (line) => list.write(line));
    await list.finish();
  } finally {
    await list.close();
  }
  await findDeleted(place, database, copied.deleted);
  for (const [name, sha256] of await settleRows(place, copied, day)) files.set(name, sha256);
  await syncFolder(place, day);
  await writeManifest(folder, { state, files, deleted: copied.deleted, day });
  return copied;
}

async function writeManifest(
  folder: string,
  { state, files, deleted, day }: { state: string; files: Map<string, string>; deleted: Set<string>; day: Date },
): Promise<void> {
  const manifest = await createDayFile(join(folder, NEXT_MANIFEST), day);
  try {
    for (const [name, sha256] of files) await manifest.write(stateLine(state, name, sha256));
    const list = join(folder, NEXT_BLOBS);
    if (deleted.size === 0) {
      for await (const piece of createReadStream(list)) await manifest.write(piece as Uint8Array);
    } else {
      for await (const line of linesOf(list)) if (!deleted.has(line.split('/')[1]!)) await manifest.write(`${line}\n`);
    }
    await manifest.finish();
  } finally {
    await manifest.close();
  }
}

async function writeDayFile(path: string, content: Uint8Array | string, day: Date): Promise<string> {
  const file = await createDayFile(path, day);
  try {
    await file.write(content);
    return await file.finish();
  } finally {
    await file.close();
  }
}
