/**
 * Refusals are held back when there are many: so many a second go out, in the order in which they came, and the others wait a while. Who asks
 * again as soon as it is refused is thereby made to ask seldom, at the cost of one timer for all; when there are few, none waits.
 */
export interface Hold {
  /** Resolves when a refusal may go out: in its turn, after the longest wait, or when it is let go. */
  wait(): Held;
  /** Lets all go out at once, also those to come. */
  stop(): void;
}

export interface Held {
  readonly done: Promise<void>;
  /** To be called too when nobody waits for the answer any more: then it keeps none of the others. */
  readonly letGo: () => void;
}

export interface HoldLimits {
  /** Refusals a second, when there are more. */
  readonly rate: number;
  /** Refusals that need not wait after a time without any; with none, all wait the longest. */
  readonly burst: number;
  /** Longest wait in milliseconds. */
  readonly longest: number;
}

/** Two refusals, and half a minute of solving under "Safer" between them, stay below a minute. */
export const HOLD_LIMITS: HoldLimits = { rate: 200, burst: 200, longest: 12_000 };

const TICK_MS = 50;

/** `clock` is in milliseconds and only ever rises. */
export function createHold({ rate, burst, longest }: HoldLimits, clock: () => number): Hold {
  /** Those that wait, the oldest first, and since when. */
  const waiting = new Map<() => void, number>();
  let free = burst;
  let counted = clock();
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  const release = (): void => {
    const now = clock();
    free = Math.min(burst, free + ((now - counted) / 1_000) * rate);
    counted = now;
    for (const [go, since] of waiting) {
      if (free < 1 && now - since < longest && !stopped) break;
      free = Math.max(0, free - 1);
      go();
    }
    if (waiting.size > 0) timer ??= setInterval(release, TICK_MS);
    else if (timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };

  return {
    wait() {
      const { promise: done, resolve } = Promise.withResolvers<void>();
      const letGo = (): void => {
        waiting.delete(letGo);
        resolve();
      };
      waiting.set(letGo, clock());
      // The timer looks after the others.
      if (timer === null) release();
      return { done, letGo };
    },
    stop() {
      stopped = true;
      release();
    },
  };
}
