/** Puts the desk's statement into `custody/` of an extracted bag: once, for it may have been time-stamped or published since. */
import { lstat, mkdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { syncFolder, writeNew } from '../durable.ts';
import { Failure } from '../failure.ts';
import { CLIP_DESK, CLIP_LIST, CLIP_NOTE, commitClips } from './commitments.ts';
import type { Commitment } from './commitments.ts';
import { readSmall } from './proof-files.ts';
import { writingTo } from '../writing-to.ts';

/** Most bytes of what extract reports of a parcel. */
const MAX_REPORT = 256 * 1024 * 1024;

/**
 * Binds the files of a bag that extract wrote; gives the path of the statement. Failures `bind-no-bag`, `out-exists`, `out-full`,
 * `out-unwritable`, `proof-file-unreadable`, `proof-file-changed`.
 */
export async function bindBag(bag: string, input: Omit<Commitment, 'bag' | 'parcel' | 'seal'>): Promise<string> {
  const custody = join(bag, 'custody');
  const note = join(custody, CLIP_NOTE);
  const parcel = await parcelOf(bag);
  if ((await lstat(note).catch(() => null)) !== null) throw new Failure('out-exists', { path: note });
  const files = await commitClips({ bag, ...parcel, ...input });
  if (files.length === 0) throw new Failure('bind-no-bag', { folder: bag });
  await writingTo(custody, async () => {
    await mkdir(custody, { recursive: true, mode: 0o700 });
    // What an interrupted run left behind; the statement comes last.
    for (const name of [CLIP_LIST, CLIP_DESK]) await rm(join(custody, name), { force: true });
    for (const { name, text } of files.toReversed()) await writeNew(join(custody, name), text);
    await syncFolder(custody);
    await syncFolder(bag);
  });
  return note;
}

/** Parcel and root of its seal, as extract told them in the report beside the bag. */
async function parcelOf(bag: string): Promise<Pick<Commitment, 'parcel' | 'seal'>> {
  const bytes = await readSmall(`${resolve(bag)}.report.json`, MAX_REPORT);
  try {
    const report = JSON.parse(Buffer.from(bytes ?? []).toString('utf8')) as Record<string, unknown>;
    const { parcel, root } = report;
    const good = typeof parcel === 'string' && /^[0-9a-f]{32}$/.test(parcel) && parcel === basename(resolve(bag));
    if (good && (root === null || (typeof root === 'string' && /^[0-9a-f]{64}$/.test(root))))
      return { parcel, seal: root };
  } catch {
    // No report of ours.
  }
  throw new Failure('bind-no-bag', { folder: bag });
}
