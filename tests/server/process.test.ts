/** The server as a process: started, started twice, killed with and without its PostgreSQL, ended, and with settings that cannot work. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../server/postgres/cluster.ts';
import { CARD_ROUTE, PARCELS_ROUTE, partRoute } from '../../shared/protocol/routes.ts';
import { makeOrganisation } from '../kit/organisation.ts';
import { runNode, startNode } from '../kit/programs.ts';
import type { Running } from '../kit/programs.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { connectTo, head } from '../kit/raw-request.ts';
import { BODY_TYPE, createSender, openAt, postJson } from '../kit/sender.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { until } from '../kit/waiting.ts';

let folder: TemporaryFolder;
let data: string;
const started: Running[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'data');
});
afterEach(async () => {
  for (const server of started.splice(0)) {
    server.child.kill('SIGTERM');
    await server.finished;
  }
  await folder[Symbol.asyncDispose]();
});

const settings = (more: Record<string, string> = {}): { env: Record<string, string> } => ({
  env: { POSTERN_DATA: data, POSTERN_SOURCE_PORT: '0', POSTERN_STAFF_PORT: '0', POSTERN_OPS_PORT: '0', ...more },
});

function serve(more?: Record<string, string>): Running {
  const server = startNode('server/main.ts', [], settings(more));
  started.push(server);
  return server;
}

async function sourceOf(server: Running): Promise<string> {
  const line = await until(
    'the server is ready',
    40_000,
    () => /^postern source (\S+) staff \S+ ops \S+$/m.exec(server.out()),
    20,
  );
  return line[1]!;
}

async function postmasterPid(cluster = join(data, 'postgres')): Promise<number> {
  return Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

describe('the server', () => {
  test('starts from nothing, refuses a second on the same folder, ends with its PostgreSQL', async () => {
    const server = serve();
    const source = await sourceOf(server);
    expect((await (await fetch(source + CARD_ROUTE)).json()) as unknown).toMatchObject({
      code: 'card-missing',
      status: 503,
    });
    const second = await serve().finished;
    expect([second.code, second.err]).toEqual([1, 'Another server is running on this data folder; this one ends.\n']);
    const pid = await postmasterPid();
    expect((await stat(join(data, 'receipt.key'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(data, 'postgres-socket'))).mode & 0o777).toBe(0o700);
    server.child.kill('SIGTERM');
    expect((await server.finished).code).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(server.err()).toBe('');
  });

  test('killed -9 leaves its PostgreSQL, which the next one takes over; killed both, the next one starts it anew', async () => {
    await makeOrganisation(data);
    const first = serve();
    const sender = await createSender();
    await openAt(await sourceOf(first), sender);
    const pid = await postmasterPid();
    await first.kill();
    expect(isAlive(pid)).toBe(true);

    const second = serve();
    const opening = await sender.opening();
    const known = async (server: Running): Promise<number> =>
      (await postJson((await sourceOf(server)) + PARCELS_ROUTE, { opening })).status;
    expect(await known(second)).toBe(200);
    expect(await postmasterPid()).toBe(pid);

    process.kill(pid, 'SIGKILL');
    await second.kill();
    const third = serve();
    expect(await known(third)).toBe(200);
    expect(await postmasterPid()).not.toBe(pid);
    expect(third.err()).toBe('');
  });

  test('asked to end keeps what had arrived of a body that is under way', async () => {
    await makeOrganisation(data);
    const first = serve();
    const source = await sourceOf(first);
    const sender = await createSender();
    await openAt(source, sender);
    const bytes = patternBytes(900_000);
    const socket = await connectTo(source);
    const headers = { ...(await sender.creation(0, bytes)), ...BODY_TYPE, 'content-length': String(bytes.length) };
    socket.write(head('POST', partRoute(sender.parcel, 0), headers));
    await new Promise((resolve) => socket.write(bytes.subarray(0, 700_000), resolve));
    await new Promise((resolve) => setTimeout(resolve, 300));
    first.child.kill('SIGTERM');
    expect((await first.finished).code).toBe(0);
    socket.destroy();
    const second = await sourceOf(serve());
    const looked = await fetch(second + partRoute(sender.parcel, 0), {
      method: 'HEAD',
      headers: { 'tus-resumable': '1.0.0' },
    });
    expect(looked.headers.get('upload-offset')).toBe('700000');
  });

  test('with a data folder of a very long name keeps its socket under /tmp', async () => {
    data = join(folder.path, 'long'.repeat(30));
    const server = serve();
    await sourceOf(server);
    expect(existsSync(join(data, 'postgres-socket'))).toBe(false);
  });

  test('in a folder that the service user cannot reach keeps its cluster elsewhere, and says so', async () => {
    const closed = join(folder.path, 'closed');
    await mkdir(closed, { mode: 0o700 });
    data = join(closed, 'data');
    const server = serve();
    await sourceOf(server);
    const isRoot = process.getuid?.() === 0;
    expect(existsSync(join(data, 'postgres'))).toBe(!isRoot);
    if (!isRoot) return;
    expect(server.out()).toContain('database-elsewhere');
    const cluster = (await readFile(join(data, 'postgres-folder.txt'), 'utf8')).trim();
    expect(cluster).toMatch(/^\/var\/lib\/postern\/[0-9a-f]{16}$/);
    server.child.kill('SIGTERM');
    await server.finished;
    await rm(cluster, { recursive: true });
    for (const ending of ['-socket', '.conf', '-output.txt']) await rm(cluster + ending, { recursive: true });
  });

  test('whose database is away at the start says so once, in words, and tells sources to wait', async () => {
    await makeOrganisation(data);
    const url = `postgres://nobody@${encodeURIComponent(folder.path)}:5432/none`;
    const server = serve({ POSTERN_DATABASE_URL: url, POSTERN_SOURCE_PORT: '0' });
    await until('it says so', 20_000, () => server.out().includes('database-away'));
    expect(server.out().match(/database-away/g)).toHaveLength(1);
    expect(server.out()).not.toContain('postern source');
  });

  test('can be asked to end before it is ready, and takes its PostgreSQL along', async () => {
    const first = serve();
    await sourceOf(first);
    first.child.kill('SIGTERM');
    await first.finished;
    const heart = join(data, 'postgres', 'global', 'pg_control');
    await rename(heart, `${heart}.away`);
    const second = serve();
    await until('it waits', 20_000, () => second.out().includes('database-away'));
    await rename(`${heart}.away`, heart);
    second.child.kill('SIGTERM');
    expect(await second.finished).toMatchObject({ code: 0, err: '' });
    expect(second.out()).not.toContain('postern source');
    expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  test('refuses settings that cannot work in one sentence', async () => {
    const refused = async (more: Record<string, string>): Promise<string> => {
      const { code, err, out } = await serve(more).finished;
      expect([code, out]).toEqual([1, '']);
      return err;
    };
    expect(await refused({ POSTERN_SOURCE_PORT: 'x' })).toBe(
      'POSTERN_SOURCE_PORT must be a whole number from 0 to 65535.\n',
    );
    expect(await refused({ POSTERN_HOST: 'elsewhere' })).toBe('POSTERN_HOST must be an IP address or localhost.\n');
    expect((await startNode('server/main.ts', ['help'], settings()).finished).code).toBe(2);
  });
});

test('receipt-key makes the key once and prints its public half', async () => {
  const [first, second] = await Promise.all([1, 2].map(() => runNode('server/main.ts', ['receipt-key'], settings())));
  expect(first).toMatch(/^[\w-]{43}$/);
  expect(second).toBe(first);
  expect(await readFile(join(data, 'receipt.key'), 'utf8')).not.toContain(first);
});
