/** One turn of the scrubber: parts are read again, slowly, from where the last turn stopped, and those that are not what they were are noted. */
import { dayOf } from '../../shared/statements/fields.ts';
import type { Log } from '../log.ts';
import { parseBlobs } from '../store/blob-list.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Database } from '../store/database.ts';
import { belongsTogether } from '../store/instance.ts';
import { checkBytes } from '../store/part-bytes.ts';
import type { Scrub, ScrubPosition } from '../store/scrub.ts';
import { openStoredRows } from '../store/stored-rows.ts';
import type { StoredPart } from '../store/stored-rows.ts';
import { createPace } from './pace.ts';

export interface ScrubTurnOptions {
  readonly database: Database;
  readonly scrub: Scrub;
  readonly blobs: BlobStore;
  /** Bytes a second; not 0. */
  readonly rate: number;
  /** True while uploads have much to do: then they go first. */
  readonly isBusy: () => boolean;
  readonly now: () => Date;
  /** Milliseconds, only ever rising. */
  readonly clock: () => number;
  /** Rejects at once when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** How long a process that was killed keeps the others from going on. */
  readonly leaseMs?: number;
}

const LEASE_MS = 60_000;
/** A round does not begin sooner than so many days after the end of the one before. */
const ROUND_DAYS = 7;
const BUSY_MS = 1_000;
/** Uploads that never end do not keep everything from ever being read. */
const MOST_BUSY_WAITS = 10;
/** A disk that dies is not told of for each of its parts. */
const TELL_EVERY_MS = 10 * 60_000;
const PARCELS = 50;
const PARTS = 200;
const MOST_NOTES = 1_000;

/** Gives a function that does what is to be done now: nothing while another process is at it, or when all was read not long ago. */
export function createScrubTurn(options: ScrubTurnOptions): () => Promise<void> {
  const { database, scrub, blobs, rate, isBusy, now, clock, sleep, log, signal, leaseMs = LEASE_MS } = options;
  const rows = openStoredRows(database);
  const today = (): string => dayOf(now());
  let position: ScrubPosition = { parcel: 0, part: -1 };
  let kept = 0;
  let told = -Infinity;
  let untold = false;

  /** Renews the lease when a third of it is over. Throws when it was lost. */
  const keep = async (): Promise<void> => {
    signal.throwIfAborted();
    if (clock() - kept < leaseMs / 3) return;
    kept = clock();
    if (!(await scrub.keep(leaseMs, position))) throw new LeaseLost();
  };
  const pace = createPace({ rate, clock, sleep: async (ms) => void (await sleep(ms, signal)), whileWaiting: keep });
  const pause = async (bytes: number): Promise<void> => {
    await pace(bytes);
    for (let i = 0; i < MOST_BUSY_WAITS && isBusy(); i++) await sleep(BUSY_MS, signal).then(keep);
    await keep();
  };
  const tell = async (): Promise<void> => {
    if (!untold || clock() - told < TELL_EVERY_MS) return;
    [told, untold] = [clock(), false];
    log({ event: 'rot-found', parts: await scrub.count() });
  };

  /** Reads one part, and notes what is wrong with it; `isNoted`: something was. */
  const look = async (parcel: string, row: StoredPart, isNoted: boolean): Promise<void> => {
    const { seq: part, sha256 } = row;
    const wrong = await checkBytes(blobs, { parcel, blobs: parseBlobs(row.blobs), sha256 }, pause);
    if (wrong === null) return isNoted ? scrub.clear({ parcel, part }) : undefined;
    // A part that was deleted or moved meanwhile is no rot.
    if ((await rows.part(parcel, part))?.blobs !== row.blobs) return;
    await scrub.note({ parcel, part }, wrong.fault, today());
    untold ||= !isNoted;
    await tell();
  };

  /** What was noted may have been brought back since. */
  const lookAgain = async (): Promise<void> => {
    for (const { parcel, part } of await scrub.noted(MOST_NOTES)) {
      const row = await rows.part(parcel, part);
      if (row !== null) await look(parcel, row, true);
    }
  };

  const finishParcel = async (id: string, number: number): Promise<void> => {
    for (let after = number === position.parcel ? position.part : -1; ;) {
      const parts = await rows.parts(id, after, PARTS);
      for (const row of parts) {
        if (row.received === row.size) await look(id, row, false);
        position = { parcel: number, part: row.seq };
        await keep();
      }
      if (parts.length < PARTS) break;
      after = position.part;
    }
    position = { parcel: number + 1, part: -1 };
  };

  const finishRound = async (): Promise<void> => {
    await scrub.begin();
    for (let found = PARCELS; found === PARCELS;) {
      const parcels = await rows.parcels(position.parcel - 1, PARCELS);
      for (const { id, number } of parcels) await finishParcel(id, number);
      found = parcels.length;
    }
    position = { parcel: 0, part: -1 };
    await scrub.finish(today());
  };

  return async () => {
    // Of another database's blobs every one would be missing.
    if (!(await belongsTogether(database, blobs))) return;
    const taken = await scrub.take(leaseMs, today());
    if (taken === null) return;
    kept = clock();
    ({ position } = taken);
    try {
      await lookAgain();
      if (taken.ended === null || taken.ended >= ROUND_DAYS) await finishRound();
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error;
    } finally {
      // So that it is gone on with from here; nothing is lost when this fails but some reading.
      await scrub.keep(leaseMs, position).catch(() => false);
      await scrub.release().catch(() => undefined);
    }
  };
}

class LeaseLost extends Error {}
