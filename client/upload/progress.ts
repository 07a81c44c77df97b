/** What to tell of the pace: bytes a second over the last half minute, and the time left at that pace. */

/** How far back the pace looks, in milliseconds. */
const WINDOW = 30_000;
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

  /** Keeps the samples of the window, and the last one before it as its start. */
  function trim(at: number): void {
    let first = 0;
    while (first + 1 < samples.length && samples[first + 1]!.at <= at - WINDOW) first++;
    if (first > 0) samples = samples.slice(first);
  }

  return {
    note(bytes, at) {
      const last = samples.at(-1)!;
      if (samples.length > 1 && at - last.at < GRAIN) samples[samples.length - 1] = { at: last.at, bytes };
      else samples.push({ at, bytes });
      trim(at);
    },
    pace(remaining, at) {
      trim(at);
      const first = samples[0]!;
      const start = Math.max(first.at, at - WINDOW);
      const passed = at - start;
      // The window may begin between two samples: what the older one brought is shared out over the time between them.
      const second = samples[1];
      const share = second === undefined || second.at <= first.at ? 0 : (start - first.at) / (second.at - first.at);
      const from = second === undefined ? first.bytes : first.bytes + (second.bytes - first.bytes) * share;
      const bytes = samples.at(-1)!.bytes - from;
      if (passed < LEAST || bytes <= 0) return { bytesPerSecond: null, secondsLeft: null };
      const bytesPerSecond = (bytes * 1000) / passed;
      return { bytesPerSecond, secondsLeft: remaining / bytesPerSecond };
    },
    restart(bytes, at) {
      samples = [{ at, bytes }];
    },
  };
}
