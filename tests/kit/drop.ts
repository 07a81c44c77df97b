/** A whole drop in a temporary folder: keys, card, courier, the built page, the server with its PostgreSQL; to be killed at will. */
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildClient } from '../../deploy/client.mjs';
import { SERVER_FLAGS } from '../../deploy/project.mjs';
import { makeDropKeys } from './drop-keys.ts';
import { freePort } from './free-port.ts';
import { startNode } from './programs.ts';
import type { Finished, Options, Running } from './programs.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './waiting.ts';

export interface DropOptions {
  /** Classic age keys in place of hybrid ones. */
  readonly classic?: boolean;
  /** The page is built too (default), or only the API is wanted. */
  readonly page?: boolean;
  /** Further settings of the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** False: everything is made, but the server is not started yet. */
  readonly start?: boolean;
}

export interface Drop extends AsyncDisposable {
  /** Everything of this drop lies below. */
  readonly folder: string;
  readonly data: string;
  readonly keys: string;
  readonly courierKey: string;
  readonly bundle: string;
  readonly source: string;
  readonly staff: string;
  readonly ops: string;
  readonly rootKey: string;
  /** All that the server ever printed. */
  readonly log: string;
  readonly server: Running;
  /** Waits until it is ready, or only until it listens. */
  startServer(until?: 'ready' | 'listening'): Promise<void>;
  /** A clean end of the server and of its PostgreSQL. */
  stopServer(): Promise<void>;
  /** `kill -9` of the server process. */
  killServer(): Promise<void>;
  /** Process number of the postmaster. */
  database(): number;
  /** `kill -9` of the postmaster. */
  killDatabase(): void;
  /** Folder of the database's Unix socket. */
  databaseSocket(): string;
  startDesk(...args: readonly string[]): Running;
  desk(...args: readonly string[]): Promise<Finished>;
  courier(...args: readonly string[]): Running;
  /** `courier pull` into the bundle, to its end. */
  pull(...args: readonly string[]): Promise<Finished>;
}

const START_MS = 60_000;

/** Makes a drop and starts its server. Dispose of it at the end. */
export async function startDrop(options: DropOptions = {}): Promise<Drop> {
  const temporary = await temporaryFolder();
  const folder = temporary.path;
  const [data, keys, courierKey] = [join(folder, 'data'), join(folder, 'keys'), join(folder, 'courier.key')];
  const [source, staff, ops] = [await freePort(), await freePort(), await freePort()];
  const log = join(folder, 'server.log');
  const dist = join(folder, 'client');
  const settings: Record<string, string> = {
    POSTERN_DATA: data,
    POSTERN_SOURCE_PORT: String(source),
    POSTERN_STAFF_PORT: String(staff),
    POSTERN_OPS_PORT: String(ops),
    POSTERN_CLIENT_DIST: dist,
    ...options.env,
  };
  await mkdir(data, { mode: 0o711 });
  await mkdir(dist);

  const rootKey = await makeDropKeys({ data, keys, courierKey, settings, classic: options.classic });
  if (options.page !== false) buildClient({ rootKey, dist });

  const logStream = createWriteStream(log, { flags: 'a' });
  let server: Running | null = null;
  const desk = (args: readonly string[], more: Options = {}) => startNode('desk/main.ts', args, more);
  const address = { POSTERN_STAFF_URL: `http://127.0.0.1:${staff}`, POSTERN_COURIER_KEY: courierKey };
  const courier = (args: readonly string[]) => startNode('courier/main.ts', args, { env: address });

  const atExit = () => {
    // The test was ended from outside; PostgreSQL is no child of ours, and must be gone before its folder is.
    server?.child.kill('SIGKILL');
    if (existsSync(join(clusterOf(data), 'postmaster.pid'))) process.kill(postmaster(data), 'SIGQUIT');
  };
  process.prependOnceListener('exit', atExit);

  const drop: Drop = {
    folder,
    data,
    keys,
    courierKey,
    bundle: join(folder, 'bundle'),
    source: `http://127.0.0.1:${source}`,
    staff: `http://127.0.0.1:${staff}`,
    ops: `http://127.0.0.1:${ops}`,
    rootKey,
    log,
    get server() {
      if (server === null) throw new Error('the server was never started');
      return server;
    },
    async startServer(upTo = 'ready') {
      const started = startNode('server/main.ts', [], { env: { ...settings, NODE_OPTIONS: SERVER_FLAGS.join(' ') } });
      started.child.stdout?.pipe(logStream, { end: false });
      started.child.stderr?.pipe(logStream, { end: false });
      server = started;
      await until('the server listens', START_MS, () => {
        if (started.child.exitCode !== null) throw new Error(`the server ended:\n${started.err()}${started.out()}`);
        if (upTo === 'listening') return fetch(drop.source).catch(() => false);
        return /^postern source /m.test(started.out());
      });
    },
    async stopServer() {
      server?.child.kill('SIGTERM');
      await server?.finished;
    },
    killServer: () => drop.server.kill(),
    database: () => postmaster(data),
    killDatabase() {
      process.kill(postmaster(data), 'SIGKILL');
    },
    databaseSocket: () => socketOf(data),
    startDesk: (...args) => desk(args),
    desk: (...args) => desk(args).finished,
    courier: (...args) => courier(args),
    pull: (...args) => courier(['pull', join(folder, 'bundle'), ...args]).finished,
    async [Symbol.asyncDispose]() {
      process.removeListener('exit', atExit);
      server?.child.kill('SIGTERM');
      const ended = await Promise.race([server?.finished, new Promise((resolve) => setTimeout(resolve, 15_000, null))]);
      if (ended === null) await server?.kill();
      await stopPostmaster(data);
      logStream.end();
      await temporary[Symbol.asyncDispose]();
    },
  };
  try {
    if (options.start !== false) await drop.startServer();
  } catch (error) {
    await drop[Symbol.asyncDispose]();
    throw error;
  }
  return drop;
}

function clusterOf(data: string): string {
  const pointer = join(data, 'postgres-folder.txt');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(data, 'postgres');
}

/** PostgreSQL writes it into the fifth line of its pid file. */
function socketOf(data: string): string {
  return readFileSync(join(clusterOf(data), 'postmaster.pid'), 'utf8').split('\n')[4] ?? '';
}

function postmaster(data: string): number {
  return Number(readFileSync(join(clusterOf(data), 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** Ends a PostgreSQL that outlived its server. */
async function stopPostmaster(data: string): Promise<void> {
  if (!existsSync(join(clusterOf(data), 'postmaster.pid'))) return;
  try {
    process.kill(postmaster(data), 'SIGINT');
    await until('PostgreSQL has ended', 10_000, () => !existsSync(join(clusterOf(data), 'postmaster.pid')));
  } catch {
    // It had ended already.
  }
}
