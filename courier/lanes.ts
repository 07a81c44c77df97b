/** Doing several things at once, but not too many. */

/** Runs a task when one of its places is free. */
export type Lanes = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** At most `places` tasks at a time, first come first served. */
export function createLanes(places: number): Lanes {
  let free = places;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resume) => waiting.push(resume));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

/**
 * Calls `work` for each item, at most `places` at a time and started in order. After a failure nothing new is started;
 * what runs is waited for, then the first failure is thrown.
 */
export async function forEachInLanes<Item>(
  items: readonly Item[],
  places: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | null = null;
  const lane = async () => {
    while (failure === null && next < items.length) {
      const item = items[next++]!;
      try {
        await work(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(places, items.length) }, lane));
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
}
