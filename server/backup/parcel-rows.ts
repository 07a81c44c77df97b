/** Parcels with their parts, as they stand beside each other in the rows of a backup; with memory for one part. */
import { BackupError } from './backup-error.ts';
import { join } from 'node:path';
import { countOf, hexOf, openRows, textOf } from './rows.ts';
import type { Row } from './rows.ts';
import { parseBlobs } from '../store/blob-list.ts';
import type { BlobRef } from '../store/blob-store.ts';

export interface PartInRows {
  readonly parcel: string;
  readonly seq: number;
  readonly sha256: string;
  readonly finished: boolean;
  /** False when its blobs hold another number of bytes than its row says. */
  readonly adds: boolean;
  readonly blobs: readonly BlobRef[];
}

export interface ParcelInRows {
  readonly id: string;
  readonly row: Row;
  readonly sealed: boolean;
  /** To be read to its end before the next parcel is asked for. */
  readonly parts: AsyncGenerator<PartInRows>;
}

/** All parcels of a state, in the order of their ids. Throws when parts do not belong to them. */
export async function* parcelsIn(state: string): AsyncGenerator<ParcelInRows> {
  const parcels = await openRows(join(state, 'parcel.rows'));
  const parts = await openRows(join(state, 'part.rows'));
  try {
    let next = await parts.rows.next();
    for await (const row of parcels.rows) {
      const id = hexOf(row, 'id');
      const own = async function* (): AsyncGenerator<PartInRows> {
        for (; !next.done && hexOf(next.value, 'parcel') === id; next = await parts.rows.next())
          yield partOf(next.value);
      };
      yield { id, row, sealed: row['seal'] !== null, parts: own() };
    }
    if (!next.done) throw new BackupError('The backup has parts that belong to no parcel.');
  } finally {
    await parts.close();
    await parcels.close();
  }
}

function partOf(row: Row): PartInRows {
  const blobs = parseBlobs(textOf(row, 'blobs'));
  const received = countOf(row, 'received');
  const adds = blobs.reduce((sum, { length }) => sum + length, 0) === received;
  const [parcel, sha256, seq] = [hexOf(row, 'parcel'), hexOf(row, 'sha256'), countOf(row, 'seq')];
  return { parcel, seq, sha256, finished: received === countOf(row, 'size'), adds, blobs };
}
