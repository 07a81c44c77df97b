/** PostgreSQL refuses to run as root; as root, it runs as a service user, in folders which that user can reach. */
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface ServiceUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The user to run PostgreSQL as: null (ourselves) unless we are root, then `postgres`, else `nobody`. */
export function findServiceUser(passwd = '/etc/passwd'): ServiceUser | null {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync(passwd, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const found = lines.find(([name, , uid]) => name === wanted && Number(uid) > 0);
    if (found) return { name: wanted, uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error('PostgreSQL must not run as root, and there is no user postgres or nobody on this machine.');
}

/** True when `user` may pass through `folder` and all folders above it. */
export function canReach(folder: string, user: ServiceUser | null): boolean {
  if (user === null) return true;
  for (let at = folder; ; at = dirname(at)) {
    if (!mayPass(at, user)) return false;
    if (dirname(at) === at) return true;
  }
}

/** Lets others pass through (not list) our own folder, when it alone stands in the way. What is inside has its own modes. */
export function openForPassing(folder: string, user: ServiceUser | null): void {
  if (user === null || mayPass(folder, user) || !canReach(dirname(folder), user)) return;
  chmodSync(folder, (statSync(folder).mode & 0o777) | 0o011);
}

function mayPass(folder: string, user: ServiceUser): boolean {
  const { uid, gid, mode } = statSync(folder);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === user.gid ? 0o010 : 0o001)) !== 0;
}
