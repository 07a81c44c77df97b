/** The folder of a backup: what may lie in it, which of it is valid, and clearing away what is not. */
import { BackupError } from './backup-error.ts';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockData } from '../postgres/data-lock.ts';
import type { DataLock } from '../postgres/data-lock.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { BLOBS, besides, MANIFEST, NEXT_MANIFEST, openManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';

const STATE = /^state-[0-9a-f]{16}$/;
/** Blob lines on their way into the next manifest. */
export const NEXT_BLOBS = `${MANIFEST}.blobs`;

/** Makes the folder if need be and keeps other backups out of it. Throws an Error for the operator when it is used for something else, or in use. */
export async function enterBackupFolder(folder: string): Promise<DataLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const ours = [MANIFEST, NEXT_MANIFEST, NEXT_BLOBS, BLOBS];
  const strange = (await readdir(folder)).filter((name) => !ours.includes(name) && !STATE.test(name));
  if (strange.length > 0)
    throw new BackupError(
      'There is something else in this folder; a backup needs one of its own. Nothing was written.',
    );
  await mkdir(join(folder, BLOBS), { mode: 0o700, recursive: true });
  const lock = await lockData(folder);
  if (lock === null) throw new BackupError('A backup into this folder, or a restore from it, is running.');
  return lock;
}

/** The valid backup in a folder; null when there is none yet. */
export async function validManifest(folder: string): Promise<Manifest | null> {
  return openManifest(join(folder, MANIFEST)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** Removes states other than the valid one, and beginnings of manifests. */
export async function clearStates(folder: string, valid: string | null): Promise<void> {
  const names = await readdir(folder);
  const old = names.filter(
    (name) => (STATE.test(name) && name !== valid) || name === NEXT_MANIFEST || name === NEXT_BLOBS,
  );
  for (const name of old) await rm(join(folder, name), { recursive: true, force: true });
}

/** Removes blobs that the valid manifest does not name; gives their number. */
export async function clearBlobs(folder: string, blobs: BlobStore): Promise<number> {
  const manifest = await openManifest(join(folder, MANIFEST));
  const named = besides(manifest.parcels, ({ parcel }) => parcel);
  let removed = 0;
  try {
    for (const parcel of (await blobs.parcels()).sort()) {
      const hashes = (await named.at(parcel))?.hashes;
      const names = await readdir(join(folder, BLOBS, parcel));
      const unknown = names.filter((name) => hashes?.has(name) !== true);
      removed += unknown.length;
      await (hashes === undefined ? blobs.removeParcel(parcel) : blobs.remove(parcel, unknown));
    }
    return removed;
  } finally {
    await manifest.close();
  }
}
