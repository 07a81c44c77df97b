/** The outbox of a bundle: a reply appears in it whole or not at all, and what a run that was cut off left is finished or cleared away. */
import { lstat, mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import type { Bundle } from '../case/bundle.ts';
import { syncFolder, writeNew } from '../durable.ts';
import { Failure } from '../failure.ts';
import { makeFolder } from '../make-folder.ts';
import { isAlive, ownerIn } from '../process-lock.ts';
import { writingTo } from '../writing-to.ts';
import { readOwnEnvelope } from './own-envelope.ts';

/** Room that is left beside a reply. */
const ROOM_BESIDES = 1_048_576;
const DRAFT = /^\.reply-([0-9a-f]{32})$/;

/** A reply that is being written beside the outbox. */
export interface Draft {
  /** Where its parts go. */
  readonly folder: string;
  /** Adds the envelope: from here on the reply is whole and on the disk. */
  complete(envelope: string): Promise<void>;
  /** Puts it into the outbox; its path there comes back. */
  publish(): Promise<string>;
  /** Has that on the disk. */
  settle(): Promise<void>;
  /** Takes away what is left of the draft. */
  clear(): Promise<void>;
}

/** Starts a reply of so many bytes. Failures `outbox-full`, `outbox-unwritable`, here and later. */
export async function startDraft(bundle: Pick<Bundle, 'folder'>, reply: string, size: number): Promise<Draft> {
  const outbox = join(bundle.folder, 'outbox');
  const draft = join(bundle.folder, `.reply-${reply}`);
  const folder = join(draft, 'parcel');
  await writingToOutbox(bundle.folder, async () => {
    const { bavail, bsize } = await statfs(bundle.folder);
    if (bavail * bsize < size * 1.01 + ROOM_BESIDES) throw new Failure('outbox-full', { path: bundle.folder });
    await makeOutbox(outbox);
    await mkdir(draft);
    try {
      await writeNew(join(draft, 'process'), `${process.pid}\n`);
      await mkdir(folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  });
  return {
    folder,
    complete: (envelope) =>
      writingToOutbox(bundle.folder, async () => {
        await writeNew(join(folder, 'envelope.json'), envelope);
        await syncFolder(folder);
        await syncFolder(draft);
      }),
    publish: () =>
      writingToOutbox(bundle.folder, async () => {
        const place = join(outbox, reply);
        await rename(folder, place);
        return place;
      }),
    settle: () =>
      writingToOutbox(bundle.folder, async () => {
        await syncFolder(outbox);
        await syncFolder(bundle.folder);
      }),
    clear: () => rm(draft, { recursive: true, force: true }),
  };
}

/**
 * Deals with drafts of processes that are no more. One that was whole and of which `isRecorded` knows is put into the outbox, for its number
 * is given away; the others are cleared away.
 */
export async function settleDrafts(
  { folder }: Pick<Bundle, 'folder'>,
  replyKey: Uint8Array,
  isRecorded: (opening: ReplyOpening) => Promise<boolean>,
): Promise<void> {
  await writingToOutbox(folder, async () => {
    for (const name of await readdir(folder)) {
      const reply = DRAFT.exec(name)?.[1];
      if (reply === undefined) continue;
      const draft = join(folder, name);
      const owner = await ownerIn(join(draft, 'process'));
      if (owner !== null && owner !== process.pid && isAlive(owner)) continue;
      const whole = await readOwnEnvelope(join(draft, 'parcel'), replyKey);
      if (whole?.opening.parcel === reply && (await isRecorded(whole.opening))) {
        await makeOutbox(join(folder, 'outbox'));
        const place = join(folder, 'outbox', reply);
        // A draft of ours is moved there, not copied: beside a reply that is there lies the work of somebody else.
        if (!(await isThere(place))) await rename(join(draft, 'parcel'), place);
        await syncFolder(join(folder, 'outbox'));
      }
      await rm(draft, { recursive: true, force: true });
    }
  });
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

/** A link in its place is not followed. */
async function makeOutbox(outbox: string): Promise<void> {
  await makeFolder(outbox);
  if (!(await lstat(outbox)).isDirectory())
    throw new Failure('outbox-unwritable', { path: outbox, reason: 'not a folder' });
}

const OUTBOX = { exists: 'outbox-unwritable', full: 'outbox-full', unwritable: 'outbox-unwritable' } as const;

/** Runs `work`, which writes to the outbox. Failures `outbox-full`, `outbox-unwritable`. */
export function writingToOutbox<T>(path: string, work: () => Promise<T>): Promise<T> {
  return writingTo(path, work, OUTBOX);
}
