/** The sweeper: takes away parcels that were kept for their days, old marks of forgotten mailboxes, and blobs that no row speaks of. */
import { dayOf } from '../../shared/statements/fields.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Retention } from '../store/retention.ts';

export interface SweepOptions {
  readonly retention: Retention;
  readonly blobs: BlobStore;
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;
/** Blobs bear the day on which they were written: two days back is at least 24 hours, more than any request takes. */
export const ORPHAN_DAYS = 2;
const BATCH = 100;

/**
 * One round. Rows go before blobs, so that a cut in between leaves orphans, which the next round finds. Blobs that cannot be removed
 * keep nothing else from going; the first such error is thrown at the end.
 */
export async function sweep({ retention, blobs, now }: SweepOptions): Promise<void> {
  const failures: unknown[] = [];
  const tried = (work: Promise<void>): Promise<unknown> => work.catch((error: unknown) => failures.push(error));

  const today = dayOf(now());
  for (;;) {
    const due = await retention.due(today, BATCH);
    for (const id of due) if (await retention.removeDue(id, today)) await tried(blobs.removeParcel(id));
    if (due.length < BATCH) break;
  }
  await retention.removeMarks(today);

  const orphanDay = dayOf(new Date(now().getTime() - ORPHAN_DAYS * DAY_MS));
  for (const id of await blobs.parcels()) {
    const all = await blobs.list(id);
    const old = all.filter(({ day }) => day <= orphanDay);
    if (old.length === 0 && all.length > 0) continue;
    const known = await retention.blobs(id);
    const orphans = old.filter(({ name }) => known === null || !known.has(name));
    const names = orphans.map(({ name }) => name);
    await tried(known === null && old.length === all.length ? blobs.removeParcel(id) : blobs.remove(id, names));
  }
  if (failures.length > 0) throw failures[0];
}
