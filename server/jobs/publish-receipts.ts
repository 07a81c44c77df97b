/**
 * Publishing the log of receipts: for each day the same number of leaves, receipts at random places among random bytes. Only receipts of days
 * that are over are taken, so that the place of a leaf says no more about a time than the receipt itself.
 */
import type { Random } from '../../shared/bytes/random.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { logName, signCheckpoint } from '../../shared/tlog/checkpoint.ts';
import { BLINDING_LENGTH, ENTRY_LENGTH, receiptEntry } from '../../shared/tlog/entry.ts';
import { TILE_WIDTH } from '../../shared/tlog/tile-path.ts';
import { passOn } from '../store/crash-points.ts';
import type { Database, Query } from '../store/database.ts';
import { hashLeaf, rootOver } from '../store/hash-tree.ts';
import { lockLog, readHead, readRoots } from '../store/receipt-log.ts';
import type { LogHead } from '../store/receipt-log.ts';

export interface Publishing {
  readonly database: Database;
  readonly key: SigningKey;
  readonly random: Random;
  /** Full tiles a day. */
  readonly tilesPerDay: number;
  /** For tests, which end the process at a crash point. */
  readonly reach?: typeof passOn;
}

/** Days that are caught up with after a pause are bounded: a clock that was set wrong must not fill the disk. */
const MOST_TILES = 512;
const DAY_MS = 86_400_000;

interface Waiting {
  readonly id: Uint8Array;
  readonly receipt: string;
}

/**
 * Publishes what is due on the day, all at once or not at all; true when something was. Of several processes one does it and the others see
 * that it is done; no checkpoint is ever seen outside before its rows are durable.
 */
export async function publishReceipts(publishing: Publishing, today: string): Promise<boolean> {
  const { database, key, random, tilesPerDay, reach = passOn } = publishing;
  const due = (head: LogHead | null): number =>
    head?.suspended === true ? 0 : Math.min(daysDue(head?.day ?? null, today) * tilesPerDay, MOST_TILES);
  if (due(await database.run(readHead)) === 0) return false;
  const published = await database.unhurried('write', async (sql) => {
    await lockLog(sql);
    const head = await readHead(sql);
    const tiles = due(head);
    if (tiles === 0) return false;
    const first = (head?.size ?? 0) / TILE_WIDTH;
    await writeTiles(sql, { first, tiles, today, random });
    const roots = await readRoots(sql, 0);
    const start = head?.start ?? random(16);
    const size = roots.length * TILE_WIDTH;
    const checkpoint = await signCheckpoint({ origin: logName(start), size, root: rootOver(roots) }, key);
    await sql`
      insert into log (start, size, checkpoint, day) values (${start}, ${size}, ${checkpoint}, ${today})
      on conflict (single) do update set size = excluded.size, checkpoint = excluded.checkpoint, day = excluded.day`;
    reach('log-before-commit');
    return true;
  });
  if (published) reach('log-committed');
  return published;
}

/** Days since the last one that was published. A clock that was ahead and has been set right leaves a day that has not come: then it is one. */
function daysDue(last: string | null, today: string): number {
  if (last === null) return 1;
  const days = Math.round((Date.parse(today) - Date.parse(last)) / DAY_MS);
  // Clocks of several machines may differ by some minutes, around midnight by a day.
  return days < -1 ? 1 : Math.max(days, 0);
}

async function writeTiles(
  sql: Query,
  { first, tiles, today, random }: { first: number; tiles: number; today: string; random: Random },
): Promise<void> {
  const places = tiles * TILE_WIDTH;
  const waiting = await takeWaiting(sql, { most: places, today, random });
  const order = shuffled(places, random);
  const taken = new Map(waiting.map((receipt, i) => [order[i]!, receipt]));
  for (let tile = 0; tile < tiles; tile++) {
    const entries = Buffer.from(random(TILE_WIDTH * ENTRY_LENGTH));
    for (let i = 0; i < TILE_WIDTH; i++) {
      const place = tile * TILE_WIDTH + i;
      const receipt = taken.get(place);
      if (receipt === undefined) continue;
      const blinding = random(BLINDING_LENGTH);
      entries.set(await receiptEntry(blinding, receipt.receipt), i * ENTRY_LENGTH);
      await sql`
        insert into log_receipt (parcel, leaf, blinding)
        values (${receipt.id}, ${first * TILE_WIDTH + place}, ${blinding})`;
    }
    const hashes = Array.from({ length: TILE_WIDTH }, (_, i) =>
      hashLeaf(entries.subarray(i * ENTRY_LENGTH, (i + 1) * ENTRY_LENGTH)),
    );
    await sql`insert into log_tile (number, entries, root) values (${first + tile}, ${entries}, ${rootOver(hashes)})`;
  }
}

/** Receipts that wait, drawn by lot. A parcel that is just being deleted is left alone, and none of these goes before the end. */
async function takeWaiting(
  sql: Query,
  { most, today, random }: { most: number; today: string; random: Random },
): Promise<Waiting[]> {
  return sql<Waiting[]>`
    select id, receipt from parcel p
    where direction = 'submission' and receipt is not null and sealed < ${today}::date
      and not exists (select from log_receipt where parcel = p.id)
    order by sha256(id || ${random(16)}::bytea) limit ${most}
    for key share of p skip locked`;
}

/** The numbers below `count` in random order. */
function shuffled(count: number, random: Random): readonly number[] {
  const lots = Buffer.from(random(count * 8));
  return Array.from({ length: count }, (_, place) => ({ place, lot: lots.readBigUInt64BE(place * 8) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .map(({ place }) => place);
}
