/** The bundle on disk: where things lie in it, what is there already, and that one courier at a time works on it. */
import { lstat, mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { MAX_ENVELOPE_BYTES } from '../shared/protocol/limits.ts';
import { partName } from '../shared/protocol/part-name.ts';
import type { PartStatement } from '../shared/statements/part-statement.ts';
import { openPlain } from './careful-open.ts';
import { diskTrouble, Halt } from './halt.ts';
import { syncFolder } from './durable.ts';

export interface Bundle {
  readonly folder: string;
  readonly card: string;
  inbox(parcel: string): string;
  envelope(parcel: string): string;
  /** Where the desk puts replies. */
  readonly outbox: string;
  /** Frees the bundle for the next courier. */
  release(): Promise<void>;
}

const LOCK = '.courier-at-work';

/** Opens a bundle for one courier that brings parcels into it, making the folder where needed. Halt `bundle`, `bundle-in-use`, `disk`, `disk-full`. */
export async function openBundle(folder: string, now: () => Date): Promise<Bundle> {
  const inbox = join(folder, 'inbox');
  const lock = join(folder, LOCK);
  try {
    await refuseLink(inbox);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Made alone: with its parents, Node says of a write-protected disk that it is not there.
    if ((await lstat(inbox).catch(() => null)) === null) await mkdir(inbox, { mode: 0o700 });
    await takeLock(lock, now);
    await syncFolder(folder);
  } catch (error) {
    throw diskTrouble(error, folder);
  }
  return bundleAt(folder, () => rm(lock, { force: true }));
}

/** Opens a bundle that is there for one courier that takes replies out of it; its disk may be write-protected. Halts as `openBundle`. */
export async function openBundleThatIs(folder: string, now: () => Date): Promise<Bundle> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new Halt('bundle', `There is no bundle ${folder}.`, 'Is the disk in, and the name right?');
  }
  const lock = join(folder, LOCK);
  try {
    await takeLock(lock, now);
    return bundleAt(folder, () => rm(lock, { force: true }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EROFS') {
      return bundleAt(folder, () => Promise.resolve());
    }
    throw diskTrouble(error, folder);
  }
}

function bundleAt(folder: string, release: () => Promise<void>): Bundle {
  const inbox = join(folder, 'inbox');
  return {
    folder,
    card: join(folder, 'card.note'),
    inbox: (parcel) => join(inbox, parcel),
    envelope: (parcel) => join(inbox, parcel, 'envelope.json'),
    outbox: join(folder, 'outbox'),
    release,
  };
}

/** Folders of a bundle are folders: a link would lead what is written to another place. Halt `bundle`. */
export async function refuseLink(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => null);
  if (found === null || found.isDirectory()) return;
  throw new Halt(
    'bundle',
    `${folder} is not a folder.`,
    'Somebody may have put it there: look at it, and take it away.',
  );
}

async function takeLock(lock: string, now: () => Date): Promise<void> {
  for (;;) {
    try {
      const handle = await open(lock, 'wx', 0o600);
      await handle.writeFile(`${process.pid}\n`);
      await handle.close();
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const owner = Number((await readIfThere(lock).catch(() => null)) ?? '');
    const madeAt = await lstat(lock).then(
      (found) => found.mtimeMs,
      () => 0,
    );
    const startedAt = now().getTime() - uptime() * 1000;
    if (owner !== process.pid && madeAt > startedAt && isRunning(owner)) {
      throw new Halt(
        'bundle-in-use',
        `Another courier (process ${owner}) is at work on this bundle.`,
        `If that is not so, delete ${lock} and run again.`,
      );
    }
    await rm(lock, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The text of a file of the bundle, or null when it is not there, or nothing that we could have written. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    const handle = await openPlain(path);
    try {
      return handle === null || (await handle.stat()).size > MAX_ENVELOPE_BYTES ? null : await handle.readFile('utf8');
    } finally {
      await handle?.close();
    }
  } catch (error) {
    throw diskTrouble(error, path);
  }
}

/** Sizes of the files in a folder by name; empty when the folder is not there. */
export async function sizesIn(folder: string): Promise<ReadonlyMap<string, number>> {
  const names = await readdir(folder).catch(() => []);
  const sizes = new Map<string, number>();
  for (const name of names) {
    const found = await lstat(join(folder, name)).catch(() => null);
    if (found?.isFile()) sizes.set(name, found.size);
  }
  return sizes;
}

/** The parts that are not in the folder under their final name and of their size. */
export function missingParts(
  statements: readonly PartStatement[],
  sizes: ReadonlyMap<string, number>,
): PartStatement[] {
  return statements.filter(({ part, size }) => sizes.get(partName(part)) !== size);
}

/** Halt `disk-full` when `bytes` more do not fit beside what is there. */
export async function checkRoom(folder: string, bytes: number, words: (bytes: number) => string): Promise<void> {
  const free = await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Infinity,
  );
  if (bytes > free) {
    throw new Halt(
      'disk-full',
      `${words(bytes)} more are to be fetched, but the disk that holds ${folder} has only ${words(free)} free.`,
      'Make room or take another disk, then run the same command again: it goes on where it stopped.',
    );
  }
}
