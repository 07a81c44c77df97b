/** A Ceph of one monitor, one disk and one S3 gateway from the machine's own packages, on free ports, all in a temporary folder. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Config } from '../../server/config.ts';
import { freePort } from './free-port.ts';
import { run, start } from './programs.ts';
import type { Running } from './programs.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './waiting.ts';

/** What can die: the gateway that speaks S3, or the disk behind it. */
export type RgwDaemon = 'gateway' | 'disk';

export interface Rgw extends AsyncDisposable {
  /** The store as the server is told of it, with a bucket that is empty at first. */
  readonly s3: S3Config;
  /** The same as the server's environment. */
  readonly settings: Readonly<Record<string, string>>;
  /** Makes another bucket. */
  newBucket(): Promise<S3Config>;
  /** The process now running. */
  pid(daemon: RgwDaemon): number;
  /** `kill -9`. */
  kill(daemon: RgwDaemon): Promise<void>;
  /** Starts what was killed; the gateway listens again when this resolves, the disk may take some seconds more. */
  restart(daemon: RgwDaemon): Promise<void>;
  /** `radosgw-admin`; gives what it printed. */
  admin(...args: readonly string[]): Promise<string>;
}

const START_MS = 60_000;
const USER = 'postern';
const [accessKey, secretKey] = ['POSTERNTESTACCESSKEY', 'postern-test-secret-key'];

