/** All blobs that a snapshot's rows speak of, into the backup, several parts at a time; and what the rows have to be told of it. */
import type { BlobRef } from '../store/blob-store.ts';
import { copyPart } from './copy-part.ts';
import type { CopiedPart, CopySides } from './copy-part.ts';
import { besides, blobLine } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { parcelsIn } from './parcel-rows.ts';
import type { PartInRows } from './parcel-rows.ts';

export interface Copied {
  /** Parcels whose rows are gone since. */
  readonly deleted: Set<string>;
  /** Parts of unfinished parcels that have fewer blobs here than in the snapshot, by `<parcel>/<seq>`. */
  readonly shortened: Map<string, readonly BlobRef[]>;
  /** Parts of which the server has not the bytes that its rows say. */
  damaged: number;
  copiedBlobs: number;
  copiedBytes: number;
}

const AT_ONCE = 8;

/** Calls `write` with the lines of the manifest, in order. */
export async function copyParcels(
  state: string,
  previous: Manifest | null,
  sides: CopySides,
  write: (line: string) => Promise<void>,
): Promise<Copied> {
  const all: Copied = { deleted: new Set(), shortened: new Map(), damaged: 0, copiedBlobs: 0, copiedBytes: 0 };
  const before = previous === null ? null : besides(previous.parcels, ({ parcel }) => parcel);
  const running: { readonly part: PartInRows; readonly sealed: boolean; readonly work: Promise<CopiedPart> }[] = [];

  const takeFirst = async (): Promise<void> => {
    const { part, sealed, work } = running.shift()!;
    const { state: became, blobs, copied } = await work;
    all.copiedBlobs += copied.blobs;
    all.copiedBytes += copied.bytes;
    if (became === 'deleted') all.deleted.add(part.parcel);
    if (became === 'damaged') all.damaged += 1;
    // A sealed parcel stays as it is, whatever is missing of it. Of any other the source is asked to send again.
    if (!sealed && (became === 'moved' || became === 'damaged')) all.shortened.set(`${part.parcel}/${part.seq}`, blobs);
    for (const { name, sha256 } of blobs) await write(blobLine(part.parcel, name, sha256));
  };
  try {
    for await (const { id, sealed, parts } of parcelsIn(state)) {
      const known = (await before?.at(id))?.hashes ?? new Map<string, string>();
      for await (const part of parts) {
        if (all.deleted.has(id)) continue;
        const work = copyPart(part, known, sides);
        work.catch(() => undefined);
        running.push({ part, sealed, work });
        if (running.length >= AT_ONCE) await takeFirst();
      }
    }
    while (running.length > 0) await takeFirst();
    return all;
  } finally {
    await Promise.allSettled(running.map(({ work }) => work));
  }
}
