/** What a check of everything needs of the place that it checks. */
import type { BlobStore } from '../../store/blob-store.ts';
import type { Database } from '../../store/database.ts';
import type { StoredRows } from '../../store/stored-rows.ts';
import type { Fault } from './faults.ts';

export interface FsckProgress {
  parcels(count: number): void;
  parts(count: number): void;
  bytes(count: number): void;
}

export interface FsckServices {
  readonly database: Database;
  readonly rows: StoredRows;
  readonly blobs: BlobStore;
  /** Public half of the key that signs receipts. */
  readonly receiptKey: Uint8Array;
  readonly now: () => Date;
  /** True: bytes are not read, only lengths are compared. */
  readonly quick: boolean;
  /** Told of each piece that was read; resolves when the next may be. */
  readonly pace: (bytes: number) => Promise<void>;
  readonly onFault: (fault: Fault) => void;
  readonly progress: FsckProgress;
  /** Aborted when the check is to end. */
  readonly signal: AbortSignal;
}
