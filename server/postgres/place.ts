/** Where the cluster, its programs and its socket lie, so that the service user reaches them and the socket's path is short enough. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import type { Log } from '../log.ts';
import { canReach, openForPassing } from './service-user.ts';
import type { PostgresBinaries } from './binaries.ts';
import type { ServiceUser } from './service-user.ts';

/** `sockaddr_un` holds 108 bytes with its final NUL. */
const SOCKET_PATH_LIMIT = 107;
export const SOCKET_NAME = '.s.PGSQL.5432';
const ELSEWHERE = '/var/lib/postern';

/** The cluster's folder: `<data>/postgres`, or one under /var/lib/postern that a file in the data folder names. */
export function placeCluster(data: string, user: ServiceUser | null, random: Random, log: Log): string {
  openForPassing(data, user);
  const here = join(data, 'postgres');
  if (canReach(data, user)) return here;
  const pointer = join(data, 'postgres-folder.txt');
  if (!existsSync(pointer)) {
    makePassable(ELSEWHERE);
    writeFileSync(pointer, `${join(ELSEWHERE, toHex(random(8)))}\n`, { mode: 0o600, flush: true });
  }
  const cluster = readFileSync(pointer, 'utf8').trim();
  if (dirname(cluster) !== ELSEWHERE || !/^[0-9a-f]{16}$/.test(basename(cluster)))
    throw new Error('The file postgres-folder.txt in the data folder does not name a folder of ours.');
  log({ event: 'database-elsewhere' });
  return cluster;
}

/** The folder of programs that the service user can run: the one found, or a copy of the packaged installation below `elsewhere`. */
export function placeBinaries(binaries: PostgresBinaries, user: ServiceUser | null, elsewhere = ELSEWHERE): string {
  if (canReach(join(binaries.folder, 'postgres'), user)) return binaries.folder;
  const native = dirname(binaries.folder);
  const copy = join(elsewhere, `postgresql-${createHash('sha256').update(native).digest('hex').slice(0, 16)}`);
  if (!existsSync(copy)) {
    makePassable(elsewhere);
    rmSync(`${copy}.new`, { recursive: true, force: true });
    // Links between the libraries are relative, and must stay so.
    cpSync(native, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    letOthersRun(`${copy}.new`);
    renameSync(`${copy}.new`, copy);
  }
  return join(copy, basename(binaries.folder));
}

/** Makes a folder that all may pass through, whatever our umask is. */
function makePassable(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
}

/** What the owner may read and run, others may: an installation made under a strict umask is for its owner alone. */
function letOthersRun(folder: string): void {
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    const path = join(folder, name);
    const { mode } = lstatSync(path);
    const own = mode & 0o500;
    if ((mode & constants.S_IFMT) !== constants.S_IFLNK) chmodSync(path, (mode & 0o777) | (own >> 3) | (own >> 6));
  }
}

/** The socket's folder: beside the cluster when the path is short enough, else under /tmp, named by a hash of the cluster's path. */
export function placeSocket(cluster: string, user: ServiceUser | null): string {
  const near = `${cluster}-socket`;
  const short = Buffer.byteLength(join(near, SOCKET_NAME)) <= SOCKET_PATH_LIMIT;
  return short
    ? near
    : join('/tmp', `postern-${createHash('sha256').update(cluster).digest('hex').slice(0, 24)}${user ? '-s' : ''}`);
}

/** Makes the socket's folder, 0700 and the service user's; throws when somebody else's thing is in its place. */
export function makeSocketFolder(folder: string, user: ServiceUser | null): void {
  const owner = user?.uid ?? process.getuid?.() ?? 0;
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  const found = lstatSync(folder);
  if (user !== null && found.isDirectory() && found.uid === 0) chownSync(folder, user.uid, user.gid);
  else if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0)
    throw new Error('The folder for the database socket belongs to somebody else.');
}
