/** One part: its signed statement, its row, and the blobs that the row names. The statement is believed before the row, where it verifies. */
import { openPartStatement } from '../../../shared/statements/part-statement.ts';
import type { PartStatement } from '../../../shared/statements/part-statement.ts';
import { parseBlobs } from '../../store/blob-list.ts';
import type { BlobRef } from '../../store/blob-store.ts';
import type { StoredParcel, StoredPart } from '../../store/stored-rows.ts';
import type { FaultKind } from './faults.ts';

/** Lengths of the blobs that lie there for a parcel, by name. */
export type Listing = ReadonlyMap<string, number>;

export interface PartFault {
  readonly kind: FaultKind;
  readonly blob: string | null;
}

export interface PartCheck {
  readonly faults: readonly PartFault[];
  /** The hash that its bytes must have. */
  readonly sha256: string;
  /** True when all of its bytes are here, by its row. */
  readonly finished: boolean;
  readonly blobs: readonly BlobRef[];
}

/** What is wrong with a part, but for its bytes. */
export async function checkPart(parcel: StoredParcel, row: StoredPart, listing: Listing): Promise<PartCheck> {
  const faults: PartFault[] = [];
  const find = (kind: FaultKind, blob: string | null = null): void => void faults.push({ kind, blob });
  const spoken = await statementOf(parcel, row);
  if (spoken === null) find('statement-invalid');
  const { sha256, size } = spoken ?? row;
  if (sha256 !== row.sha256 || size !== row.size) find('statement-differs');
  if (row.seq >= parcel.parts) find('part-beyond');

  const blobs = blobsOf(row);
  if (blobs === null) find('blobs-differ');
  const length = (blobs ?? []).reduce((sum, blob) => sum + blob.length, 0);
  if (blobs !== null && length !== row.received) find('blobs-differ');
  for (const blob of blobs ?? []) {
    const there = listing.get(blob.name);
    if (there === undefined) find('blob-missing', blob.name);
    else if (there !== blob.length) find(there < blob.length ? 'blob-short' : 'blob-long', blob.name);
  }
  return { faults, sha256, finished: length === size, blobs: blobs ?? [] };
}

async function statementOf(parcel: StoredParcel, { seq, statement }: StoredPart): Promise<PartStatement | null> {
  const spoken = await openPartStatement(statement, parcel.sender, parcel.direction).catch(() => null);
  return spoken?.parcel === parcel.id && spoken.part === seq ? spoken : null;
}

function blobsOf({ blobs }: StoredPart): BlobRef[] | null {
  try {
    return parseBlobs(blobs);
  } catch {
    return null;
  }
}
