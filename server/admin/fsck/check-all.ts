/** Everything the server keeps, checked: parcel by parcel in the order of their opening, then what no row speaks of, then the counts. */
import { dayOf } from '../../../shared/statements/fields.ts';
import { ORPHAN_DAYS } from '../../jobs/sweeper.ts';
import type { StoredParcel } from '../../store/stored-rows.ts';
import { checkLog } from './check-log.ts';
import { checkOpening, checkSeal } from './check-parcel.ts';
import { isCounted, isUsageCounted } from './counts.ts';
import type { FaultKind } from './faults.ts';
import type { FsckServices } from './fsck-services.ts';
import { walkParts } from './walk-parts.ts';

const PAGE = 200;
const DAY_MS = 86_400_000;

/** Blobs that no row names: a cut or a kill leaves them, and the sweeper takes them away. They are no fault. */
export interface Orphans {
  /** So young that they may still be in use. */
  young: number;
  /** The next sweep takes them. */
  old: number;
}

/** Checks all; faults go to `onFault` as they are found. */
export async function checkAll(services: FsckServices): Promise<Orphans> {
  const { rows, database, onFault, progress, signal, now } = services;
  const orphans = { young: 0, old: 0 };
  const count = (days: readonly string[]): void => {
    const oldDay = dayOf(new Date(now().getTime() - ORPHAN_DAYS * DAY_MS));
    const old = days.filter((day) => day <= oldDay).length;
    orphans.old += old;
    orphans.young += days.length - old;
  };
  for (let after = 0; ;) {
    const page = await rows.parcels(after, PAGE);
    for (const parcel of page) {
      signal.throwIfAborted();
      count(await checkOne(services, parcel));
      progress.parcels(1);
    }
    if (page.length < PAGE) break;
    after = page.at(-1)!.number;
  }
  await countStrays(services, count);
  await checkLog(services);
  if (!(await isUsageCounted(database))) onFault({ kind: 'usage-differs', parcel: null, part: null, blob: null });
  return orphans;
}

/** Checks one parcel; gives the days of the blobs that its rows do not name. */
async function checkOne(services: FsckServices, row: StoredParcel): Promise<readonly string[]> {
  const { rows, database, receiptKey, onFault } = services;
  const opened = await checkOpening(row);
  const { parcel } = opened;
  const faults: FaultKind[] = opened.faults;
  const walked = await walkParts(services, parcel, (part, { kind, blob }) =>
    onFault({ kind, parcel: parcel.id, part, blob }),
  );
  faults.push(...(await checkSeal(parcel, walked, receiptKey)));
  if (!(await isCounted(database, parcel.id))) faults.push('count-differs');
  if (faults.length === 0) return walked.orphanDays;
  // Deleted while it was looked at: then nothing is wrong with it, and its blobs are on their way out.
  if ((await rows.parcel(parcel.id)) === null) return [];
  for (const kind of faults) onFault({ kind, parcel: parcel.id, part: null, blob: null });
  return walked.orphanDays;
}

/** Blobs of parcels that there are none of. */
async function countStrays({ blobs, rows, signal }: FsckServices, count: (days: string[]) => void): Promise<void> {
  const all = await blobs.parcels();
  for (let at = 0; at < all.length; at += PAGE) {
    signal.throwIfAborted();
    const some = all.slice(at, at + PAGE);
    const known = await rows.known(some);
    for (const id of some) if (!known.has(id)) count((await blobs.list(id)).map(({ day }) => day));
  }
}
