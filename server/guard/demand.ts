/** How many want in, and what level of work that calls for: up at once, down within minutes. Each process reckons for itself, and keeps a few numbers. */
import { MOST_WORK } from '../../shared/protocol/work.ts';

export interface Demand {
  /** The level of work for newcomers now. */
  level(): number;
  /** One newcomer is let in. */
  admitted(): void;
  /** One was sent away to work first. */
  refused(): void;
}

/** Newcomers a minute that come in without any work, by each process. */
export const FREE_NEWCOMERS = 60;
/** Each level is for so many times the newcomers of the one below it; it asks for twice the work. */
const STEP = Math.SQRT2;
/** A level is left for the one below at this part of the demand at which it was come to, so that it does not go to and fro. */
const EASE = 0.6;
/** What was counted is forgotten by this much in so many milliseconds: then a steady stream counts as what it brings a minute. */
const MINUTE_MS = 60_000;
/**
 * To be refused costs nobody anything. So many refusals count as one newcomer, and all of them together bring the level no higher than this:
 * those who only knock must not make those dearer who work.
 */
const REFUSALS = { each: 1 / 8, mostLevel: 3 } as const;

/** Newcomers a minute from which on there is this level, from 1, where so many are free. */
export const demandOf = (level: number, free = FREE_NEWCOMERS): number => free * STEP ** (level - 1);

/** The level is never below `least`. `clock` is in milliseconds and only ever rises. */
export function createDemand(input: {
  readonly least: number;
  readonly clock: () => number;
  readonly free?: number;
}): Demand {
  const { least, clock, free = FREE_NEWCOMERS } = input;
  const from = Array.from({ length: MOST_WORK + 2 }, (_, step) => demandOf(step, free));
  // More is not remembered: so the level comes down within minutes, whatever came before.
  const most = from[MOST_WORK + 1]!;
  let level = 0;
  let newcomers = 0;
  let refusals = 0;
  let counted = clock();

  function settle(): void {
    const now = clock();
    const left = Math.exp((counted - now) / MINUTE_MS);
    counted = now;
    newcomers *= left;
    refusals *= left;
    const demand = newcomers + Math.min(refusals * REFUSALS.each, from[REFUSALS.mostLevel]!);
    while (level < MOST_WORK && demand >= from[level + 1]!) level += 1;
    while (level > 0 && demand < from[level]! * EASE) level -= 1;
  }

  return {
    level() {
      settle();
      return Math.max(least, level);
    },
    admitted() {
      settle();
      newcomers = Math.min(newcomers + 1, most);
    },
    refused() {
      settle();
      refusals = Math.min(refusals + 1, most / REFUSALS.each);
    },
  };
}
