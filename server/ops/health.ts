/** Whether this process can do its work now: its database and its store answer in time, and it neither starts nor stops. */
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Database } from '../store/database.ts';
import { inTime } from './in-time.ts';

export interface Health {
  database(): Promise<boolean>;
  store(): Promise<boolean>;
  /** What stands in the way of new requests, or null. */
  obstacle(): Promise<ProblemCode | null>;
  /** From now on this process takes no new requests. */
  stop(): void;
}

export interface HealthParts {
  readonly database: Database;
  readonly blobs: BlobStore;
  /** False until the database has the tables that this version needs. */
  readonly isPrepared: () => boolean;
}

/** Asks anew each time. */
export function createHealth({ database, blobs, isPrepared }: HealthParts): Health {
  let stopping = false;
  const health: Health = {
    database: () => answers(database.run((sql) => sql`select 1`)),
    store: () => answers(blobs.ready()),
    async obstacle() {
      if (stopping) return 'server-busy';
      const [hasDatabase, hasStore] = await Promise.all([health.database(), health.store()]);
      if (!hasDatabase) return 'database-away';
      if (!hasStore) return 'storage-away';
      return stopping || !isPrepared() ? 'server-busy' : null;
    },
    stop() {
      stopping = true;
    },
  };
  return health;
}

function answers(work: Promise<unknown>): Promise<boolean> {
  return inTime(
    work.then(() => true),
    false,
  );
}
