/** What a command works on: settings, database and blobs, beside a running server or, where none runs, with a PostgreSQL started for it. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isProblem } from '../../shared/problem/problem.ts';
import { readConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { DATABASE, ROLE } from '../postgres/cluster.ts';
import { lockData } from '../postgres/data-lock.ts';
import { placeCluster, placeSocket } from '../postgres/place.ts';
import { findServiceUser } from '../postgres/service-user.ts';
import { supervise } from '../postgres/supervisor.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { openDatabase } from '../store/database.ts';
import type { Database, DatabaseAddress } from '../store/database.ts';
import { belongsTogether } from '../store/instance.ts';
import { migrate, schemaVersions } from '../store/migrate.ts';
import { openBlobs } from '../store/open-blobs.ts';
import type { Effects } from './effects.ts';
import { makeFolders } from '../store/data-folders.ts';
import { Halt } from './halt.ts';

export interface Site {
  readonly config: Config;
  readonly database: Database;
  readonly blobs: BlobStore;
}

/** How long a database that is starting is waited for. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 200;

/** The server's settings. Halts `settings`, and `data` where there is no data folder. */
export function readSettings({ env, projectFolder }: Effects): Config {
  const config = configOf(env, projectFolder);
  if (!existsSync(config.data))
    throw new Halt('data', 'There is no data folder where the settings say.', 'Set POSTERN_DATA as for the server.');
  return config;
}

function configOf(env: Effects['env'], projectFolder: string): Config {
  try {
    return readConfig(env, projectFolder);
  } catch (error) {
    throw new Halt('settings', error instanceof Error ? error.message : '', 'Settings are those of the server.');
  }
}

/** Opens the site for `work` and closes it after. Halts `settings`, `data`, `database`. */
export async function withSite<Result>(effects: Effects, work: (site: Site) => Promise<Result>): Promise<Result> {
  const config = readSettings(effects);
  if (config.databaseUrl === null && !hasCluster(config.data))
    throw new Halt('data', 'There is no database in the data folder yet.', 'The server makes it at its first start.');
  return withPlace(config, effects, async (place, site) => {
    await answered(site.database, place, effects);
    return work(site);
  });
}

/** The same, for work that would take every blob for an orphan if the database were another's. Halt `storage` then. */
export function withOwnBlobs<Result>(effects: Effects, work: (site: Site) => Promise<Result>): Promise<Result> {
  return withSite(effects, async (site) => {
    if (await belongsTogether(site.database, site.blobs)) return work(site);
    throw new Halt('storage', 'The database does not belong to these blobs.', 'Do the settings name the right ones?');
  });
}

/** The same where no server has run yet: the folders are made, the database is left as it is. Halt `data` when a server runs there. */
export async function withNewSite<Result>(effects: Effects, work: (site: Site) => Promise<Result>): Promise<Result> {
  const config = configOf(effects.env, effects.projectFolder);
  await makeFolders(config.data);
  return withPlace(config, effects, async ({ alone }, site) => {
    if (!alone && config.databaseUrl === null)
      throw new Halt('data', 'A server is running on this data folder.', 'Take an empty one: see POSTERN_DATA.');
    await untilAnswered(() => schemaVersions(site.database), effects);
    return work(site);
  });
}

async function withPlace<Result>(
  config: Config,
  effects: Effects,
  work: (place: Place, site: Site) => Promise<Result>,
): Promise<Result> {
  const place = await openPlace(config, effects);
  const database = openDatabase(place.address);
  const blobs = await openBlobs(config, { ...effects, report: () => undefined });
  try {
    return await work(place, { config, database, blobs });
  } finally {
    await database.close();
    await place.close();
  }
}

interface Place {
  readonly address: DatabaseAddress;
  /** True when no server uses the database but through us. */
  readonly alone: boolean;
  close(): Promise<void>;
}

async function openPlace({ data, databaseUrl }: Config, { projectFolder, random }: Effects): Promise<Place> {
  if (databaseUrl !== null) return { address: { url: databaseUrl }, alone: false, close: () => Promise.resolve() };
  const names = { user: ROLE, database: DATABASE };
  const log = (): void => undefined;
  const lock = await lockData(data);
  if (lock === null) {
    const user = findServiceUser();
    const socketFolder = placeSocket(placeCluster(data, user, random, log), user);
    return { address: { socketFolder, ...names }, alone: false, close: () => Promise.resolve() };
  }
  if (statSync(data).uid !== process.getuid?.()) {
    lock.release();
    throw new Halt(
      'data',
      'The data folder belongs to another account.',
      'While the server does not run, use the account that it runs as.',
    );
  }
  const supervisor = supervise({ data, projectFolder, random, log });
  return {
    address: { socketFolder: supervisor.socketFolder, ...names },
    alone: true,
    async close() {
      await supervisor.stop();
      lock.release();
    },
  };
}

/** Waits until the database answers, and has the form that this program knows: where nobody else uses it, it is brought to it. */
function answered(database: Database, { alone }: Place, effects: Effects): Promise<void> {
  return untilAnswered(async () => {
    const { database: there, program } = await schemaVersions(database);
    if (there === program) return;
    if (there > program || !alone) throw anotherVersion(there, program);
    await migrate(database);
  }, effects);
}

async function untilAnswered(ask: () => Promise<unknown>, { clock, sleep, signal }: Effects): Promise<void> {
  for (const end = clock() + PATIENCE_MS; ;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!isProblem(error, 'database-away') || clock() > end || signal.aborted) throw error;
    }
    await sleep(RETRY_MS, signal);
  }
}

function hasCluster(data: string): boolean {
  return existsSync(join(data, 'postgres')) || existsSync(join(data, 'postgres-folder.txt'));
}

function anotherVersion(there: number, program: number): Halt {
  return new Halt(
    'database',
    `The database is of version ${there}, this program of version ${program}.`,
    there < program ? 'Restart the server, which brings it forward.' : 'Use the program that the server runs.',
  );
}
