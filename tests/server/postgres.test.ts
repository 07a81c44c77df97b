/** The private PostgreSQL: finding and placing it, the packaged one, stale traces of a dead one, and what it writes down of times. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBinaries } from '../../server/postgres/binaries.ts';
import { DATABASE, findPostmaster, isAlive, ROLE } from '../../server/postgres/cluster.ts';
import { lockData } from '../../server/postgres/data-lock.ts';
import { makeSocketFolder, placeBinaries, placeSocket } from '../../server/postgres/place.ts';
import { canReach, findServiceUser, openForPassing } from '../../server/postgres/service-user.ts';
import { supervise } from '../../server/postgres/supervisor.ts';
import { openDatabase } from '../../server/store/database.ts';
import { migrate } from '../../server/store/migrate.ts';
import { PROJECT } from '../kit/programs.ts';
import { random } from '../kit/random-bytes.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const user = { name: 'somebody', uid: 4711, gid: 4711 };
const log = (): void => undefined;

describe('the packaged PostgreSQL', () => {
  test('is found where the machine has none, starts, keeps its settings, and is taken over after a stop', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    await mkdir(data);
    const options = { data, projectFolder: PROJECT, random, log, systemFolder: '/nowhere' };
    expect(findBinaries(PROJECT, '/nowhere').map(({ major }) => major)).toEqual([18]);
    for (let round = 0; round < 2; round++) {
      const supervisor = supervise(options);
      await supervisor.up;
      const database = openDatabase({ socketFolder: supervisor.socketFolder, user: ROLE, database: DATABASE });
      await migrate(database);
      const settings = await database.run(
        (sql) => sql<{ name: string; setting: string }[]>`
          select name, setting from pg_settings where name in
            ('data_checksums', 'fsync', 'full_page_writes', 'listen_addresses', 'log_checkpoints', 'server_version_num',
             'synchronous_commit', 'track_commit_timestamp', 'wal_recycle') order by name`,
      );
      expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
        data_checksums: 'on',
        fsync: 'on',
        full_page_writes: 'on',
        listen_addresses: '',
        log_checkpoints: 'off',
        server_version_num: expect.stringMatching(/^18/),
        synchronous_commit: 'on',
        track_commit_timestamp: 'off',
        wal_recycle: 'off',
      });
      await database.close();
      await supervisor.stop();
    }
  });

  test('of another version than the cluster is not tried', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'postgres'));
    await writeFile(join(folder.path, 'postgres', 'PG_VERSION'), '9\n');
    expect(() => supervise({ data: folder.path, projectFolder: PROJECT, random, log })).toThrow(
      'The database in the data folder was made by PostgreSQL 9, which is not on this machine.',
    );
    expect(() =>
      supervise({ data: folder.path, projectFolder: '/nowhere', random, log, systemFolder: '/nowhere' }),
    ).toThrow();
  });
});

describe('traces of a postmaster', () => {
  test('that is gone, or whose number another program has by now, are cleared away', async () => {
    await using folder = await temporaryFolder();
    const place = { folder: folder.path, binaries: '', socketFolder: '', user: null };
    const file = join(folder.path, 'postmaster.pid');
    expect(findPostmaster(place)).toBe(null);
    await writeFile(file, `${process.pid}\n${folder.path}\n`);
    expect(findPostmaster(place)).toBe(null);
    expect(existsSync(file)).toBe(false);
    const child = spawn('true');
    await new Promise((resolve) => child.once('exit', resolve));
    await writeFile(file, `${child.pid}\n${folder.path}\n`);
    expect(findPostmaster(place)).toBe(null);
    expect(isAlive(child.pid!)).toBe(false);
  });

  test('that runs in the folder are found, ready or not', async () => {
    await using folder = await temporaryFolder();
    const place = { folder: folder.path, binaries: '', socketFolder: '', user: null };
    const child = spawn('sleep', ['60'], { cwd: folder.path });
    try {
      const lines = [child.pid, folder.path, 1, 5432, '/tmp', '', '1 2'];
      await writeFile(join(folder.path, 'postmaster.pid'), `${lines.join('\n')}\nstarting\n`);
      expect(findPostmaster(place)).toEqual({ pid: child.pid, ready: false });
      await writeFile(join(folder.path, 'postmaster.pid'), `${lines.join('\n')}\nready   \n`);
      expect(findPostmaster(place)).toEqual({ pid: child.pid, ready: true });
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('places', () => {
  test('the socket lies by the cluster, or under /tmp when its path would be too long', () => {
    expect(placeSocket('/data/postgres', null)).toBe('/data/postgres-socket');
    const long = `/data/${'x'.repeat(90)}/postgres`;
    expect(placeSocket(long, null)).toMatch(/^\/tmp\/postern-[0-9a-f]{24}$/);
    expect(placeSocket(long, null)).not.toBe(placeSocket(`${long}2`, null));
    expect(placeSocket(long, user)).not.toBe(placeSocket(long, null));
  });

  test('a folder for the socket that is not ours alone is refused', async () => {
    await using folder = await temporaryFolder();
    const socket = join(folder.path, 'socket');
    makeSocketFolder(socket, null);
    expect((await lstat(socket)).mode & 0o777).toBe(0o700);
    makeSocketFolder(socket, null);
    await chmod(socket, 0o777);
    expect(() => makeSocketFolder(socket, null)).toThrow('belongs to somebody else');
    await rm(socket, { recursive: true });
    await symlink('/tmp', socket);
    expect(() => makeSocketFolder(socket, null)).toThrow('belongs to somebody else');
  });

  test('a folder that only its own mode closes is opened for passing through', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    await mkdir(data, { mode: 0o700 });
    expect([canReach(data, null), canReach(data, user)]).toEqual([true, false]);
    openForPassing(data, user);
    expect([canReach(data, user), (await stat(data)).mode & 0o777]).toEqual([true, 0o711]);
    await chmod(folder.path, 0o700);
    expect(canReach(data, user)).toBe(false);
  });

  test('programs that the service user cannot reach are copied, with their links', async () => {
    await using folder = await temporaryFolder();
    const native = join(folder.path, 'closed', 'native');
    const elsewhere = join(folder.path, 'elsewhere');
    await mkdir(join(native, 'bin'), { recursive: true });
    await writeFile(join(native, 'bin', 'postgres'), 'program', { mode: 0o700 });
    await symlink('postgres', join(native, 'bin', 'link'));
    expect(canReach(join(native, 'bin', 'postgres'), user)).toBe(false);
    const binaries = { folder: join(native, 'bin'), major: 18 };
    const open = placeBinaries(binaries, null, elsewhere);
    expect(open).toBe(binaries.folder);
    await chmod(join(folder.path, 'closed'), 0o700);
    const copy = placeBinaries(binaries, user, elsewhere);
    expect(copy.startsWith(elsewhere)).toBe(true);
    expect(placeBinaries(binaries, user, elsewhere)).toBe(copy);
    await rm(native, { recursive: true });
    expect([await readFile(join(copy, 'link'), 'utf8'), (await stat(join(copy, 'postgres'))).mode & 0o777]).toEqual([
      'program',
      0o755,
    ]);
  });

  test('the service user is postgres, else nobody, and only for root', async () => {
    await using folder = await temporaryFolder();
    const passwd = join(folder.path, 'passwd');
    const lines = ['root:x:0:0::/:', 'nobody:x:65534:65533::/:', 'postgres:x:101:104::/:', ''];
    await writeFile(passwd, lines.join('\n'));
    if (process.getuid?.() !== 0) return expect(findServiceUser(passwd)).toBe(null);
    expect(findServiceUser(passwd)).toEqual({ name: 'postgres', uid: 101, gid: 104 });
    await writeFile(passwd, lines.slice(0, 2).join('\n'));
    expect(findServiceUser(passwd)).toEqual({ name: 'nobody', uid: 65_534, gid: 65_533 });
    await writeFile(passwd, lines[0]!);
    expect(() => findServiceUser(passwd)).toThrow('must not run as root');
  });
});

test.each(['linux', 'darwin'])('the lock of a data folder is held by one at a time (%s)', async (platform) => {
  await using folder = await temporaryFolder();
  const first = await lockData(folder.path, platform);
  expect(first).not.toBe(null);
  expect(await lockData(folder.path, platform)).toBe(null);
  first!.release();
  const again = await lockData(folder.path, platform);
  expect(again).not.toBe(null);
  again!.release();
});

test('migrations can be run by many at once, and never backwards', async () => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  await mkdir(data);
  const supervisor = supervise({ data, projectFolder: PROJECT, random, log });
  await supervisor.up;
  const database = openDatabase({ socketFolder: supervisor.socketFolder, user: ROLE, database: DATABASE });
  await Promise.all([1, 2, 3, 4].map(() => migrate(database)));
  await database.run((sql) => sql`update schema_version set version = 99`);
  await expect(migrate(database)).rejects.toThrow('newer version');
  // What PostgreSQL itself says goes to one file; at rest there is nothing in it about anybody.
  expect(await readFile(join(data, 'postgres-output.txt'), 'utf8')).not.toMatch(/insert|select|update|\d\d:\d\d/i);
  await database.close();
  await supervisor.stop();
});
