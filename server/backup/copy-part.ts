/** The blobs of one part, into the backup: what is there from an earlier run is not copied again, what is not what its row says does not come in. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex } from '../../shared/bytes/hex.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { formatBlobs } from '../store/blob-list.ts';
import type { BlobRef, BlobStore } from '../store/blob-store.ts';
import type { Database } from '../store/database.ts';
import type { PartInRows } from './parcel-rows.ts';
import type { Pace } from '../jobs/pace.ts';

export interface CopySides {
  readonly database: Database;
  readonly from: BlobStore;
  /** The backup's own blobs, and their folder. */
  readonly to: BlobStore;
  readonly folder: string;
  readonly pace: Pace;
}

/** What is in the backup of a part now. */
export interface CopiedPart {
  /**
   * `deleted`: its parcel is gone since. `moved`: some of its blobs are. `damaged`: its bytes are missing or are not those of its
   * hash, and none of them is in the backup.
   */
  readonly state: 'whole' | 'deleted' | 'moved' | 'damaged';
  readonly blobs: readonly (BlobRef & { readonly sha256: string })[];
  /** What had to be copied. */
  readonly copied: { readonly blobs: number; readonly bytes: number };
}

/** Reading, not writing, went wrong. */
class Unreadable extends Error {}

/** Copies what is missing. `known`: hashes of the parcel's blobs that the last backup had. Throws when the backup cannot go on at all. */
export async function copyPart(
  part: PartInRows,
  known: ReadonlyMap<string, string>,
  sides: CopySides,
): Promise<CopiedPart> {
  const blobs: (BlobRef & { sha256: string })[] = [];
  const copied = { blobs: 0, bytes: 0 };
  const sizes = await Promise.all(part.blobs.map(({ name }) => sizeOf(join(sides.folder, part.parcel, name))));
  const isThere = part.blobs.map(({ length }, at) => sizes[at] === length);
  if (part.adds && part.blobs.every(({ name }, at) => isThere[at] && known.has(name)))
    return { state: 'whole', blobs: part.blobs.map((ref) => ({ ...ref, sha256: known.get(ref.name)! })), copied };

  const whole = createHash('sha256');
  for (const [at, ref] of part.blobs.entries()) {
    try {
      // What lies there all the same is durable: from the last backup, or from a run that was cut off.
      const sha256 = await (isThere[at] ? hashBlob : copyBlob)(part, ref, sides, whole);
      blobs.push({ ...ref, sha256 });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const state = await whatBecameOf(part, sides.database);
      return { state, blobs: state === 'moved' ? blobs : [], copied };
    }
    if (isThere[at]) continue;
    copied.blobs += 1;
    copied.bytes += ref.length;
  }
  const isRight = part.adds && (!part.finished || whole.digest('hex') === part.sha256);
  return isRight ? { state: 'whole', blobs, copied } : { state: 'damaged', blobs: [], copied };
}

async function copyBlob(
  { parcel }: PartInRows,
  { name, length }: BlobRef,
  { from, to, pace }: CopySides,
  whole: { update(bytes: Uint8Array): unknown },
): Promise<string> {
  const hash = createHash('sha256');
  const writer = await to.create(parcel, name);
  try {
    for await (const piece of reading(from, parcel, name, length)) {
      await pace(piece.length);
      hash.update(piece);
      whole.update(piece);
      await writer.write([piece]);
    }
    await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
  return hash.digest('hex');
}

async function hashBlob(
  { parcel }: PartInRows,
  { name, length }: BlobRef,
  { to }: CopySides,
  whole: { update(bytes: Uint8Array): unknown },
): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of to.read(parcel, name, 0, length)) {
    hash.update(piece);
    whole.update(piece);
  }
  return hash.digest('hex');
}

/** A store that is away ends the backup; a blob that is not there, or not whole, does not. */
async function* reading(from: BlobStore, parcel: string, name: string, length: number): AsyncGenerator<Uint8Array> {
  try {
    yield* from.read(parcel, name, 0, length);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Unreadable('unreadable', { cause: error });
  }
}

/** Rows change before blobs go: a row that stands as it stood says that its blobs should be there. */
async function whatBecameOf({ parcel, seq, blobs }: PartInRows, database: Database): Promise<CopiedPart['state']> {
  const [row] = await database.persist(
    (sql) => sql<{ blobs: string | null }[]>`
      select q.blobs from parcel p left join part q on q.parcel = p.id and q.seq = ${seq} where p.id = ${fromHex(parcel, 16)}`,
  );
  if (row === undefined) return 'deleted';
  return row.blobs === formatBlobs(blobs) ? 'damaged' : 'moved';
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return found?.size ?? null;
}
