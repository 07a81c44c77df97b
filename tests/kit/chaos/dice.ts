/** Chance that can be had again: the same seed throws the same dice. What the system makes of them, it times as it likes. */

export interface Dice {
  /** From 0 up to but without 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  chance(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** Dice of their own for a part of the work: how often others are thrown does not matter to them. */
  fork(number: number): Dice;
}

/** Dice of a seed (splitmix32). */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (share) => next() < share,
    pick: (items) => items[Math.floor(next() * items.length)]!,
    fork: (number) => createDice(Math.imul(seed ^ 0x5bd1e995, 0x01000193) ^ Math.imul(number + 1, 0x85ebca6b)),
  };
}
