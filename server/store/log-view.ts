/** What the world sees of the log: checkpoint, tiles, entries, and the proof of one receipt. Little of it comes from the database twice. */
import { formatLogProof } from '../../shared/tlog/log-proof.ts';
import { TILE_WIDTH } from '../../shared/tlog/tile-path.ts';
import type { TileAddress } from '../../shared/tlog/tile-path.ts';
import { hashLeaf, pathOver, rootOver } from './hash-tree.ts';
import type { LogHead, ReceiptLog } from './receipt-log.ts';

export interface LogView {
  /** The newest checkpoint, or one that is some seconds old; null before the first. */
  checkpoint(): Promise<string | null>;
  /** The bytes of a tile, or of a bundle of entries; null where there is none. */
  tile(address: TileAddress): Promise<Uint8Array | null>;
  /** The proof for the receipt of a parcel; null when it is not in the log yet. */
  proofOf(parcel: string): Promise<string | null>;
}

interface Seen {
  readonly head: LogHead;
  /** Of all full tiles. */
  readonly roots: readonly Uint8Array[];
}

/** However many ask: the database is asked for a newer checkpoint no sooner. */
const FRESH_MS = 5_000;
const MOST_TILES = 128;

export function openLogView(log: ReceiptLog, clock: () => number): LogView {
  let seen: Seen | null = null;
  let looking: Promise<Seen | null> | null = null;
  let looked = -Infinity;
  const tiles = new Map<number, Promise<Uint8Array[] | null>>();

  const look = async (): Promise<Seen | null> => {
    const head = await log.head();
    looked = clock();
    if (head === null || seen === null || !Buffer.from(head.start).equals(seen.head.start)) {
      tiles.clear();
      seen = null;
    }
    if (head === null || head.size === seen?.head.size) return seen;
    const before = seen?.roots ?? [];
    // Rows of a later publication may be there already.
    const roots = [...before, ...(await log.roots(before.length))].slice(0, head.size / TILE_WIDTH);
    return (seen = { head, roots });
  };
  const current = async (): Promise<Seen | null> => {
    if (clock() - looked < FRESH_MS) return seen;
    return (looking ??= look().finally(() => (looking = null)));
  };
  const entries = (tile: number): Promise<Uint8Array[] | null> => {
    const known = tiles.get(tile);
    if (known !== undefined) return known;
    const asked = log.entries(tile);
    tiles.set(tile, asked);
    asked.catch(() => tiles.delete(tile));
    if (tiles.size > MOST_TILES) tiles.delete(tiles.keys().next().value!);
    return asked;
  };

  return {
    checkpoint: async () => (await current())?.head.checkpoint ?? null,
    async tile({ level, number, width }) {
      const roots = (await current())?.roots ?? [];
      if (level === 'entries' || level === 0) {
        if (number >= roots.length || width !== TILE_WIDTH) return null;
        const leaves = await entries(number);
        if (leaves === null || level === 0) return leaves && Buffer.concat(leaves.map(hashLeaf));
        return Buffer.concat(leaves.flatMap((leaf) => [Uint8Array.of(0, leaf.length), leaf]));
      }
      // So many full tiles of level 0 are below one of its hashes.
      const span = TILE_WIDTH ** (level - 1);
      if ((number * TILE_WIDTH + width) * span > roots.length) return null;
      const hashes = Array.from({ length: width }, (_, i) => {
        const from = (number * TILE_WIDTH + i) * span;
        return rootOver(roots.slice(from, from + span));
      });
      return Buffer.concat(hashes);
    },
    async proofOf(parcel) {
      const place = await log.placeOf(parcel);
      if (place === null) return null;
      const { leaf: index, blinding } = place;
      // Its rows and the checkpoint over them came at once; what was seen may be older.
      if (((await current())?.head.size ?? 0) <= index) looked = -Infinity;
      const now = await current();
      const tile = Math.floor(index / TILE_WIDTH);
      const leaves = now === null || now.head.size <= index ? null : await entries(tile);
      if (now === null || leaves === null) return null;
      const path = [...pathOver(leaves.map(hashLeaf), index % TILE_WIDTH), ...pathOver(now.roots, tile)];
      return formatLogProof({ blinding, index, path, checkpoint: now.head.checkpoint });
    },
  };
}
