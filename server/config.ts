/** Settings: the environment becomes one frozen object, or one clear sentence about what is wrong with it. */
import { isIP } from 'node:net';
import { resolve } from 'node:path';

export interface Config {
  /** Folder of everything the server keeps. */
  readonly data: string;
  readonly host: string;
  readonly sourcePort: number;
  readonly staffPort: number;
  /** Hosts (with port) under which couriers know the staff listener; a sign-in must name one. Empty: the loopback names. */
  readonly staffNames: readonly string[];
  /** An outside PostgreSQL; null: one of our own in the data folder. */
  readonly databaseUrl: string | null;
  /** Bytes of disk that are never given to parcels. */
  readonly reserve: number;
  /** The built client. */
  readonly clientFolder: string;
  /** Days that an unfinished parcel is kept after its last part. */
  readonly keepUnfinishedDays: number;
  /** Days that a submission is kept after staff said that they have it; 0: until staff delete it. */
  readonly keepCollectedDays: number;
  /** Days that a reply is kept after its seal; 0: until its reader or staff delete it. */
  readonly keepRepliesDays: number;
  /** Whether a codename shows that staff have collected what was sent. */
  readonly showCollected: boolean;
}

const GIB = 1_073_741_824;
const MOST_DAYS = 36_500;

/** Reads the settings; the defaults are those of docs/operating.md. Throws an Error whose message is for the operator. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, projectFolder: string): Config {
  const host = env['POSTERN_HOST'] || '127.0.0.1';
  if (isIP(host) === 0 && host !== 'localhost') throw new Error('POSTERN_HOST must be an IP address or localhost.');
  const sourcePort = whole(env, 'POSTERN_SOURCE_PORT', 8440, 65_535);
  const staffPort = whole(env, 'POSTERN_STAFF_PORT', 8441, 65_535);
  if (sourcePort === staffPort && sourcePort !== 0)
    throw new Error('POSTERN_SOURCE_PORT and POSTERN_STAFF_PORT must differ.');
  const databaseUrl = env['POSTERN_DATABASE_URL'] || null;
  if (databaseUrl !== null && !/^postgres(?:ql)?:$/.test(URL.parse(databaseUrl)?.protocol ?? ''))
    throw new Error('POSTERN_DATABASE_URL must be a postgres:// address.');
  return Object.freeze({
    data: resolve(projectFolder, env['POSTERN_DATA'] || 'data'),
    host,
    sourcePort,
    staffPort,
    staffNames: (env['POSTERN_STAFF_NAMES'] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    databaseUrl,
    reserve: whole(env, 'POSTERN_RESERVE', GIB, Number.MAX_SAFE_INTEGER),
    clientFolder: resolve(projectFolder, env['POSTERN_CLIENT_DIST'] || 'client/dist'),
    keepUnfinishedDays: whole(env, 'POSTERN_KEEP_UNFINISHED_DAYS', 30, MOST_DAYS),
    keepCollectedDays: whole(env, 'POSTERN_KEEP_COLLECTED_DAYS', 30, MOST_DAYS),
    keepRepliesDays: whole(env, 'POSTERN_KEEP_REPLIES_DAYS', 90, MOST_DAYS),
    showCollected: yesOrNo(env, 'POSTERN_SHOW_COLLECTED', true),
  });
}

function yesOrNo(env: Readonly<Record<string, string | undefined>>, name: string, fallback: boolean): boolean {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  if (text !== 'yes' && text !== 'no') throw new Error(`${name} must be yes or no.`);
  return text === 'yes';
}

function whole(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  fallback: number,
  most: number,
): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw new Error(`${name} must be a whole number from 0 to ${most}.`);
  return value;
}
