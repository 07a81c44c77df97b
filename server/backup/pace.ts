/** Keeps reading below a number of bytes a second, so that whoever uploads meanwhile has the disk. */

/** To be awaited for each number of bytes. */
export type Pace = (bytes: number) => Promise<void>;

export interface PaceEffects {
  /** Milliseconds, only ever rising. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** Less than this is not slept for, but added up. */
const LEAST_MS = 20;

/** 0 bytes a second: no bound. */
export function createPace(rate: number, { clock, sleep }: PaceEffects): Pace {
  /** When all that was read so far is paid for. */
  let free = clock();
  return async (bytes) => {
    if (rate === 0) return;
    const now = clock();
    free = Math.max(free, now) + (bytes / rate) * 1000;
    if (free - now > LEAST_MS) await sleep(free - now);
  };
}
