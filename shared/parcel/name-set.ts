/**
 * The set of paths seen in one parcel, at 8 bytes a path: it holds 64-bit hashes in an open table. Two equal paths are always found out;
 * two different ones are taken for equal with a chance under 2^-24 for a million paths. Names are the sender's own, so whoever looks
 * for a collision spoils only the parcel they send; a table that was made to cluster is refused as well.
 */

/** What came of adding a path. `clash`: the path, or a folder of it, was there as something else. `crowded`: too many folders. */
export type NameVerdict = 'new' | 'clash' | 'crowded';

/** See {@link createNameSet}. */
export interface NameSet {
  /** Adds a file by its `/`-separated path, and every folder on the way to it. */
  add(path: string): NameVerdict;
}

const FILE = 0;
const FOLDER = 1;
const LONGEST_PROBE = 512;

/** An empty set that takes up to `maxFolders` different folders. */
export function createNameSet(maxFolders: number): NameSet {
  let slots = new Uint32Array(2 * 1024);
  let used = 0;
  let folders = 0;
  let previous = '';

  /** Adds a key whose lowest bit of `a` is the kind. 0: was not there, 1: was there as the same kind, 2: as the other, 3: clustered. */
  function insert(high: number, low: number, kind: number): 0 | 1 | 2 | 3 {
    if ((used + 1) * 4 > slots.length) grow();
    const a = ((high & ~1) | kind) >>> 0;
    const b = low === 0 ? 1 : low;
    const mask = slots.length / 2 - 1;
    for (let probe = 0, at = (b ^ (high >>> 7)) & mask; probe < LONGEST_PROBE; probe++, at = (at + 1) & mask) {
      const there = slots[2 * at + 1]!;
      if (there === 0) {
        slots[2 * at] = a;
        slots[2 * at + 1] = b;
        used++;
        return 0;
      }
      if (there === b && ((slots[2 * at]! ^ a) & ~1) === 0) return slots[2 * at] === a ? 1 : 2;
    }
    return 3;
  }

  function grow(): void {
    const old = slots;
    slots = new Uint32Array(old.length * 2);
    const mask = slots.length / 2 - 1;
    for (let i = 0; i < old.length; i += 2) {
      const b = old[i + 1]!;
      if (b === 0) continue;
      let at = (b ^ (old[i]! >>> 7)) & mask;
      while (slots[2 * at + 1] !== 0) at = (at + 1) & mask;
      slots[2 * at] = old[i]!;
      slots[2 * at + 1] = b;
    }
  }

  return {
    add(path) {
      const known = commonPrefix(path, previous);
      let a = 0x9747b28c;
      let b = 0x3c6ef372;
      for (let i = 0; i < path.length; i++) {
        const unit = path.charCodeAt(i);
        if (unit === 0x2f && i >= known) {
          const was = insert(finish(a, b), finish(b, a), FOLDER);
          if (was > 1) return 'clash';
          if (was === 0 && ++folders > maxFolders) return 'crowded';
        }
        a = Math.imul((a ^ Math.imul(unit, 0xcc9e2d51)) >>> 0, 0x1b873593);
        a = (a << 13) | (a >>> 19);
        b = Math.imul(b ^ Math.imul(unit + 0x7f4a7c15, 0x85ebca6b), 0xc2b2ae35);
        b = (b << 11) | (b >>> 21);
      }
      previous = path;
      return insert(finish(a, b), finish(b, a), FILE) === 0 ? 'new' : 'clash';
    },
  };
}

/** Spreads two lanes of a hash over 32 bits. */
function finish(x: number, y: number): number {
  let h = x ^ Math.imul(y, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function commonPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let i = 0;
  while (i < most && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}
