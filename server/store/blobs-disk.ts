/** Blobs as files: written under a temporary name, fdatasync, rename, fsync of the folder. Names are random; times on disk are days. */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import type { BlobStore, BlobWriter } from './blob-store.ts';
import { passOn } from './crash-points.ts';
import type { Reach } from './crash-points.ts';
import { createFolderSync } from './folder-sync.ts';

const READ_SIZE = 262_144;
const UNFINISHED = '.part';
const MARK = 'instance';
const MOST_REMEMBERED = 10_000;

export interface DiskOptions {
  /** Made when it is not there. */
  readonly folder: string;
  readonly random: Random;
  readonly now: () => Date;
  readonly reach?: Reach;
}

/** A blob store in a folder, one folder a parcel. */
export function createDiskBlobs({ folder, random, now, reach = passOn }: DiskOptions): BlobStore {
  const place = (parcel: string): string => join(folder, parcel);

  /** Midnight of the day: what a file's times are set to, so that they tell no more than the database does. */
  const today = (): Date => new Date(`${dayOf(now())}T00:00:00Z`);

  const sync = createFolderSync(async (path) => {
    const handle = await open(path, 'r');
    try {
      // By its path: Node's permission model, which the image runs under, does not let it be done by the handle.
      await utimes(path, today(), today());
      await handle.sync();
    } finally {
      await handle.close();
    }
  });

  /** Parcels whose folder is known to be there, durably: also a caller that did not make it must not run ahead of its fsync. */
  const ready = new Map<string, Promise<void>>();
  const makeFolder = (parcel: string): Promise<void> => {
    const known = ready.get(parcel);
    if (known !== undefined) return known;
    if (ready.size >= MOST_REMEMBERED) ready.clear();
    const work = mkdir(place(parcel), { recursive: true, mode: 0o700 }).then(() => {
      reach('blob-folder-made');
      return sync(folder);
    });
    ready.set(parcel, work);
    work.catch(() => ready.delete(parcel));
    return work;
  };

  return {
    async create(parcel, given) {
      const name = given ?? toHex(random(16));
      const path = join(place(parcel), name);
      await makeFolder(parcel);
      const unfinished = `${path}${UNFINISHED}`;
      // Left by an earlier try that was cut off.
      if (given !== undefined) await rm(unfinished, { force: true });
      const handle = await openNew(unfinished, () => {
        ready.delete(parcel);
        return makeFolder(parcel);
      });
      reach('blob-opened');
      return createWriter({ name, path, handle, today, reach, syncFolder: () => sync(place(parcel)) });
    },
    async *read(parcel, name, from, to) {
      const handle = await open(join(place(parcel), name), 'r');
      try {
        for (let at = from; at < to;) {
          const buffer = Buffer.allocUnsafe(Math.min(READ_SIZE, to - at));
          const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
          if (bytesRead === 0) throw Object.assign(new Error('A blob is shorter than it was.'), { code: 'ESHORT' });
          at += bytesRead;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await handle.close();
      }
    },
    async remove(parcel, names) {
      for (const [index, name] of names.entries()) {
        if (index === 1) reach('blobs-half-removed');
        await rm(join(place(parcel), name), { force: true });
      }
      if (names.length > 0) await utimes(place(parcel), today(), today()).catch(() => undefined);
    },
    async removeParcel(parcel) {
      ready.delete(parcel);
      await rm(place(parcel), { recursive: true, force: true });
      await sync(folder);
    },
    async parcels() {
      return (await readdir(folder)).filter((name) => /^[0-9a-f]{32}$/.test(name));
    },
    async list(parcel) {
      const names = await readdir(place(parcel)).catch(() => []);
      const found = await Promise.all(
        names.map(async (name) => {
          const info = await stat(join(place(parcel), name)).catch(() => null);
          return info === null ? [] : [{ name, day: dayOf(info.mtime), length: info.size }];
        }),
      );
      return found.flat();
    },
    async free() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    async belongsTo(instance) {
      const file = join(folder, MARK);
      const mark = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      if (mark !== null) return mark.trim() === instance;
      if ((await readdir(folder)).length > 0) return false;
      await writeFile(file, `${instance}\n`, { mode: 0o600, flush: true, flag: 'wx' });
      return true;
    },
    async ready() {
      await statfs(folder);
    },
  };
}

async function openNew(path: string, makeFolder: () => Promise<void>): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  for (let attempt = 1; ; attempt++) {
    try {
      return await open(path, flags, 0o600);
    } catch (error) {
      const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!absent || attempt === 3) throw error;
      await makeFolder();
    }
  }
}

interface WriterParts {
  readonly name: string;
  readonly path: string;
  readonly handle: FileHandle;
  readonly today: () => Date;
  readonly reach: Reach;
  readonly syncFolder: () => Promise<void>;
}

function createWriter({ name, path, handle, today, reach, syncFolder }: WriterParts): BlobWriter {
  let open = true;
  let named = false;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await handle.close();
  };
  return {
    name,
    async write(pieces) {
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      const { bytesWritten } = await handle.writev(pieces as Uint8Array[]);
      if (bytesWritten !== length) throw Object.assign(new Error('Short write.'), { code: 'ENOSPC' });
      reach('blob-written');
    },
    async finish() {
      await utimes(`${path}${UNFINISHED}`, today(), today());
      reach('blob-before-sync');
      await handle.datasync();
      await close();
      reach('blob-before-rename');
      named = true;
      await rename(`${path}${UNFINISHED}`, path);
      reach('blob-renamed');
      await syncFolder();
      reach('blob-folder-synced');
    },
    async discard() {
      await close().catch(() => undefined);
      reach('blob-before-discard');
      await rm(`${path}${UNFINISHED}`, { force: true });
      // Under a given name there may be a whole one from before.
      if (named) await rm(path, { force: true });
    },
  };
}
