/** What to tell of the pace: bytes a second over the last half minute (longer on a slow link), and the time left at that pace. */

/** How far back the pace looks, in milliseconds: as far as the last acknowledgements took, between these bounds. */
const SHORTEST_WINDOW = 30_000;
const LONGEST_WINDOW = 150_000;
/** How many acknowledgements make a pace: on a slow link each brings as much as 25 seconds' worth. */
const ENOUGH = 5;
/** At the least this long must have passed before a pace is told. */
const LEAST = 2_000;
/** Samples closer together than this are one. */
const GRAIN = 250;

export interface Pace {
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** See {@link createProgress}. */
export interface Progress {
  /** `acknowledged` bytes are safe at time `now` (milliseconds). */
  note(acknowledged: number, now: number): void;
  /** The pace at `now` when `remaining` bytes are left; nulls while nothing can be said, or nothing moves. */
  pace(remaining: number, now: number): Pace;
  /** Forgets the pace: what follows a pause says nothing of it. */
  restart(acknowledged: number, now: number): void;
}

/** Starts at `acknowledged` bytes at time `now`. */
export function createProgress(acknowledged: number, now: number): Progress {
  let samples = [{ at: now, bytes: acknowledged }];

  /** Keeps the samples of the longest window, and the last one before it as its start. */
  function trim(at: number): void {
    let first = 0;
    while (first + 1 < samples.length && samples[first + 1]!.at <= at - LONGEST_WINDOW) first++;
    if (first > 0) samples = samples.slice(first);
  }

  function windowNow(): number {
    const took = samples.at(-1)!.at - samples[Math.max(0, samples.length - 1 - ENOUGH)]!.at;
    return Math.min(LONGEST_WINDOW, Math.max(SHORTEST_WINDOW, took));
  }

  /** Bytes acknowledged by then; between two samples, what the later one brought is shared out over the time between them. */
  function bytesAt(at: number): number {
    const next = samples.findIndex((sample) => sample.at > at);
    if (next < 0) return samples.at(-1)!.bytes;
    const later = samples[next]!;
    const earlier = samples[next - 1] ?? later;
    const share = later.at === earlier.at ? 0 : (at - earlier.at) / (later.at - earlier.at);
    return earlier.bytes + (later.bytes - earlier.bytes) * share;
  }

  return {
    note(bytes, at) {
      const last = samples.at(-1)!;
      if (samples.length > 1 && at - last.at < GRAIN) samples[samples.length - 1] = { at: last.at, bytes };
      else samples.push({ at, bytes });
      trim(at);
    },
    pace(remaining, at) {
      const start = Math.max(samples[0]!.at, at - windowNow());
      const passed = at - start;
      const bytes = samples.at(-1)!.bytes - bytesAt(start);
      if (passed < LEAST || bytes <= 0) return { bytesPerSecond: null, secondsLeft: null };
      const bytesPerSecond = (bytes * 1000) / passed;
      return { bytesPerSecond, secondsLeft: remaining / bytesPerSecond };
    },
    restart(bytes, at) {
      samples = [{ at, bytes }];
    },
  };
}
