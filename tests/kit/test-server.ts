/** All listeners in this process over a PostgreSQL of their own: for `inject`, and on real sockets where bytes stream. */
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { buildApps } from '../../server/app.ts';
import type { Apps, Effects } from '../../server/app.ts';
import type { LogLine } from '../../server/log-events.ts';
import { createDiskBlobs } from '../../server/store/blobs-disk.ts';
import type { BlobStore } from '../../server/store/blob-store.ts';
import { makeOrganisation } from './organisation.ts';
import type { Organisation } from './organisation.ts';
import { random } from './random-bytes.ts';
import { startTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

export interface TestServer extends Apps, AsyncDisposable {
  readonly organisation: Organisation;
  readonly database: TestDatabase;
  readonly blobs: BlobStore;
  /** Its settings, for another one that differs in some. */
  readonly config: Effects['config'];
  /** All that was logged. */
  readonly log: LogLine[];
  /** Addresses of the listeners, without a slash at the end. */
  readonly sourceUrl: string;
  readonly staffUrl: string;
  readonly opsUrl: string;
  /** More listeners over the same database and blobs, as a second process would have. */
  again(change?: Partial<Effects>): Promise<Apps & Pick<TestServer, 'sourceUrl' | 'staffUrl' | 'opsUrl'>>;
}

/** Starts a server; `change` replaces effects, `wrapBlobs` puts something between the server and its disk. */
export async function startTestServer(
  change: Partial<Effects> = {},
  wrapBlobs: (blobs: BlobStore) => BlobStore = (blobs) => blobs,
): Promise<TestServer> {
  const database = await startTestDatabase();
  const { data } = database;
  const organisation = await makeOrganisation(data);
  const log: LogLine[] = [];
  const now = change.now ?? (() => new Date());
  const blobs = wrapBlobs(createDiskBlobs({ folder: join(data, 'blobs'), random, now }));
  const effects: Effects = {
    config: { data, reserve: 0, clientFolder: join(data, 'client'), staffNames: [], showCollected: true },
    database: database.database,
    blobs,
    receiptKey: organisation.receipt,
    random,
    now,
    clock: () => performance.now(),
    log: (line) => void log.push(line),
    // Tests make more newcomers in a minute than are free; those that are about work say so.
    newcomers: Infinity,
    ...change,
  };
  const running: Apps[] = [];
  const again: TestServer['again'] = async (more = {}) => {
    const apps = await buildApps({ ...effects, ...more });
    running.push(apps);
    const listen = (app: Apps['source']) => app.listen({ host: '127.0.0.1', port: 0 });
    const [sourceUrl, staffUrl] = [await listen(apps.source), await listen(apps.staff)];
    return { ...apps, sourceUrl, staffUrl, opsUrl: await listen(apps.ops) };
  };
  return {
    ...(await again()),
    organisation,
    database,
    blobs,
    config: effects.config,
    log,
    again,
    async [Symbol.asyncDispose]() {
      for (const apps of running) await apps.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
