/** A PostgreSQL of its own for a test file, in a temporary folder, ended with it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DATABASE, ROLE } from '../../server/postgres/cluster.ts';
import type { Quotas } from '../../server/config.ts';
import { supervise } from '../../server/postgres/supervisor.ts';
import { openDatabase } from '../../server/store/database.ts';
import type { Database } from '../../server/store/database.ts';
import { migrate } from '../../server/store/migrate.ts';
import { PROJECT } from './programs.ts';
import { random } from './random-bytes.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface TestDatabase extends AsyncDisposable {
  /** Data folder, with the cluster in it. */
  readonly data: string;
  readonly database: Database;
  /** As POSTERN_DATABASE_URL. */
  readonly url: string;
  readonly socketFolder: string;
  /** Another pool of connections to it, held to other quotas; the caller closes it. */
  open(quotas: Quotas): Database;
}

/** Starts a cluster and migrates its database. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  await mkdir(data, { mode: 0o711 });
  const supervisor = supervise({ data, projectFolder: PROJECT, random, log: () => undefined });
  await supervisor.up;
  const { socketFolder } = supervisor;
  const database = openDatabase({ socketFolder, user: ROLE, database: DATABASE });
  await migrate(database);
  return {
    data,
    database,
    socketFolder,
    open: (quotas) => openDatabase({ socketFolder, user: ROLE, database: DATABASE }, quotas),
    url: `postgres://${ROLE}@${encodeURIComponent(socketFolder)}:5432/${DATABASE}`,
    async [Symbol.asyncDispose]() {
      await database.close();
      await supervisor.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
