/** Settings: the environment becomes one frozen object, or one clear sentence about what is wrong with it. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { MOST_WORK } from '../shared/protocol/work.ts';

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
  /** Listener for the operator: health and metrics. Its host is loopback unless it is said otherwise, whatever `host` is. */
  readonly opsHost: string;
  readonly opsPort: number;
  /** An S3 store for blobs; null: the data folder. */
  readonly s3: S3Config | null;
  readonly quotas: Quotas;
  /** Bytes a second at which stored blobs are read again and compared with their hashes; 0: never. */
  readonly scrubRate: number;
  /** Tiles of 256 leaves that the log of receipts grows by each day. */
  readonly logTiles: number;
  /** The level of proof of work below which the server does not go, however idle it is; 0 by itself. */
  readonly leastWork: number;
  /** Connections that the source listener holds at once. */
  readonly mostConnections: number;
}

export interface S3Config {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Bytes of memory for bodies on their way into the store. */
  readonly memory: number;
}

/** Most bytes of ciphertext that are kept; 0: no such bound. */
export interface Quotas {
  readonly parcel: number;
  readonly mailbox: number;
  readonly total: number;
}

const MIB = 1_048_576;
const GIB = 1024 * MIB;
const MOST_DAYS = 36_500;

/** Settings that are secret: each may be given by a file instead, named by the same setting with `_FILE`. */
const SECRETS = ['POSTERN_DATABASE_URL', 'POSTERN_S3_ACCESS_KEY', 'POSTERN_S3_SECRET_KEY'];

/** Every name that may stand in the environment, those for other programs included. */
const KNOWN: ReadonlySet<string> = new Set([
  ...SECRETS.flatMap((name) => [name, `${name}_FILE`]),
  ...['HOST', 'SOURCE_PORT', 'STAFF_PORT', 'OPS_HOST', 'OPS_PORT', 'STAFF_NAMES', 'CONNECTIONS', 'LEAST_WORK'].map(
    named,
  ),
  ...['DATA', 'RESERVE', 'CLIENT_DIST', 'S3_ENDPOINT', 'S3_BUCKET', 'S3_REGION', 'S3_MEMORY', 'SCRUB_RATE'].map(named),
  ...['PARCEL_QUOTA', 'MAILBOX_QUOTA', 'TOTAL_QUOTA', 'SHOW_COLLECTED', 'LOG_TILES'].map(named),
  ...['KEEP_UNFINISHED_DAYS', 'KEEP_COLLECTED_DAYS', 'KEEP_REPLIES_DAYS'].map(named),
  ...['ROOT_KEY', 'STAFF_URL', 'COURIER_KEY'].map(named),
]);

function named(what: string): string {
  return `POSTERN_${what}`;
}

/** Reads the settings; the defaults are those of docs/operating.md. Throws an Error whose message is for the operator. */
export function readConfig(given: Readonly<Record<string, string | undefined>>, projectFolder: string): Config {
  refuseUnknown(given);
  const env = withSecrets(given);
  const host = address(env, 'POSTERN_HOST');
  const opsHost = address(env, 'POSTERN_OPS_HOST');
  const sourcePort = whole(env, 'POSTERN_SOURCE_PORT', 8440, 65_535);
  const staffPort = whole(env, 'POSTERN_STAFF_PORT', 8441, 65_535);
  const opsPort = whole(env, 'POSTERN_OPS_PORT', 8442, 65_535);
  const ports = [sourcePort, staffPort, opsPort].filter((port) => port !== 0);
  if (new Set(ports).size < ports.length)
    throw new Error('POSTERN_SOURCE_PORT, POSTERN_STAFF_PORT and POSTERN_OPS_PORT must differ.');
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
    opsHost,
    opsPort,
    s3: readS3(env),
    quotas: Object.freeze({
      parcel: whole(env, 'POSTERN_PARCEL_QUOTA', 0, Number.MAX_SAFE_INTEGER),
      mailbox: whole(env, 'POSTERN_MAILBOX_QUOTA', 0, Number.MAX_SAFE_INTEGER),
      total: whole(env, 'POSTERN_TOTAL_QUOTA', 0, Number.MAX_SAFE_INTEGER),
    }),
    scrubRate: whole(env, 'POSTERN_SCRUB_RATE', MIB, Number.MAX_SAFE_INTEGER),
    logTiles: atLeastOne(env, 'POSTERN_LOG_TILES', 1, 64),
    leastWork: whole(env, 'POSTERN_LEAST_WORK', 0, MOST_WORK),
    mostConnections: whole(env, 'POSTERN_CONNECTIONS', 8192, 1_000_000),
  });
}

/** A setting whose name is mistyped would say nothing and do nothing: a quota that is not there, say. */
function refuseUnknown(env: Readonly<Record<string, string | undefined>>): void {
  const unknown = Object.keys(env).filter((name) => /^POSTERN_(?!TEST_)/.test(name) && !KNOWN.has(name));
  if (unknown.length > 0) throw new Error(`There is no setting ${unknown.sort().join(', ')}.`);
}

/** The environment with the secrets that lie in files. What the environment shows, any process of the account can read. */
function withSecrets(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  const read = SECRETS.flatMap((name): [string, string][] => {
    const path = env[`${name}_FILE`];
    if (path === undefined || path === '') return [];
    if (env[name]) throw new Error(`${name} and ${name}_FILE must not both be set.`);
    try {
      const text = readFileSync(path, 'utf8').trim();
      if (text !== '') return [[name, text]];
    } catch {
      throw new Error(`${name}_FILE names a file that cannot be read.`);
    }
    throw new Error(`${name}_FILE names a file that is empty.`);
  });
  return { ...env, ...Object.fromEntries(read) };
}

function address(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const host = env[name] || '127.0.0.1';
  if (isIP(host) === 0 && host !== 'localhost') throw new Error(`${name} must be an IP address or localhost.`);
  return host;
}

/** All of an S3 store's settings or none. */
function readS3(env: Readonly<Record<string, string | undefined>>): S3Config | null {
  const names = ['POSTERN_S3_ENDPOINT', 'POSTERN_S3_BUCKET', 'POSTERN_S3_ACCESS_KEY', 'POSTERN_S3_SECRET_KEY'] as const;
  const [endpoint = '', bucket = '', accessKey = '', secretKey = ''] = names.map((name) => env[name] || '');
  const missing = names.filter((name) => !env[name]);
  if (missing.length === names.length) return null;
  if (missing.length > 0) throw new Error(`${missing.join(', ')} must be set too: an S3 store needs all of them.`);
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw new Error('POSTERN_S3_ENDPOINT must be an http:// or https:// address.');
  return Object.freeze({
    endpoint,
    bucket,
    region: env['POSTERN_S3_REGION'] || 'us-east-1',
    accessKey,
    secretKey,
    memory: whole(env, 'POSTERN_S3_MEMORY', 256 * MIB, Number.MAX_SAFE_INTEGER),
  });
}

function yesOrNo(env: Readonly<Record<string, string | undefined>>, name: string, fallback: boolean): boolean {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  if (text !== 'yes' && text !== 'no') throw new Error(`${name} must be yes or no.`);
  return text === 'yes';
}

function atLeastOne(env: Readonly<Record<string, string | undefined>>, name: string, fallback: number, most: number) {
  const value = whole(env, name, fallback, most);
  if (value === 0) throw new Error(`${name} must be a whole number from 1 to ${most}.`);
  return value;
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
