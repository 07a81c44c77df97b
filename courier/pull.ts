/** The whole of `pull`: sign in, card, list, then each parcel; several downloads at once. */
import type { SigningKey } from '../shared/crypto/ed25519.ts';
import { createPatience } from './away.ts';
import { openBundle, readIfThere } from './bundle.ts';
import { replaceFile } from './durable.ts';
import type { Effects } from './effects.ts';
import { createHttp } from './http.ts';
import { createLanes, forEachInLanes } from './lanes.ts';
import { createProgress } from './progress.ts';
import { pullParcel } from './pull-parcel.ts';
import type { ParcelReport } from './pull-parcel.ts';
import { createSession } from './session.ts';
import { createStaffApi } from './staff-api.ts';

export interface PullOptions {
  readonly bundle: string;
  readonly server: URL;
  readonly key: SigningKey;
  readonly lanes: number;
  readonly patienceMs: number;
  /** No progress on standard error. */
  readonly quiet: boolean;
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
export async function pull(options: PullOptions, effects: Effects): Promise<PullReport> {
  const bundle = await openBundle(options.bundle, effects.now);
  const progress = createProgress(effects, options.quiet);
  const http = createHttp(options.server, options.lanes + 1);
  try {
    const patience = createPatience(options.patienceMs, effects, (reason, seconds) => {
      progress.waiting(reason, seconds);
    });
    const session = createSession(http, options.key, patience, effects);
    const api = createStaffApi(session, patience);
    const summaries = await api.list();
    const note = await api.card();
    if (note !== null && note !== (await readIfThere(bundle.card))) await replaceFile(bundle.card, note);

    const parcels: ParcelReport[] = [];
    const context = { api, bundle, patience, progress, places: options.lanes, lanes: createLanes(options.lanes) };
    await forEachInLanes(summaries, options.lanes, async (summary) => {
      parcels.push(await pullParcel(context, summary));
    });
    parcels.sort((a, b) => a.number - b.number);
    return { parcels, card: note !== null, bytes: progress.fetched() };
  } finally {
    progress.end();
    http.close();
    await bundle.release();
  }
}

/** True when something that came does not match what its sender signed. */
export function hasFinding(report: PullReport): boolean {
  return report.parcels.some(({ finding }) => finding !== null);
}
