/** All parts of one parcel, in pages: each is checked, and what looks wrong is looked at again, since uploads and deletions go on. */
import { parseBlobs } from '../../store/blob-list.ts';
import { createMerkleStream } from '../../store/merkle-stream.ts';
import { checkBytes } from '../../store/part-bytes.ts';
import type { StoredParcel, StoredPart } from '../../store/stored-rows.ts';
import type { FoundParts } from './check-parcel.ts';
import { checkPart } from './check-part.ts';
import type { PartCheck, PartFault } from './check-part.ts';
import type { FsckServices } from './fsck-services.ts';

const PAGE = 500;
/** A part that keeps moving while it is looked at is in use, not broken. */
const MOST_LOOKS = 5;

export interface WalkedParts extends FoundParts {
  /** Blobs that lay there when the walk began and that no row names: their days. */
  readonly orphanDays: readonly string[];
}

/** Checks the parts of a parcel; `find` is told of each fault that stands. */
export async function walkParts(
  services: FsckServices,
  parcel: StoredParcel,
  find: (part: number, fault: PartFault) => void,
): Promise<WalkedParts> {
  const { rows, blobs, signal, progress } = services;
  const stored = await blobs.list(parcel.id);
  const unclaimed = new Map(stored.map(({ name, day }) => [name, day]));
  let listing = new Map(stored.map(({ name, length }) => [name, length]));
  const relist = async (): Promise<void> => {
    listing = new Map((await blobs.list(parcel.id)).map(({ name, length }) => [name, length]));
  };

  const tree = createMerkleStream();
  for (let after = -1; ;) {
    const page = await rows.parts(parcel.id, after, PAGE);
    let checks = await Promise.all(page.map((row) => checkPart(parcel, row, listing)));
    // The list of blobs may be older than the rows: only a newer one can tell that a blob is missing.
    if (checks.some(({ faults }) => faults.length > 0)) {
      await relist();
      checks = await Promise.all(page.map((row) => checkPart(parcel, row, listing)));
    }
    for (const [i, row] of page.entries()) {
      signal.throwIfAborted();
      const standing = await settle(services, parcel, row, checks[i]!, () => listing, relist);
      if (standing === null) continue;
      for (const fault of standing.faults) find(row.seq, fault);
      if (standing.finished) tree.push(Buffer.from(standing.sha256, 'hex'));
      for (const { name } of standing.blobs) unclaimed.delete(name);
    }
    progress.parts(page.length);
    if (page.length < PAGE) break;
    after = page.at(-1)!.seq;
  }
  return { count: tree.count, root: tree.root(), orphanDays: [...unclaimed.values()] };
}

/** The part as it stands: looked at until its row stays the same from before the look to after it, or there is nothing wrong. Null when it is gone. */
async function settle(
  services: FsckServices,
  parcel: StoredParcel,
  first: StoredPart,
  firstCheck: PartCheck,
  listing: () => ReadonlyMap<string, number>,
  relist: () => Promise<void>,
): Promise<PartCheck | null> {
  let [row, check] = [first, firstCheck];
  for (let look = 1; ; look++) {
    const faults = await withBytes(services, parcel, check);
    if (faults.length === 0) return check;
    const now = await services.rows.part(parcel.id, row.seq);
    if (now === null) return null;
    if (isSame(row, now)) return { ...check, faults };
    if (look === MOST_LOOKS) return { ...check, faults: [], blobs: parseOrNone(now) };
    row = now;
    await relist();
    check = await checkPart(parcel, row, listing());
  }
}

/** The faults, and what is wrong with the bytes of a part whose blobs are all there. */
async function withBytes(
  { blobs, pace, progress, quick }: FsckServices,
  parcel: StoredParcel,
  { faults, finished, sha256, blobs: list }: PartCheck,
): Promise<readonly PartFault[]> {
  if (quick || !finished || faults.some(({ blob }) => blob !== null)) return faults;
  const pause = async (bytes: number): Promise<void> => {
    progress.bytes(bytes);
    await pace(bytes);
  };
  const wrong = await checkBytes(blobs, { parcel: parcel.id, blobs: list, sha256 }, pause);
  if (wrong === null) return faults;
  const kind = wrong.fault === 'differs' ? 'bytes-differ' : (`blob-${wrong.fault}` as const);
  return [...faults, { kind, blob: wrong.blob }];
}

function isSame(one: StoredPart, other: StoredPart): boolean {
  return one.blobs === other.blobs && one.received === other.received && one.statement === other.statement;
}

function parseOrNone({ blobs }: StoredPart): PartCheck['blobs'] {
  try {
    return parseBlobs(blobs);
  } catch {
    return [];
  }
}
