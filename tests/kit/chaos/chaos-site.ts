/** Where the chaos takes place: keys as people make them, a PostgreSQL of its own, and server processes that are ended and started again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVER_FLAGS } from '../../../deploy/project.mjs';
import type { BlobStore } from '../../../server/store/blob-store.ts';
import { createDiskBlobs } from '../../../server/store/blobs-disk.ts';
import type { CrashPoint } from '../../../server/store/crash-points.ts';
import type { CrashOrder } from '../crashing-server.ts';
import { makeDropKeys } from '../drop-keys.ts';
import { freePort } from '../free-port.ts';
import { startNode } from '../programs.ts';
import type { Running } from '../programs.ts';
import { random } from '../random-bytes.ts';
import { startTestDatabase } from '../test-database.ts';
import type { TestDatabase } from '../test-database.ts';
import { victimSettings } from '../victim.ts';
import { until } from '../waiting.ts';

export interface ChaosServer {
  readonly source: string;
  readonly staff: string;
  /** Starts it, as people do or as one that can end itself at a crash point, and waits until it is ready. */
  start(crashing: boolean): Promise<void>;
  /** Ends it by SIGKILL, at the point if it can and soon comes to it. True when it ended itself. */
  kill(point: CrashPoint, times: number): Promise<boolean>;
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void;
  /** All that any of its processes wrote. */
  output(): string;
}

export interface ChaosSite extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly blobs: BlobStore;
  readonly keys: string;
  readonly courierKey: string;
  readonly rootKey: string;
  readonly bundle: string;
  readonly out: string;
  readonly servers: readonly ChaosServer[];
  /** SIGKILL of the postmaster, as soon as it is up. */
  killDatabase(): Promise<void>;
}

const START_MS = 90_000;
/** So long a process may take to come to its crash point. */
const TO_POINT_MS = 2_500;

export interface SiteOptions {
  readonly processes: number;
  /** More settings of the servers. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the servers can end themselves at a crash point at first (default), or are those that people run. */
  readonly crashing?: boolean;
  /** Where the blobs are, when not in the data folder. */
  readonly blobs?: BlobStore;
}

/** Makes the place and starts the servers. Dispose of it at the end. */
export async function startChaosSite({
  processes,
  env = {},
  crashing = true,
  ...options
}: SiteOptions): Promise<ChaosSite> {
  const database = await startTestDatabase();
  const { data } = database;
  const folder = join(data, '..');
  const [keys, courierKey] = [join(folder, 'keys'), join(folder, 'courier.key')];
  const settings = { ...victimSettings(data, database.url), ...env };
  const rootKey = await makeDropKeys({ data, keys, courierKey, settings });
  const servers = await Promise.all(Array.from({ length: processes }, () => createChaosServer(settings, folder)));
  await Promise.all(servers.map((server) => server.start(crashing)));
  const folderOf = { folder: join(data, 'blobs'), random, now: () => new Date() };
  return {
    database,
    blobs: options.blobs ?? createDiskBlobs(folderOf),
    keys,
    courierKey,
    rootKey,
    bundle: join(folder, 'bundle'),
    out: join(folder, 'out'),
    servers,
    async killDatabase() {
      const pid = await until('PostgreSQL is up', START_MS, async () => {
        const text = await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
        return text.includes('ready') ? Number(text.split('\n')[0]) : null;
      });
      process.kill(pid, 'SIGKILL');
      await until('PostgreSQL is up again', START_MS, () =>
        database.database
          .run((sql) => sql`select 1`)
          .then(
            () => true,
            () => false,
          ),
      );
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.signal('SIGCONT');
        await server.kill('blob-opened', 0);
      }
      await database[Symbol.asyncDispose]();
    },
  };
}

async function createChaosServer(settings: Readonly<Record<string, string>>, folder: string): Promise<ChaosServer> {
  const [source, staff] = [await freePort(), await freePort()];
  let current: { running: Running; crashing: boolean } | null = null;
  let before = '';
  const hasEnded = ({ child }: Running): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    source: `http://127.0.0.1:${source}`,
    staff: `http://127.0.0.1:${staff}`,
    async start(crashing) {
      const env = {
        ...settings,
        POSTERN_SOURCE_PORT: String(source),
        POSTERN_STAFF_PORT: String(staff),
        NODE_OPTIONS: SERVER_FLAGS.join(' '),
        NODE_COMPILE_CACHE: join(folder, 'compile-cache'),
      };
      const running = startNode(crashing ? 'tests/kit/crashing-server.ts' : 'server/main.ts', [], {
        env,
        ipc: crashing,
      });
      if (crashing) running.child.send({ point: null } satisfies CrashOrder);
      current = { running, crashing };
      await until('the server is ready', START_MS, () => {
        if (hasEnded(running)) throw new Error(`the server ended:\n${running.err()}${running.out()}`);
        return /^postern source /m.test(running.out());
      });
    },
    async kill(point, times) {
      if (current === null) return false;
      const { running, crashing } = current;
      if (crashing && times > 0) {
        running.child.send({ point, times } satisfies CrashOrder);
        await until('it ends itself', TO_POINT_MS, () => hasEnded(running), 10).catch(() => undefined);
      }
      const byItself = hasEnded(running);
      await running.kill();
      before += running.out() + running.err();
      current = null;
      return byItself;
    },
    signal: (signal) => void current?.running.child.kill(signal),
    output: () => before + (current === null ? '' : current.running.out() + current.running.err()),
  };
}
