/** How many requests are worked at: turns for work that is not running yet, and a bound for what one capability does at once. */

export interface Turns {
  /** False when so many wait already that another would only wait in vain. */
  hasRoom(): boolean;
  /** Resolves with the way to give the turn back, or with null when there is no room, or none came in time. */
  take(): Promise<(() => void) | null>;
}

export interface TurnLimits {
  /** How many have a turn at once; asked each time, for it may shrink under pressure. */
  readonly atOnce: () => number;
  readonly waiting: number;
  /** Longest wait in milliseconds. */
  readonly longest: number;
}

/** Turns in the order of asking. */
export function createTurns({ atOnce, waiting, longest }: TurnLimits): Turns {
  const queue = new Set<() => void>();
  let taken = 0;

  const next = (): void => {
    for (const go of queue) {
      if (taken >= atOnce()) return;
      queue.delete(go);
      taken += 1;
      go();
    }
  };
  const turn = (): (() => void) => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      taken -= 1;
      next();
    };
  };

  return {
    hasRoom: () => taken < atOnce() || queue.size < waiting,
    take() {
      if (queue.size === 0 && taken < atOnce()) {
        taken += 1;
        return Promise.resolve(turn());
      }
      if (queue.size >= waiting) return Promise.resolve(null);
      return new Promise((resolve) => {
        const go = (): void => {
          clearTimeout(timer);
          resolve(turn());
        };
        const timer = setTimeout(() => {
          queue.delete(go);
          resolve(null);
        }, longest);
        queue.add(go);
      });
    },
  };
}

export interface Shares {
  /** The way to give it back, or null when the capability has as many as it may. */
  take(capability: string): (() => void) | null;
}

/** At most `most` at once for each capability. */
export function createShares(most: number): Shares {
  const taken = new Map<string, number>();
  return {
    take(capability) {
      const count = taken.get(capability) ?? 0;
      if (count >= most) return null;
      taken.set(capability, count + 1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        const left = (taken.get(capability) ?? 1) - 1;
        if (left === 0) taken.delete(capability);
        else taken.set(capability, left);
      };
    },
  };
}
