/** How long to wait after trouble: longer each time up to a bound, never the same twice, never the last time. */
import type { Random } from '../../shared/bytes/random.ts';

/** Milliseconds before the first new try: a server that restarts is back within seconds. */
const FIRST = 500;
/** The longest wait in milliseconds; a link that is back is used within that time even if nothing tells us. */
const LONGEST = 30_000;

/**
 * Milliseconds to wait after the `attempt`-th failure in a row (from 1). Between half of the step and all of it, so that many
 * sources whom one restart has cut off do not return in the same instant.
 */
export function backoff(attempt: number, random: Random): number {
  const step = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt - 1, 30));
  const [high = 0, low = 0] = random(2);
  return Math.round(step / 2 + (step / 2) * ((high * 256 + low) / 65_535));
}