/** Starts a store of `gib` GiB, on a file that is only as large as what is in it. It outlives the death of its daemons. */
export async function startRgw(gib = 8): Promise<Rgw> {
  const temporary = await temporaryFolder();
  const folder = temporary.path;
  const [mon, port] = [await freePort(), await freePort()];
  const [cluster, disk] = [randomUUID(), randomUUID()];
  const [conf, keyring, map] = ['ceph.conf', 'keyring', 'monmap'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const name of ['mon', 'osd', 'rgw', 'run']) await mkdir(join(folder, name));
  await writeFile(conf, settings({ folder, cluster, mon, gib }));

  const begin = (program: string, ...args: readonly string[]): Running =>
    // The kernel ends them with this process, however that ends.
    start('setpriv', ['--pdeathsig', 'KILL', program, '-c', conf, ...args]);
  const call = async (program: string, ...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await run(program, args, { env: { CEPH_CONF: conf } });
    if (code !== 0) throw new Error(`${program} ended with ${code}:\n${err}${out}`);
    return out;
  };
  const daemons = new Map<string, Running>();
  const launch: Readonly<Record<RgwDaemon | 'monitor', () => Running>> = {
    monitor: () => begin('ceph-mon', '-f', '-i', 'a'),
    disk: () => begin('ceph-osd', '-f', '-i', '0'),
    gateway: () => begin('radosgw', '-f', '-n', 'client.admin', `--rgw_frontends=beast endpoint=127.0.0.1:${port}`),
  };
  const endpoint = `http://127.0.0.1:${port}`;
  const up = async (name: RgwDaemon | 'monitor'): Promise<void> => {
    const daemon = launch[name]();
    daemons.set(name, daemon);
    if (name !== 'gateway') return;
    await until('the S3 gateway listens', START_MS, async () => {
      if (daemon.child.exitCode !== null) throw new Error(`radosgw ended:\n${daemon.err()}`);
      return fetch(endpoint).catch(() => false);
    });
  };
  const dispose = async (): Promise<void> => {
    for (const daemon of daemons.values()) await daemon.kill();
    await temporary[Symbol.asyncDispose]();
  };
  const newBucket = async (): Promise<S3Config> => {
    const bucket = `b${randomBytes(8).toString('hex')}`;
    const config = { endpoint, bucket, region: 'us-east-1', accessKey, secretKey, memory: 268_435_456 };
    const client = testS3Client(config);
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
    return config;
  };

  try {
    await call('ceph-authtool', '--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
    for (const [name, capability] of [
      ['client.admin', 'allow *'],
      ['osd.0', 'allow profile osd'],
    ] as const)
      await call(
        'ceph-authtool',
        keyring,
        '--gen-key',
        '-n',
        name,
        '--cap',
        'mon',
        capability,
        '--cap',
        'osd',
        'allow *',
      );
    await call('monmaptool', '--create', '--fsid', cluster, '--addv', 'a', `[v2:127.0.0.1:${mon}]`, map);
    await call('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring);
    await up('monitor');
    await Promise.all([
      call('ceph', '--connect-timeout', '60', 'osd', 'new', disk),
      call('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', disk, '--no-mon-config'),
    ]);
    await up('disk');
    const user = ['--uid', USER, '--display-name', USER, '--access-key', accessKey, '--secret-key', secretKey];
    await call('radosgw-admin', 'user', 'create', ...user);
    await up('gateway');
    const s3 = await newBucket();
    return {
      s3,
      settings: {
        POSTERN_S3_ENDPOINT: endpoint,
        POSTERN_S3_BUCKET: s3.bucket,
        POSTERN_S3_ACCESS_KEY: accessKey,
        POSTERN_S3_SECRET_KEY: secretKey,
      },
      newBucket,
      pid: (name) => daemons.get(name)?.pid ?? -1,
      kill: async (name) => daemons.get(name)?.kill(),
      restart: up,
      admin: (...args) => call('radosgw-admin', ...args),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    const log = await readFile(join(folder, 'run', 'cluster.log'), 'utf8').catch(() => '');
    await dispose();
    throw new Error(`Ceph did not start.\n${log.slice(-2000)}`, { cause: error });
  }
}

/** A plain client, for looking at what lies in the store. */
export function testS3Client({ endpoint, region, accessKey: accessKeyId, secretKey: secretAccessKey }: S3Config) {
  return new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
}

interface Layout {
  readonly folder: string;
  readonly cluster: string;
  readonly mon: number;
  readonly gib: number;
}

/** Nothing outside the folder; the monitor does not wait a second before each decision; no work that a few minutes do not need. */
function settings({ folder, cluster, mon, gib }: Layout): string {
  const lines = {
    fsid: cluster,
    keyring: join(folder, 'keyring'),
    'mon host': `v2:127.0.0.1:${mon}`,
    'mon initial members': 'a',
    'ms bind msgr1': 'false',
    'public addr': '127.0.0.1',
    'auth cluster required': 'cephx',
    'auth service required': 'cephx',
    'auth client required': 'cephx',
    'mon data': join(folder, 'mon'),
    'osd data': join(folder, 'osd'),
    'rgw data': join(folder, 'rgw'),
    'run dir': join(folder, 'run'),
    'crash dir': join(folder, 'run'),
    'pid file': join(folder, 'run', '$name.pid'),
    'admin socket': join(folder, 'run', '$name.asok'),
    'log file': join(folder, 'run', '$name.log'),
    'mon cluster log file': join(folder, 'run', 'cluster.log'),
    'paxos propose interval': '0.02',
    'paxos min wait': '0.01',
    'mon allow pool size one': 'true',
    'osd pool default size': '1',
    'osd pool default min size': '1',
    'osd pool default pg num': '2',
    'osd pool default pgp num': '2',
    'osd pool default pg autoscale mode': 'off',
    'osd crush chooseleaf type': '0',
    'osd objectstore': 'bluestore',
    'bluestore block size': String(gib * 1_073_741_824),
    'debug rocksdb': '0/0',
    'rgw enable gc threads': 'false',
    'rgw enable lc threads': 'false',
    'rgw run sync thread': 'false',
    'rgw dynamic resharding': 'false',
    'rgw bucket quota ttl': '0',
    // So that a few blobs are already more than one answer holds.
    'rgw max listing results': '100',
    // A gateway that died is not waited for: by itself that takes half a minute.
    'osd client watch timeout': '2',
    'osd default notify timeout': '2',
  };
  return `[global]\n${Object.entries(lines)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('')}`;
}
