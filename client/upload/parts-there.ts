/** The parts that earlier sendings brought: nothing of them is sent again, and little of them is hashed again. */
import { fromHex } from '../../shared/bytes/hex.ts';
import type { CipherProvider } from '../../shared/crypto/cipher-provider.ts';
import { openRecord } from '../../shared/ledger/record.ts';
import type { ProgressRecord } from '../../shared/ledger/record-text.ts';
import { isProblem, Problem } from '../../shared/problem/problem.ts';
import { openedParts } from '../../shared/statements/opening.ts';
import type { Opening } from '../../shared/statements/opening.ts';
import type { Layout } from '../../shared/parcel/layout.ts';
import type { FinishedPart } from '../mailbox/mailbox.ts';

/** A part that the server has whole. */
export interface PartThere {
  /** SHA-256 of its ciphertext, as signed when it was made. */
  readonly sha256: Uint8Array;
  /** Null when it came without one, or with one that does not open. */
  readonly record: ProgressRecord | null;
}

/** By number of part. */
export type PartsThere = ReadonlyMap<number, PartThere>;

/** What a first sending finds. */
export const NOTHING_THERE: PartsThere = new Map();

/** Opens the records that came with the parts. Problem `statement-mismatch` for a part of another parcel, or of a number that it has not. */
export async function openPartsThere(
  finished: readonly FinishedPart[],
  place: {
    readonly opening: Pick<Opening, 'parcel' | 'partSize' | 'size'>;
    readonly listKey: Uint8Array;
    readonly provider: CipherProvider;
  },
): Promise<PartsThere> {
  const { opening, listKey, provider } = place;
  const there = new Map<number, PartThere>();
  for (const { statement, record } of finished) {
    const { parcel, part, sha256 } = statement;
    if (parcel !== opening.parcel || part >= openedParts(opening)) throw new Problem('statement-mismatch');
    const opened =
      record === null ? null : await orNull(openRecord(record, { listKey, parcel, part, sha256, provider }));
    there.set(part, { sha256: fromHex(sha256), record: opened });
  }
  return there;
}

/** A record that was damaged is none: then the part is hashed from the files again. */
async function orNull(record: Promise<ProgressRecord>): Promise<ProgressRecord | null> {
  try {
    return await record;
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}

/** From which byte on the files are zeros that earlier sendings gave up. */
export function cutsIn(there: PartsThere): Map<number, number> {
  const cuts = new Map<number, number>();
  for (const { record } of there.values()) {
    for (const { index, at } of record?.cuts ?? []) cuts.set(index, Math.min(at, cuts.get(index) ?? at));
    for (const { first, last } of record?.zeros ?? []) for (let i = first; i <= last; i++) cuts.set(i, 0);
  }
  return cuts;
}

/** The first and the last part that hold bytes of a payload file, which must not be empty. */
export function partsOf(
  layout: Layout,
  partSize: number,
  index: number,
): { readonly first: number; readonly last: number } {
  const start = layout.dataOffset(index);
  const end = start + layout.payload[index]!.size - 1;
  return { first: Math.floor(start / partSize), last: Math.floor(end / partSize) };
}

/** True when all bytes of a payload file are in parts that are there. */
export function isThere(there: PartsThere, layout: Layout, partSize: number, index: number): boolean {
  if (layout.payload[index]!.size === 0) return true;
  const { first, last } = partsOf(layout, partSize, index);
  for (let part = first; part <= last; part++) if (!there.has(part)) return false;
  return true;
}
