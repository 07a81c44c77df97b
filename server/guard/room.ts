/** Room on the disk: what a parcel may need is looked for before its first byte, and a reserve is never given away. */
import { Problem } from '../../shared/problem/problem.ts';

export interface Room {
  /** Problem `storage-full` unless `needed` bytes fit beside the `promised` ones and the reserve. */
  admit(needed: number, promised: number): Promise<void>;
  /** Problem `storage-full` when the disk is down to its reserve. Looks at most once a second. */
  check(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;

/** Watches the free bytes that `free` tells; `clock` is in milliseconds and only ever rises. */
export function createRoom(free: () => Promise<number>, reserve: number, clock: () => number): Room {
  let seen = Promise.resolve(0);
  let seenAt = -Infinity;
  return {
    async admit(needed, promised) {
      if ((await free()) - reserve - promised < needed) throw new Problem('storage-full');
    },
    async check() {
      if (clock() - seenAt > LOOK_EVERY_MS) {
        seenAt = clock();
        seen = free();
      }
      // The reserve is for the database and for parcels that were admitted; half of it is the last line.
      if ((await seen) < reserve / 2) throw new Problem('storage-full');
    },
  };
}
