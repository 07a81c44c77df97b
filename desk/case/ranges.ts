/** Rising numbers gathered to ranges. */
import type { Ranges } from './findings.ts';

/** Takes numbers in rising order; `list` is what was taken as [from, to], both included. */
export function createRanges(): { add(number: number): void; count(): number; list(): Ranges } {
  const list: [number, number][] = [];
  let count = 0;
  return {
    add(number) {
      count++;
      const last = list.at(-1);
      if (last !== undefined && last[1] === number - 1) last[1] = number;
      else list.push([number, number]);
    },
    count: () => count,
    list: () => list,
  };
}
