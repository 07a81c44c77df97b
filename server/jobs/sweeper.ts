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

/** What a round took away, or would. */
export interface Swept {
  readonly parcels: number;
  /** Blobs that no row spoke of. */
  readonly orphans: number;
}

/**
 * One round. Rows go before blobs, so that a cut in between leaves orphans, which the next round finds. Blobs that cannot be removed
 * keep nothing else from going; the first such error is thrown at the end.
 */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const failures: unknown[] = [];
  const parcels = await sweepParcels(options, failures);
  await options.retention.removeMarks(dayOf(options.now()));
  let orphans = 0;
  for await (const { id, names, whole } of findOrphans(options)) {
    const { blobs } = options;
    await (whole ? blobs.removeParcel(id) : blobs.remove(id, names)).catch((error: unknown) => failures.push(error));
    orphans += names.length;
  }
  if (failures.length > 0) throw failures[0];
  return { parcels, orphans };
}

/** Takes away the parcels that are due; gives their number. What fails is added to `failures`. */
export async function sweepParcels({ retention, blobs, now }: SweepOptions, failures: unknown[]): Promise<number> {
  const today = dayOf(now());
  for (let parcels = 0; ;) {
    const due = await retention.due(today, BATCH);
    for (const id of due) {
      if (!(await retention.removeDue(id, today))) continue;
      parcels++;
      await blobs.removeParcel(id).catch((error: unknown) => failures.push(error));
    }
    if (due.length < BATCH) return parcels;
  }
}

/** Old blobs that no row speaks of, parcel by parcel; `whole`: there is nothing else of that parcel. */
export async function* findOrphans({
  retention,
  blobs,
  now,
}: SweepOptions): AsyncGenerator<{ id: string; names: string[]; whole: boolean }> {
  const orphanDay = dayOf(new Date(now().getTime() - ORPHAN_DAYS * DAY_MS));
  for (const id of await blobs.parcels()) {
    const all = await blobs.list(id);
    const old = all.filter(({ day }) => day <= orphanDay);
    if (old.length === 0 && all.length > 0) continue;
    const known = await retention.blobs(id);
    const names = old.map(({ name }) => name).filter((name) => known === null || !known.has(name));
    yield { id, names, whole: known === null && old.length === all.length };
  }
}
