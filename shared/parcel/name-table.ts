/**
 * The paths of one parcel and their numbers, at 12 bytes a slot whatever their length: it holds 64-bit hashes in an open table. Two equal
 * paths are always found out; two different ones are taken for equal with a chance under 2^-24 for a million paths. The names are the
 * sender's own, so whoever looks for a collision spoils only the parcel they send; names chosen to crowd one place are refused.
 */

/** What came of adding a path. `clash`: the path, or a folder of it, was there as something else. `crowded`: too many folders. */
export type NameVerdict = 'new' | 'clash' | 'crowded';

/** See {@link createNameTable}. */
export interface NameTable {
  /** Adds a file by its `/`-separated path, and every folder on the way to it. */
  add(path: string): NameVerdict;
  /** The number of the file with this path, counted from 0 in the order of adding; -1 when there is none. Compare the paths where it matters. */
  find(path: string): number;
}

const SLOT = 3;
const FOLDER = 0xffff_ffff;
/** Honest names, spread at random over a table at most half full, do not come near this. */
const LONGEST_PROBE = 512;

/** An empty table that takes up to `maxFolders` different folders. */
export function createNameTable(maxFolders: number): NameTable {
  /** For each slot: high word, low word (0: free), number of the file or FOLDER. */
  let slots = new Uint32Array(SLOT * 1024);
  let used = 0;
  let files = 0;
  let folders = 0;
  let previous = '';

  /** The slot of a key, or the free one where it would go; -1 when it is not within `probes` steps. */
  function slotOf(high: number, low: number, probes = LONGEST_PROBE): number {
    const mask = slots.length / SLOT - 1;
    let at = (low ^ (high >>> 7)) & mask;
    for (let probe = 0; probe < probes; probe++, at = (at + 1) & mask) {
      const there = slots[SLOT * at + 1];
      if (there === 0 || (there === low && slots[SLOT * at] === high)) return SLOT * at;
    }
    return -1;
  }

  function put(slot: number, high: number, low: number, value: number): void {
    slots[slot] = high;
    slots[slot + 1] = low;
    slots[slot + 2] = value;
    if (++used * 2 * SLOT <= slots.length) return;
    const old = slots;
    slots = new Uint32Array(old.length * 2);
    for (let i = 0; i < old.length; i += SLOT) {
      if (old[i + 1] === 0) continue;
      const free = slotOf(old[i]!, old[i + 1]!, Infinity);
      slots.set(old.subarray(i, i + SLOT), free);
    }
  }

  function addFolder(high: number, low: number): NameVerdict {
    const slot = slotOf(high, low);
    if (slot < 0) return 'crowded';
    if (slots[slot + 1] !== 0) return slots[slot + 2] === FOLDER ? 'new' : 'clash';
    if (++folders > maxFolders) return 'crowded';
    put(slot, high, low, FOLDER);
    return 'new';
  }

  return {
    add(path) {
      const known = commonPrefix(path, previous);
      let a = SEED_A;
      let b = SEED_B;
      for (let i = 0; i < path.length; i++) {
        const unit = path.charCodeAt(i);
        if (unit === 0x2f && i >= known) {
          const verdict = addFolder(finish(a, b), finish(b, a) || 1);
          if (verdict !== 'new') return verdict;
        }
        a = mixA(a, unit);
        b = mixB(b, unit);
      }
      previous = path;
      const high = finish(a, b);
      const low = finish(b, a) || 1;
      const slot = slotOf(high, low);
      if (slot < 0) return 'crowded';
      if (slots[slot + 1] !== 0) return 'clash';
      put(slot, high, low, files++);
      return 'new';
    },
    find(path) {
      let a = SEED_A;
      let b = SEED_B;
      for (let i = 0; i < path.length; i++) {
        a = mixA(a, path.charCodeAt(i));
        b = mixB(b, path.charCodeAt(i));
      }
      const slot = slotOf(finish(a, b), finish(b, a) || 1);
      return slot < 0 || slots[slot + 1] === 0 || slots[slot + 2] === FOLDER ? -1 : slots[slot + 2]!;
    },
  };
}

const SEED_A = 0x243f6a88;
const SEED_B = 0x85a308d3;

/** One UTF-16 unit into each of two lanes: multiply, rotate. */
function mixA(lane: number, unit: number): number {
  const x = Math.imul(lane ^ Math.imul(unit + 1, 0x9e3779b1), 0x2c1b3c6d);
  return (x << 13) | (x >>> 19);
}

function mixB(lane: number, unit: number): number {
  const x = Math.imul(lane + Math.imul(unit + 1, 0x297a2d39), 0x5bd1e995);
  return (x << 11) | (x >>> 21);
}

/** Spreads two lanes over 32 bits. */
function finish(x: number, y: number): number {
  let h = x ^ Math.imul(y, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

function commonPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let i = 0;
  while (i < most && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}
