/** What the page is told of a sending under way: bytes that are safe, the pace, files that are not whole. */
import type { Clock } from './clock.ts';
import type { LaneCount } from './lane-count.ts';
import { createProgress } from './progress.ts';
import { NO_PACE } from './submission-state.ts';
import type { StateStore } from './submission-state.ts';

/** How often the pace is told anew, in milliseconds. */
const TICK = 1_000;
/** How many files that were given up are told of one by one. */
const MANY = 100;

/** See {@link createTelling}. */
export interface Telling {
  /** So many bytes of plaintext of this part are safe. */
  readonly acknowledge: (part: number, bytes: number) => void;
  /** What follows says nothing of the pace before; `safe` bytes in all are there. */
  restart(safe: number): void;
  /** This file goes into the bag incomplete. */
  readonly giveUp: (path: string) => void;
  /** These files do. */
  giveUpAll(paths: readonly string[]): void;
  /** This file is not what it was when its first bytes were sent. */
  changed(path: string): void;
  /** Tells now of all files that were given up. */
  now(): void;
}

/** Tells the store, once a tick until `ended` at the least. */
export function createTelling(input: {
  readonly store: StateStore;
  readonly lanes: LaneCount;
  readonly clock: Clock;
  readonly ended: AbortSignal;
}): Telling {
  const { store, lanes, clock, ended } = input;
  const progress = createProgress(0, clock.ticks());
  const safe = new Map<number, number>();
  const givenUp: { readonly path: string }[] = [];

  function tellPace(): void {
    const { stage, paused, away, total, acknowledged } = store.facts();
    const moving = stage === 'uploading' && !paused && !away;
    store.change({ pace: moving ? progress.pace(total - acknowledged, clock.ticks()) : NO_PACE });
  }

  function tellGivenUp(): void {
    if (store.facts().unreadable.length !== givenUp.length) store.change({ unreadable: [...givenUp] });
  }

  async function tick(): Promise<void> {
    while (!ended.aborted) {
      await clock.sleep(TICK, ended);
      tellPace();
      tellGivenUp();
    }
  }

  void tick();
  return {
    acknowledge(part, bytes) {
      const acknowledged = store.facts().acknowledged + bytes - (safe.get(part) ?? 0);
      safe.set(part, bytes);
      progress.note(acknowledged, clock.ticks());
      lanes.acknowledged(acknowledged, clock.ticks());
      store.change({ acknowledged });
      tellPace();
    },
    restart(bytes) {
      progress.restart(bytes, clock.ticks());
      lanes.restart();
    },
    // The first ones at once; after that once a tick: a stick with 100,000 files may have been pulled out.
    giveUp(path) {
      givenUp.push({ path });
      if (givenUp.length <= MANY) tellGivenUp();
    },
    giveUpAll(paths) {
      givenUp.push(...paths.map((path) => ({ path })));
      tellGivenUp();
    },
    changed: (path) => {
      const { changed } = store.facts();
      if (!changed.some((file) => file.path === path)) store.change({ changed: [...changed, { path }] });
    },
    now: tellGivenUp,
  };
}
