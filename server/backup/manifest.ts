/**
 * `SHA256SUMS`, what a backup consists of: a line for each file, as `sha256sum -c` reads it. First the files of the state, then the
 * blobs, parcel by parcel in rising order. A file that it does not name is not part of the backup.
 */
import { BackupError } from './backup-error.ts';
import { linesOf } from './lines.ts';

export const MANIFEST = 'SHA256SUMS';
/** Under this name the next one grows. */
export const NEXT_MANIFEST = `${MANIFEST}.new`;
export const BLOBS = 'blobs';

const STATE_LINE = /^([0-9a-f]{64}) {2}(state-[0-9a-f]{16})\/([a-z_]+(?:\.[a-z]+)?)$/;
const BLOB_LINE = /^([0-9a-f]{64}) {2}blobs\/([0-9a-f]{32})\/([0-9a-f]{32})$/;

export interface Manifest {
  /** The folder of the state. */
  readonly state: string;
  /** SHA-256 of its files, by name. */
  readonly files: ReadonlyMap<string, string>;
  readonly parcels: AsyncGenerator<ParcelBlobs>;
  /** To be called at the end, however far the parcels were read. */
  close(): Promise<unknown>;
}

export interface ParcelBlobs {
  readonly parcel: string;
  /** SHA-256 by name of blob. */
  readonly hashes: ReadonlyMap<string, string>;
}

export function stateLine(state: string, file: string, sha256: string): string {
  return `${sha256}  ${state}/${file}\n`;
}

export function blobLine(parcel: string, name: string, sha256: string): string {
  return `${sha256}  ${BLOBS}/${parcel}/${name}\n`;
}

/** Opens a manifest. Throws an Error for the operator when it is not one of ours; a missing one is ENOENT. */
export async function openManifest(path: string): Promise<Manifest> {
  const lines = linesOf(path);
  const files = new Map<string, string>();
  let state: string | null = null;
  try {
    let next = await lines.next();
    for (; !next.done; next = await lines.next()) {
      const match = STATE_LINE.exec(next.value);
      if (!match) break;
      const [, sha256, folder, file] = match as unknown as [string, string, string, string];
      if ((state !== null && folder !== state) || files.has(file)) throw strange();
      state = folder;
      files.set(file, sha256);
    }
    if (state === null) throw strange();
    return { state, files, parcels: parcelsIn(next, lines), close: () => lines.return(undefined) };
  } catch (error) {
    await lines.return(undefined);
    throw error;
  }
}

async function* parcelsIn(first: IteratorResult<string>, lines: AsyncGenerator<string>): AsyncGenerator<ParcelBlobs> {
  let parcel = '';
  let hashes = new Map<string, string>();
  for (let next = first; !next.done; next = await lines.next()) {
    const match = BLOB_LINE.exec(next.value);
    if (!match) throw strange();
    const [, sha256, id, name] = match as unknown as [string, string, string, string];
    if (id !== parcel) {
      if (id < parcel) throw strange();
      if (hashes.size > 0) yield { parcel, hashes };
      parcel = id;
      hashes = new Map();
    }
    if (hashes.has(name)) throw strange();
    hashes.set(name, sha256);
  }
  if (hashes.size > 0) yield { parcel, hashes };
}

function strange(): Error {
  return new BackupError(`${MANIFEST} is not that of a backup, or is damaged.`);
}

/** The groups of sorted sequences side by side: for each key that is asked for, in rising order, what stands under it. */
export function besides<Item>(items: AsyncGenerator<Item>, keyOf: (item: Item) => string) {
  let next: Promise<IteratorResult<Item, unknown>> | null = null;
  return {
    /** The item of a key, or null; those of lower keys are passed over. Keys must rise. */
    async at(key: string): Promise<Item | null> {
      for (;;) {
        const item = await (next ??= items.next());
        if (item.done || keyOf(item.value) > key) return null;
        next = null;
        if (keyOf(item.value) === key) return item.value;
      }
    },
  };
}
