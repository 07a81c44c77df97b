/** Chance that can be told again: the same numbers for the same seed (mulberry32). Never for keys. */

export interface Seeded {
  /** A whole number from 0 up to but without `below`. */
  int(below: number): number;
  /** True in about so many of a hundred cases. */
  percent(share: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** Chance that begins at a seed. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const int = (below: number): number => Math.floor((next() / 2 ** 32) * below);
  return {
    int,
    percent: (share) => int(100) < share,
    pick: (values) => values[int(values.length)]!,
    bytes: (length) => Uint8Array.from({ length }, () => int(256)),
  };
}
