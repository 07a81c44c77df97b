/** How many parts are on their way at once: one more while that makes it faster, one fewer when the link breaks. */

export const FIRST_LANES = 3;
export const MOST_LANES = 6;

/** Milliseconds of undisturbed sending after which another lane is tried, or judged. */
const PERIOD = 60_000;
/** The same while lanes are fewer than at first: what broke the link may have been a server that restarted. */
const SHORT_PERIOD = 15_000;
/** What another lane must bring to be kept. */
const WORTH = 1.05;
/** Bytes a millisecond from which on no lane is added: then this computer is the bound, and a lane costs its memory. */
const FAST = 10_000;
/** Milliseconds within which several breaks are one and the same. */
const SAME_BREAK = 10_000;

/** See {@link createLaneCount}. */
export interface LaneCount {
  /** How many lanes to run now. */
  count(): number;
  /** `total` bytes have been acknowledged at time `now` (milliseconds). */
  acknowledged(total: number, now: number): void;
  /** A request broke off at time `now`. */
  broke(now: number): void;
  /** What comes now is no measure of what came before (after a pause). */
  restart(): void;
}

/** Starts with three lanes. */
export function createLaneCount(): LaneCount {
  let lanes = FIRST_LANES;
  let settled = false;
  /** `tried`: the rate without the lane that is on trial; null when none is. */
  let period: { readonly start: number; readonly from: number; readonly tried: number | null } | null = null;
  let lastBreak = Number.NEGATIVE_INFINITY;

  return {
    count: () => lanes,
    acknowledged(total, now) {
      if (settled) return;
      if (period === null) {
        period = { start: now, from: total, tried: null };
        return;
      }
      const lost = lanes < FIRST_LANES;
      if (now - period.start < (lost ? SHORT_PERIOD : PERIOD)) return;
      const rate = (total - period.from) / (now - period.start);
      if (lost) {
        lanes += 1;
        period = { start: now, from: total, tried: null };
      } else if (period.tried !== null && rate < period.tried * WORTH) {
        lanes -= 1;
        settled = true;
      } else if (lanes < MOST_LANES && rate < FAST) {
        lanes += 1;
        period = { start: now, from: total, tried: rate };
      } else settled = true;
    },
    broke(now) {
      if (now - lastBreak < SAME_BREAK) return;
      lastBreak = now;
      lanes = Math.max(1, lanes - 1);
      settled = false;
      period = null;
    },
    restart() {
      period = null;
    },
  };
}
