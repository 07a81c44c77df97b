/** Reading no faster than so many bytes a second: the disk and the network are for uploads. */

/** To be told of each piece read; resolves when the next may be. */
export type Pace = (bytes: number) => Promise<void>;

export interface PaceOptions {
  /** Bytes a second. */
  readonly rate: number;
  /** Milliseconds, only ever rising. */
  readonly clock: () => number;
  /** Rejects at once when it is to end. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Called now and then while a long wait goes on. */
  readonly whileWaiting?: () => Promise<void>;
}

/** What was not used of the last second may be caught up with; more may not. */
const MOST_CREDIT_MS = 1_000;
/** Shorter waits are saved up: a timer is no finer than that. */
const LEAST_WAIT_MS = 20;
const LONGEST_SLEEP_MS = 5_000;

/** Gives a function that is told of each piece read, and resolves when the next may be. */
export function createPace({ rate, clock, sleep, whileWaiting }: PaceOptions): Pace {
  let due = clock();
  return async (bytes) => {
    due = Math.max(due, clock() - MOST_CREDIT_MS) + (bytes / rate) * 1000;
    for (let wait = due - clock(); wait >= LEAST_WAIT_MS; wait = due - clock()) {
      await sleep(Math.min(wait, LONGEST_SLEEP_MS));
      await whileWaiting?.();
    }
  };
}
