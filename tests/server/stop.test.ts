/** The server asked to end: what had arrived is committed, nobody new is let in, and it is gone within ten seconds whatever hangs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { METRICS_ROUTE, partRoute, READY_ROUTE } from '../../shared/protocol/routes.ts';
import { makeOrganisation } from '../kit/organisation.ts';
import { startNode } from '../kit/programs.ts';
import type { Running } from '../kit/programs.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { connectTo, head } from '../kit/raw-request.ts';
import { BODY_TYPE, createSender, openAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { until } from '../kit/waiting.ts';

const MOST_MS = 10_000;
const PART = patternBytes(900_000);
const FIRST = 300_000;
const TUS = { 'tus-resumable': '1.0.0' };

interface Scene {
  readonly data: string;
  readonly server: Running;
  readonly source: string;
  readonly ops: string;
}

/** What is to be let go on and ended, whatever becomes of the test. */
type AtEnd = (end: () => unknown) => void;

/** The body of a test, and then all that it left to be done, whatever becomes of it. */
function tidied(body: (atEnd: AtEnd) => Promise<void>): () => Promise<void> {
  return async () => {
    const ends: (() => unknown)[] = [];
    try {
      await body((end) => void ends.push(end));
    } finally {
      for (const end of ends.reverse()) await end();
    }
  };
}

async function serve(data: string, atEnd: AtEnd): Promise<Scene> {
  const env = { POSTERN_DATA: data, POSTERN_SOURCE_PORT: '0', POSTERN_STAFF_PORT: '0', POSTERN_OPS_PORT: '0' };
  const server = startNode('server/main.ts', [], { env });
  atEnd(() => {
    server.child.kill('SIGKILL');
    return server.finished;
  });
  const line = await until(
    'it is ready',
    40_000,
    () => /^postern source (\S+) staff \S+ ops (\S+)$/m.exec(server.out()),
    20,
  );
  return { data, server, source: line[1]!, ops: line[2]! };
}

async function scene(atEnd: AtEnd): Promise<Scene> {
  const folder = await temporaryFolder();
  atEnd(() => folder[Symbol.asyncDispose]());
  const data = join(folder.path, 'data');
  await makeOrganisation(data);
  atEnd(async () => {
    const pid = await postmaster(data).catch(() => null);
    if (pid !== null) process.kill(pid, 'SIGQUIT');
    if (pid !== null)
      await until('PostgreSQL has ended', 10_000, () =>
        postmaster(data).then(
          () => false,
          () => true,
        ),
      );
  });
  return serve(data, atEnd);
}

const postmaster = async (data: string): Promise<number> =>
  Number((await readFile(join(data, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);

/** Stops PostgreSQL and all of its processes where they stand. */
async function freeze(data: string, atEnd: AtEnd): Promise<void> {
  const pid = await postmaster(data);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const all = [pid, ...children.trim().split(' ').map(Number)];
  for (const each of all) process.kill(each, 'SIGSTOP');
  atEnd(() => {
    for (const each of all) process.kill(each, 'SIGCONT');
  });
}

/** The first bytes of a part, and a PATCH of which some more arrive but not all. */
async function patchInFlight(source: string, more: number, atEnd: AtEnd): Promise<Sender> {
  const sender = await createSender();
  await openAt(source, sender);
  const created = await fetch(source + partRoute(sender.parcel, 0), {
    method: 'POST',
    headers: { ...(await sender.creation(0, PART)), ...BODY_TYPE },
    body: Buffer.from(PART.subarray(0, FIRST)),
  });
  expect(created.status).toBe(201);
  const socket = await connectTo(source);
  socket.on('error', () => undefined);
  atEnd(() => void socket.destroy());
  const headers = {
    ...TUS,
    ...BODY_TYPE,
    'upload-offset': String(FIRST),
    'content-length': String(PART.length - FIRST),
  };
  socket.write(head('PATCH', partRoute(sender.parcel, 0), headers));
  await new Promise((resolve) => socket.write(PART.subarray(FIRST, FIRST + more), resolve));
  await new Promise((resolve) => setTimeout(resolve, 300));
  return sender;
}

async function endOf(server: Running): Promise<{ code: number | null; took: number }> {
  const started = performance.now();
  server.child.kill('SIGTERM');
  const { code } = await server.finished;
  return { code, took: performance.now() - started };
}

// Side by side: most of their time goes by in waiting.
describe('asked to end', () => {
  test.concurrent(
    'keeps what had arrived of a slow PATCH, and goes on with it after the next start',
    tidied(async (atEnd) => {
      const { data, server, source } = await scene(atEnd);
      const sender = await patchInFlight(source, 200_000, atEnd);
      expect(await endOf(server)).toMatchObject({ code: 0 });
      const next = await serve(data, atEnd);
      const url = next.source + partRoute(sender.parcel, 0);
      const offset = (await fetch(url, { method: 'HEAD', headers: TUS })).headers.get('upload-offset');
      expect(offset).toBe(String(FIRST + 200_000));
      const rest = await fetch(url, {
        method: 'PATCH',
        headers: { ...TUS, ...BODY_TYPE, 'upload-offset': offset! },
        body: Buffer.from(PART.subarray(FIRST + 200_000)),
      });
      expect([rest.status, rest.headers.get('upload-offset')]).toEqual([204, String(PART.length)]);
      expect((await sendAt(next.source, sender, 1, PART)).status).toBe(201);
      expect(await endOf(next.server)).toMatchObject({ code: 0 });
    }),
  );

  test.concurrent(
    'with a database that hangs, is not ready at once, lets nobody in, and is gone in time with a code that says so',
    tidied(async (atEnd) => {
      const { data, server, source, ops } = await scene(atEnd);
      await patchInFlight(source, 200_000, atEnd);
      await freeze(data, atEnd);
      const ending = endOf(server);
      const notReady = await until(
        'it says so',
        6_000,
        async () => {
          // A question from just before the signal waits for the database, and says that.
          const { code } = (await (await fetch(ops + READY_ROUTE)).json()) as { code?: string };
          return code === 'server-busy' && code;
        },
        20,
      );
      expect(notReady).toBe('server-busy');
      await expect(fetch(`${source}/api/card`)).rejects.toThrow('fetch failed');
      expect((await fetch(ops + METRICS_ROUTE)).status).toBe(200);
      const { code, took } = await ending;
      expect([code, took < MOST_MS]).toEqual([3, true]);
    }),
  );

  test.concurrent(
    'twice, ends at once',
    tidied(async (atEnd) => {
      const { data, server, source } = await scene(atEnd);
      await patchInFlight(source, 1_000, atEnd);
      await freeze(data, atEnd);
      server.child.kill('SIGTERM');
      await until('it has begun to', 5_000, () =>
        fetch(`${source}/api/card`).then(
          () => false,
          () => true,
        ),
      );
      expect(server.child.exitCode).toBeNull();
      const { code, took } = await endOf(server);
      expect([code, took < 2_000]).toEqual([3, true]);
    }),
  );
});
