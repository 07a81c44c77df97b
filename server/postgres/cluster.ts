/** One private PostgreSQL cluster: made by initdb, started with our settings, reached by a Unix socket alone. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ServiceUser } from './service-user.ts';

export interface ClusterPlace {
  readonly folder: string;
  /** Folder of `initdb` and `postgres`. */
  readonly binaries: string;
  readonly socketFolder: string;
  readonly user: ServiceUser | null;
}

/** The database role, and the name of the database. */
export const ROLE = 'postern';
export const DATABASE = 'postgres';

/**
 * No TCP. Nothing is written about who did what when: no log of statements, connections or checkpoints, no commit timestamps,
 * and old WAL is deleted rather than kept for re-use, since its commit records hold times. fsync and full_page_writes stay on.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  autovacuum_naptime: '5min',
  checkpoint_completion_target: '0.5',
  jit: 'off',
  listen_addresses: '',
  log_checkpoints: 'off',
  log_connections: 'off',
  log_destination: 'stderr',
  log_disconnections: 'off',
  log_error_verbosity: 'terse',
  log_line_prefix: '',
  log_min_duration_statement: '-1',
  log_min_error_statement: 'panic',
  log_min_messages: 'fatal',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_statement: 'none',
  logging_collector: 'off',
  max_connections: '40',
  max_parallel_workers_per_gather: '0',
  max_wal_senders: '0',
  max_wal_size: '128MB',
  min_wal_size: '2MB',
  shared_buffers: '32MB',
  timezone: 'UTC',
  track_commit_timestamp: 'off',
  unix_socket_permissions: '0700',
  wal_level: 'minimal',
  wal_recycle: 'off',
};

/** The version that made the cluster in `folder`, or null when there is none. */
export function clusterMajor(folder: string): number | null {
  const file = join(folder, 'PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : null;
}

/** Makes the cluster, with checksums. A run cut off half-way leaves `<folder>.new`, which the next run clears away. */
export async function createCluster(place: ClusterPlace): Promise<void> {
  const fresh = `${place.folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  if (place.user) chownSync(fresh, place.user.uid, place.user.gid);
  const code = await finished(
    launch(place, 'initdb', [
      `--pgdata=${fresh}`,
      `--username=${ROLE}`,
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
      '--wal-segsize=1',
      '--auth-local=trust',
      '--auth-host=reject',
    ]),
  );
  if (code !== 0) throw new Error('PostgreSQL could not make its folder (initdb failed).');
  renameSync(fresh, place.folder);
  const parent = await open(dirname(place.folder));
  await parent.sync();
  await parent.close();
}

/** What a program of PostgreSQL said last, beside the cluster: never in it, where root must not write what the service user could bend. */
const outputFile = (place: ClusterPlace): string => `${place.folder}-output.txt`;

/** Starts the postmaster in a session of its own, so that it outlives a kill of ours; its few words go to a file. */
export function startPostmaster(place: ClusterPlace): ChildProcess {
  const file = `${place.folder}.conf`;
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: place.socketFolder });
  writeFileSync(file, settings.map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`).join(''));
  // Whatever our umask is, the service user has to read it.
  chmodSync(file, 0o644);
  return launch(place, 'postgres', ['-D', place.folder, '-c', `config_file=${file}`]);
}

export interface Postmaster {
  readonly pid: number;
  readonly ready: boolean;
}

/**
 * The postmaster that is running on this cluster, or null. A stale pid file whose number now belongs to another program, or to a
 * process nobody waits for, would keep PostgreSQL from starting (containers re-use small numbers), so it is removed; the shared
 * memory, which its children hold until they have ended, still keeps two apart.
 */
export function findPostmaster(place: ClusterPlace): Postmaster | null {
  const file = join(place.folder, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  const alive = isAlive(pid);
  const folder = alive ? workingFolder(pid) : null;
  if (!alive || (folder !== null && folder !== place.folder)) {
    rmSync(file, { force: true });
    return null;
  }
  return { pid, ready: lines[7]?.trim() === 'ready' };
}

/** True while a process of this number runs; one that has ended but was never waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** A postmaster works in its data folder; null where the system does not tell. */
function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

function launch(place: ClusterPlace, program: string, args: readonly string[]): ChildProcess {
  const file = openSync(outputFile(place), 'w', 0o600);
  try {
    return spawn(join(place.binaries, program), args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', file, file],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...(place.user ? { uid: place.user.uid, gid: place.user.gid } : {}),
    });
  } finally {
    closeSync(file);
  }
}

function finished(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (code) => resolve(code));
  });
}
