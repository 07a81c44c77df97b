/** Keeps the private PostgreSQL running: starts it, takes over one that is alive, starts it again with back-off when it dies. */
import { existsSync, mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { dirname, join } from 'node:path';
import type { Random } from '../../shared/bytes/random.ts';
import type { Log } from '../log.ts';
import { findBinaries, SYSTEM_FOLDER } from './binaries.ts';
import type { PostgresBinaries } from './binaries.ts';
import { clusterMajor, createCluster, findPostmaster, isAlive, startPostmaster } from './cluster.ts';
import type { ClusterPlace } from './cluster.ts';
import { makeSocketFolder, placeBinaries, placeCluster, placeSocket, SOCKET_NAME } from './place.ts';
import { findServiceUser } from './service-user.ts';

export interface Supervisor {
  /** Folder of the Unix socket, fixed for the life of the process. */
  readonly socketFolder: string;
  /** Resolves when PostgreSQL has come up for the first time. */
  readonly up: Promise<void>;
  /** Ends PostgreSQL in good order and stops watching. False when it did not end within `patience` milliseconds. */
  stop(patience?: number): Promise<boolean>;
}

const WATCH_MS = 250;
const BACK_OFF_MS = [100, 250, 500, 1000, 2000, 5000];
/** How long a start may stay silent before it is reported; recovery after a kill takes 1 to 3 s. */
const PATIENCE_MS = 15_000;
const STOP_LOOK_MS = 20;
const STOP_PATIENCE_MS = 8_000;
/** What an immediate shutdown takes at most, when no disk hangs. */
const IMMEDIATE_MS = 1_000;

export interface SupervisorOptions {
  readonly data: string;
  readonly projectFolder: string;
  readonly random: Random;
  readonly log: Log;
  /** Where the machine's own PostgreSQL versions lie. */
  readonly systemFolder?: string;
}

/** Starts watching over the cluster of a data folder. Throws at once only for what waiting cannot mend. */
export function supervise(options: SupervisorOptions): Supervisor {
  const { data, projectFolder, random, log, systemFolder = SYSTEM_FOLDER } = options;
  const user = findServiceUser();
  const folder = placeCluster(data, user, random, log);
  const socketFolder = placeSocket(folder, user);
  let stopping = false;
  let reported = false;
  let announce: () => void = () => undefined;
  const up = new Promise<void>((resolve) => (announce = resolve));
  const place: ClusterPlace = {
    folder,
    socketFolder,
    user,
    binaries: chooseBinaries(folder, findBinaries(projectFolder, systemFolder), user),
  };

  const tick = async (): Promise<boolean> => {
    const running = findPostmaster(place);
    if (running?.ready && !existsSync(join(socketFolder, SOCKET_NAME))) {
      // Somebody cleaned /tmp: nothing can reach it any more, so it has to make its socket anew.
      process.kill(running.pid, 'SIGINT');
      return false;
    }
    if (running !== null) return running.ready;
    makeSocketFolder(socketFolder, user);
    if (clusterMajor(folder) === null) {
      mkdirSync(dirname(folder), { recursive: true });
      await createCluster(place);
    }
    const child = startPostmaster(place);
    child.unref();
    await settled(child, () => findPostmaster(place)?.ready === true);
    return findPostmaster(place)?.ready === true;
  };

  const complain = (): void => {
    if (reported) return;
    reported = true;
    log({ event: 'postgres-late' });
  };

  const watch = async (): Promise<void> => {
    let failures = 0;
    let silentMs = 0;
    while (!stopping) {
      const good = await tick().catch(() => false);
      if (good) {
        if (reported) log({ event: 'postgres-back' });
        reported = false;
        failures = silentMs = 0;
        announce();
      } else if (!stopping) {
        failures++;
      }
      const pause = good ? WATCH_MS : BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length) - 1]!;
      if (!good && (silentMs += pause) > PATIENCE_MS) complain();
      if (!stopping) await sleep(pause);
    }
  };
  const watching = watch();

  return {
    socketFolder,
    up,
    async stop(patience = STOP_PATIENCE_MS) {
      stopping = true;
      const end = performance.now() + patience;
      await Promise.race([watching, sleep(patience / 2)]);
      const running = findPostmaster(place);
      if (running === null) return true;
      process.kill(running.pid, 'SIGINT');
      for (let hurried = false; isAlive(running.pid);) {
        const left = end - performance.now();
        // Immediate shutdown: no checkpoint, so the next start recovers from the WAL; nothing is lost.
        if (!hurried && left < IMMEDIATE_MS) process.kill(running.pid, 'SIGQUIT');
        hurried = left < IMMEDIATE_MS;
        if (left < 0) return false;
        await sleep(STOP_LOOK_MS);
      }
      return true;
    },
  };
}

function chooseBinaries(cluster: string, found: readonly PostgresBinaries[], user: ClusterPlace['user']): string {
  const major = clusterMajor(cluster);
  const chosen = major === null ? found[0] : found.find((binaries) => binaries.major === major);
  if (chosen) return placeBinaries(chosen, user);
  throw new Error(
    major === null
      ? 'No PostgreSQL was found on this machine or among the packages.'
      : `The database in the data folder was made by PostgreSQL ${major}, which is not on this machine.`,
  );
}

/** Resolves when the child has ended or `ready` says so. */
function settled(
  child: { once(event: 'exit' | 'error', listener: () => void): unknown },
  ready: () => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (ready()) finish();
    }, 20);
    const finish = (): void => {
      clearInterval(timer);
      resolve();
    };
    child.once('exit', finish);
    child.once('error', finish);
  });
}
