/** A bound on how many things happen at once, which may change while they do. */

/** Waits for a place and takes it; the function given gives it back, once. */
export type TakeSlot = () => Promise<() => void>;

/** Places up to `limit()`, given out in the order they were asked for. */
export function createSlots(limit: () => number): TakeSlot {
  const waiting: (() => void)[] = [];
  let taken = 0;

  function admit(): void {
    while (taken < limit()) {
      const next = waiting.shift();
      if (next === undefined) return;
      taken += 1;
      next();
    }
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(() => {
        let held = true;
        resolve(() => {
          if (!held) return;
          held = false;
          taken -= 1;
          admit();
        });
      });
      admit();
    });
}
