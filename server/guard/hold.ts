/**
 * Refusals are held back when there are many: so many a second go out, and the others wait a while. Who asks again as soon as it is refused
 * is thereby made to ask seldom, at the cost of one timer for all; when there are few, none waits.
 */
export interface Hold {
  /** Resolves when a refusal may go out: at its time, or when it is let go. */
  wait(): Held;
  /** Lets all go out at once, also those to come. */
  stop(): void;
}

export interface Held {
  readonly done: Promise<void>;
  readonly letGo: () => void;
}

export interface HoldLimits {
  /** Refusals a second, when there are more. */
  readonly rate: number;
  /** Refusals that need not wait after a time without any. */
  readonly burst: number;
  /** Longest wait in milliseconds. */
  readonly longest: number;
}

/** A source whose work was not asked for yet gets its first refusal in time to solve it: half a minute under "Safer". */
export const HOLD_LIMITS: HoldLimits = { rate: 500, burst: 250, longest: 10_000 };

const TICK_MS = 50;

/** `clock` is in milliseconds and only ever rises. */
export function createHold({ rate, burst, longest }: HoldLimits, clock: () => number): Hold {
  const each = 1_000 / rate;
  /** Those that wait, in the order of their times. */
  let waiting: { readonly until: number; readonly go: () => void }[] = [];
  let first = 0;
  let next = -Infinity;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  const release = (): void => {
    const now = clock();
    while (first < waiting.length && (stopped || waiting[first]!.until <= now)) waiting[first++]!.go();
    if (first === waiting.length) {
      if (timer !== null) clearInterval(timer);
      timer = null;
      [waiting, first] = [[], 0];
    } else if (first > 10_000) {
      [waiting, first] = [waiting.slice(first), 0];
    }
  };

  return {
    wait() {
      const now = clock();
      next = Math.min(Math.max(next + each, now - burst * each), now + longest);
      const until = next;
      const { promise: done, resolve: letGo } = Promise.withResolvers<void>();
      if (until <= now || stopped) letGo();
      else {
        waiting.push({ until, go: letGo });
        timer ??= setInterval(release, TICK_MS);
      }
      return { done, letGo };
    },
    stop() {
      stopped = true;
      release();
    },
  };
}
