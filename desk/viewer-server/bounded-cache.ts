/** A cache that forgets what was used longest ago, so that memory does not grow with what is looked at. */

export interface BoundedCache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/** Keeps values up to `most` in all, by `weigh`; `dropped` is told of each that goes. */
export function createBoundedCache<V>(
  most: number,
  weigh: (value: V) => number = () => 1,
  dropped: (value: V) => void = () => undefined,
): BoundedCache<V> {
  // A Map keeps the order of insertion: what is used is put in again at its end.
  const values = new Map<string, V>();
  let weight = 0;

  function remove(key: string): V | undefined {
    const value = values.get(key);
    if (value === undefined) return undefined;
    values.delete(key);
    weight -= weigh(value);
    return value;
  }

  return {
    get(key) {
      const value = values.get(key);
      if (value === undefined) return undefined;
      values.delete(key);
      values.set(key, value);
      return value;
    },
    set(key, value) {
      const before = remove(key);
      if (before !== undefined && before !== value) dropped(before);
      values.set(key, value);
      weight += weigh(value);
      for (const oldest of values.keys()) {
        if (weight <= most || oldest === key) break;
        dropped(remove(oldest)!);
      }
    },
    delete(key) {
      const value = remove(key);
      if (value !== undefined) dropped(value);
    },
  };
}
