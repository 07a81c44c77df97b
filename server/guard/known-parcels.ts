/** Parcels that are known to be there: so that requests about made-up ones, in whatever number, are told from running work before they cost anything. */

export interface KnownParcels {
  /** True for one that was seen before, at no cost. */
  has(id: string): boolean;
  /** True when it is there; looks it up unless it was seen before. */
  look(id: string): Promise<boolean>;
  /** It was opened just now. */
  add(id: string): void;
  /** It is gone. */
  remove(id: string): void;
}

/** Remembers at most `most`, the last used; `find` looks one up. */
export function createKnownParcels(most: number, find: (id: string) => Promise<boolean>): KnownParcels {
  const seen = new Set<string>();
  const add = (id: string): void => {
    seen.delete(id);
    seen.add(id);
    if (seen.size <= most) return;
    for (const oldest of seen) {
      seen.delete(oldest);
      return;
    }
  };
  return {
    has: (id) => seen.has(id),
    async look(id) {
      const there = seen.has(id) || (await find(id));
      if (there) add(id);
      return there;
    },
    add,
    remove: (id) => void seen.delete(id),
  };
}
