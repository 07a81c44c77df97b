/** A count of what people do, told late and roughly: whoever reads it every few seconds must not learn when somebody was there. */

export interface SlowCounter {
  /** One more. */
  add(): void;
  /** The count up to the end of the last whole period, rounded down to a multiple of the step. */
  told(): number;
}

export interface Telling {
  /** Milliseconds that a period takes. Periods begin at multiples of it, whenever the first count comes. */
  readonly period: number;
  readonly step: number;
}

/** The days that the database knows are no finer, and ten in one day are nobody. */
export const BY_DAY: Telling = { period: 86_400_000, step: 10 };
/** For what the server could not do: an operator under attack must see it grow. */
export const BY_TEN_MINUTES: Telling = { period: 600_000, step: 100 };

/** A counter that starts at none; `now` is the time of day. */
export function createSlowCounter({ period, step }: Telling, now: () => Date): SlowCounter {
  const periodNow = (): number => Math.floor(now().getTime() / period);
  let count = 0;
  let settled = 0;
  let current = periodNow();
  const turn = (): void => {
    const at = periodNow();
    if (at === current) return;
    current = at;
    settled = count;
  };
  return {
    add() {
      turn();
      count++;
    },
    told() {
      turn();
      return Math.floor(settled / step) * step;
    },
  };
}
