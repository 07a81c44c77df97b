/** The whole of `pull`: sign in, card, list, then each parcel; several downloads at once. */
import { openBundle, readIfThere } from './bundle.ts';
import { atServer } from './connect.ts';
import type { ServerOptions } from './connect.ts';
import { replaceFile } from './durable.ts';
import type { Effects } from './effects.ts';
import { createLanes, forEachInLanes } from './lanes.ts';
import { pullParcel } from './pull-parcel.ts';
import type { ParcelReport } from './pull-parcel.ts';

export interface BundleOptions extends ServerOptions {
  readonly bundle: string;
}

export interface PullReport {
  /** In order of arrival at the server. */
  readonly parcels: readonly ParcelReport[];
  /** True when the server's card is in the bundle. */
  readonly card: boolean;
  /** Ciphertext bytes that this run fetched. */
  readonly bytes: number;
}

/** Brings a bundle up to date with the server. Halt when it cannot go on; what was fetched stays. */
export async function pull(options: BundleOptions, effects: Effects): Promise<PullReport> {
  const bundle = await openBundle(options.bundle, effects.now);
  try {
    return await atServer(options, effects, async ({ api, patience, progress }) => {
      const summaries = await api.list();
      const note = await api.card();
      if (note !== null && note !== (await readIfThere(bundle.card))) await replaceFile(bundle.card, note);

      const parcels: ParcelReport[] = [];
      const context = { api, bundle, patience, progress, places: options.lanes, lanes: createLanes(options.lanes) };
      await forEachInLanes(summaries, options.lanes, async (summary) => {
        parcels.push(await pullParcel(context, summary));
      });
      parcels.sort((a, b) => a.number - b.number);
      return { parcels, card: note !== null, bytes: progress.moved() };
    });
  } finally {
    await bundle.release();
  }
}

/** True when something that came does not match what its sender signed. */
export function hasFinding(report: PullReport): boolean {
  return report.parcels.some(({ finding }) => finding !== null);
}
