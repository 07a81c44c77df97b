/** How much of a part one request carries: on a slow link as much as takes some 25 seconds, so that twice a minute something is safe. */

/** What a request should take, in milliseconds. */
const AIM = 25_000;
/** Bytes of the first request, when nothing is known of the link yet. */
const FIRST = 256 * 1024;
/** Fewer bytes than these cost more in headers and round trips than they save. */
const LEAST = 64 * 1024;
/** How far the latest request moves the estimate. */
const WEIGHT = 0.5;
/** A shorter request than this (milliseconds) is timed as if it had taken so long: clocks here are coarse. */
const SHORTEST = 5;

/** See {@link createSlices}. */
export interface Slices {
  /** Bytes for the next request of a part that lacks `remaining`. */
  next(remaining: number): number;
  /** A request of `bytes` was answered after `elapsed` milliseconds. */
  answered(bytes: number, elapsed: number): void;
  /** A request broke off: ask for less. */
  broke(): void;
}

/** The estimate all lanes share: they share the link. */
export function createSlices(): Slices {
  let size = FIRST;
  return {
    next(remaining) {
      // A small rest is sent along: a request for a few bytes would cost as much as one for many.
      return remaining <= size * 1.25 ? remaining : Math.floor(size);
    },
    answered(bytes, elapsed) {
      const suited = (bytes / Math.max(elapsed, SHORTEST)) * AIM;
      // A request far smaller than the aim is mostly round trip, so the estimate may grow by leaps but not without bound.
      size = Math.max(LEAST, size + WEIGHT * (Math.min(suited, size * 64) - size));
    },
    broke() {
      size = Math.max(LEAST, size / 2);
    },
  };
}
