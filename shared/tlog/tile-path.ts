/** Where tiles of a log stand (c2sp.org/tlog-tiles): `tile/<level>/<number>`, `.p/<width>` for one that is not full, `tile/entries/<number>`. */

/** Hashes in a full tile. */
export const TILE_WIDTH = 256;
export const HASH_LENGTH = 32;

export interface TileAddress {
  /** 0: hashes of leaves; each level above: the roots of full tiles below. `entries`: the leaves themselves. */
  readonly level: number | 'entries';
  readonly number: number;
  /** Hashes in it, from 1 to {@link TILE_WIDTH}. */
  readonly width: number;
}

const PATH = /^(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,3}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** What stands after `tile/`. */
export function formatTilePath({ level, number, width }: TileAddress): string {
  const groups: string[] = [];
  for (let rest = number; rest > 0 || groups.length === 0; rest = Math.floor(rest / 1000))
    groups.unshift(String(rest % 1000).padStart(3, '0'));
  const last = groups.pop()!;
  const folders = groups.map((group) => `x${group}/`).join('');
  return `${level}/${folders}${last}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The tile that a path means, or null when it is not in the one form that it may have. */
export function parseTilePath(path: string): TileAddress | null {
  const [, level, place, partial] = PATH.exec(path) ?? [];
  if (level === undefined || place === undefined) return null;
  const number = Number(place.replaceAll(/[x/]/g, ''));
  const address: TileAddress = {
    level: level === 'entries' ? level : Number(level),
    number,
    width: partial === undefined ? TILE_WIDTH : Number(partial),
  };
  const isKnown = (address.level === 'entries' || address.level < 64) && address.width <= TILE_WIDTH;
  return isKnown && formatTilePath(address) === path ? address : null;
}
