/** Are two lists of times alike? The Mann-Whitney rank test, which needs no shape of their distribution and does not mind outliers. */

export interface Comparison {
  /** The chance that one of `a` is longer than one of `b`, ties counted half: 0.5 when they are alike. */
  readonly chance: number;
  /** How many standard deviations that is from 0.5, if both came from one distribution. */
  readonly deviations: number;
  readonly medians: readonly [number, number];
}

/** Compares two lists; neither may be empty. */
export function compare(a: readonly number[], b: readonly number[]): Comparison {
  const all = [...a.map((value) => ({ value, first: true })), ...b.map((value) => ({ value, first: false }))];
  all.sort((one, other) => one.value - other.value);
  let sum = 0;
  for (let from = 0, to = 0; from < all.length; from = to) {
    while (to < all.length && all[to]!.value === all[from]!.value) to++;
    const rank = (from + 1 + to) / 2;
    for (const { first } of all.slice(from, to)) if (first) sum += rank;
  }
  const pairs = a.length * b.length;
  const chance = (sum - (a.length * (a.length + 1)) / 2) / pairs;
  const deviation = Math.sqrt((a.length + b.length + 1) / (12 * pairs));
  return { chance, deviations: (chance - 0.5) / deviation, medians: [median(a), median(b)] };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)]!;
}
