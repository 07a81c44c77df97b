/** The sweeper: takes away unfinished parcels that nobody goes on with, and blobs that no row speaks of. */
import type { BlobStore } from '../store/blob-store.ts';
import type { ParcelsTable } from '../store/parcels.ts';
import { dayOf } from '../../shared/statements/fields.ts';

export interface SweepOptions {
  readonly parcels: ParcelsTable;
  readonly blobs: BlobStore;
  readonly now: () => Date;
  /** Days that an unfinished parcel is kept after its last part. */
  readonly keepUnfinishedDays: number;
}

const DAY_MS = 86_400_000;
/** Blobs bear the day on which they were written: two days back is at least 24 hours, more than any request takes. */
const ORPHAN_DAYS = 2;
const BATCH = 100;

/** One round. Rows go before blobs, so that a cut in between leaves orphans, which the next round finds. */
export async function sweep({ parcels, blobs, now, keepUnfinishedDays }: SweepOptions): Promise<void> {
  const daysAgo = (days: number): string => dayOf(new Date(now().getTime() - days * DAY_MS));

  const lastDay = daysAgo(keepUnfinishedDays);
  for (;;) {
    const expired = await parcels.expired(lastDay, BATCH);
    for (const id of expired) if (await parcels.removeExpired(id, lastDay)) await blobs.removeParcel(id);
    if (expired.length < BATCH) break;
  }

  const orphanDay = daysAgo(ORPHAN_DAYS);
  for (const id of await blobs.parcels()) {
    const all = await blobs.list(id);
    const old = all.filter(({ day }) => day <= orphanDay);
    if (old.length === 0) continue;
    const known = await parcels.blobs(id);
    const orphans = old.filter(({ name }) => !known.has(name));
    if (orphans.length === all.length && (await parcels.find(id)) === null) await blobs.removeParcel(id);
    else
      await blobs.remove(
        id,
        orphans.map(({ name }) => name),
      );
  }
}
