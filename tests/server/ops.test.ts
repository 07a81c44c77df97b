/** The operator's listener: alive, ready, and figures that do not tell when somebody was there. */
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BY_DAY, BY_TEN_MINUTES, createSlowCounter } from '../../server/ops/slow-counter.ts';
import { openScrub } from '../../server/store/scrub.ts';
import { HEALTH_ROUTE, METRICS_ROUTE, READY_ROUTE } from '../../shared/protocol/routes.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { connectTo } from '../kit/raw-request.ts';
import { createSender, openAt, sealAt, sendAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { until } from '../kit/waiting.ts';

const DAY = 86_400_000;
/** What is about the machine, and may move at any moment. */
const LIVE = [
  'postern_connections_open',
  'postern_database_up',
  'postern_disk_free_tenths',
  'postern_event_loop_delay_seconds',
  'postern_memory_bytes',
  'postern_parts_rotten',
  'postern_requests_running',
  'postern_store_up',
  'postern_work_level',
];

let server: TestServer;
let now = new Date('2026-11-24T10:00:00Z');
let storeAnswers: () => Promise<void> = () => Promise.resolve();
let prepared = true;
beforeAll(async () => {
  server = await startTestServer({ now: () => now, isPrepared: () => prepared }, (blobs) => ({
    ...blobs,
    ready: () => storeAnswers(),
  }));
});
afterAll(() => server[Symbol.asyncDispose]());

const ask = (path: string, of: { readonly opsUrl: string } = server): Promise<Response> => fetch(of.opsUrl + path);
const scrape = async (): Promise<string[]> =>
  (await (await ask(METRICS_ROUTE)).text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const isCrowded = (line: string): boolean => /^postern_connections_open [1-9]/.test(line);
const nameOf = (line: string): string => /^\w+/.exec(line)![0];

/** A submission of three parts, sealed; and its mailbox entered. */
async function submit(): Promise<void> {
  const sender = await createSender();
  await openAt(server.sourceUrl, sender);
  const parts = [1, 2, 3].map((seed) => patternBytes(seed < 3 ? 70_000 : 900, seed));
  for (const [part, bytes] of parts.entries())
    expect((await sendAt(server.sourceUrl, sender, part, bytes)).status).toBe(201);
  expect((await sealAt(server.sourceUrl, sender, parts)).status).toBe(200);
  await (await mailboxOwner(server.sourceUrl, sender.mailbox)).look();
}

describe('a process', () => {
  test('says that it lives, and that it is ready', async () => {
    expect(await (await ask(HEALTH_ROUTE)).json()).toEqual({ alive: true });
    expect(await (await ask(READY_ROUTE)).json()).toEqual({ ready: true });
  });

  test('is not ready, but alive, while its store is away, or does not answer at all', async () => {
    for (const away of [() => Promise.reject(new Error('away')), () => new Promise<void>(() => undefined)]) {
      storeAnswers = away;
      const answer = await ask(READY_ROUTE);
      expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'storage-away' })]);
      expect((await ask(HEALTH_ROUTE)).status).toBe(200);
      expect(await scrape()).toContain('postern_store_up 0');
    }
    storeAnswers = () => Promise.resolve();
    expect((await ask(READY_ROUTE)).status).toBe(200);
  });

  test('is not ready before the database has its tables, nor from the moment that it is to stop', async () => {
    prepared = false;
    expect(await (await ask(READY_ROUTE)).json()).toMatchObject({ code: 'server-busy', status: 503 });
    prepared = true;
    const other = await server.again();
    expect((await ask(READY_ROUTE, other)).status).toBe(200);
    const closing = other.close();
    expect((await other.ops.inject(READY_ROUTE)).statusCode).toBe(503);
    await closing;
  });
});

describe('the figures', () => {
  test('stand still around a submission, but for those about the machine', async () => {
    await submit();
    const before = await scrape();
    await submit();
    const after = await scrape();
    const still = (lines: readonly string[]): string[] => lines.filter((line) => !LIVE.includes(nameOf(line)));
    expect(still(after)).toEqual(still(before));
    expect(still(before).length).toBeGreaterThan(8);
    expect(before.map(nameOf)).toEqual(expect.arrayContaining(LIVE));
  });

  test('tell what was done after the day is over, in tens', async () => {
    for (let each = 0; each < 12; each++) await openAt(server.sourceUrl, await createSender());
    expect(await scrape()).toContain('postern_parcels_opened_total 0');
    now = new Date(now.getTime() + DAY);
    expect(await scrape()).toContain('postern_parcels_opened_total 10');
    expect(await scrape()).toContain('postern_parcels_sealed_total 0');
  });

  test('tell what could not be served by its problem, and no problem of the one who asks', async () => {
    const lines = await scrape();
    for (const code of ['database-away', 'storage-away', 'storage-full', 'server-busy', 'work-required', 'internal'])
      expect(lines).toContain(`postern_refusals_total{code="${code}"} 0`);
    expect(lines.filter((line) => /offset-conflict|parcel-unknown|mailbox-refused/.test(line))).toEqual([]);
  });

  test('have neither a number of a parcel nor a size nor a time, and are few', async () => {
    const text = (await scrape()).join('\n');
    expect(text).not.toMatch(/[0-9a-f]{32}|127\.0\.0\.1|timestamp|process_start/);
    expect(text.split('\n').length).toBeLessThan(60);
  });

  test('tell how many connections there are, but not one more or less', async () => {
    const before = await scrape();
    expect(before).toContain('postern_connections_open 0');
    const sockets: Socket[] = [];
    for (let each = 0; each < 130; each++) {
      sockets.push(await connectTo(server.sourceUrl));
      if (each === 50) expect(await scrape()).toContain('postern_connections_open 0');
    }
    const crowded = await until('they are counted', 5_000, async () => (await scrape()).find(isCrowded));
    expect(crowded).toBe('postern_connections_open 128');
    for (const socket of sockets) socket.destroy();
    await until('they are gone', 5_000, async () => (await scrape()).includes('postern_connections_open 0'));
  });

  test('tell what work is asked for', async () => {
    expect(await scrape()).toContain('postern_work_level 0');
    const { opsUrl } = await server.again({ config: { ...server.config, leastWork: 3 } });
    expect(await (await ask(METRICS_ROUTE, { opsUrl })).text()).toContain('\npostern_work_level 3\n');
  });

  test('tell how many parts are noted as rotten, also when the database fails at just that', async () => {
    expect(await scrape()).toContain('postern_parts_rotten 0');
    const sender = await createSender();
    await openAt(server.sourceUrl, sender);
    const scrub = openScrub(server.database.database, patternBytes(8));
    const rot = { parcel: sender.parcel, part: 0 };
    await scrub.note(rot, 'differs', '2026-11-24');
    expect(await scrape()).toContain('postern_parts_rotten 1');
    await scrub.clear(rot);
    expect(await scrape()).toContain('postern_parts_rotten 0');
    const { database } = server.database;
    await database.run((sql) => sql`alter table rot rename to no_rot`);
    expect(await scrape()).toContain('postern_parts_rotten Nan');
    await database.run((sql) => sql`alter table no_rot rename to rot`);
  });

  test('of another part of the server are read when they are asked for', async () => {
    let level = 3;
    server.metrics.gauge('postern_made_up_level', 'For this test.', () => level);
    expect(await scrape()).toContain('postern_made_up_level 3');
    level = 4;
    expect(await scrape()).toContain('postern_made_up_level 4');
  });
});

describe('a slow counter', () => {
  test('shows one act neither at once nor, mostly, later', () => {
    let at = new Date('2026-11-24T23:59:50Z');
    const counter = createSlowCounter(BY_DAY, () => at);
    for (let each = 0; each < 19; each++) counter.add();
    expect(counter.told()).toBe(0);
    at = new Date('2026-11-25T00:00:01Z');
    expect(counter.told()).toBe(10);
    counter.add();
    expect(counter.told()).toBe(10);
    at = new Date('2026-11-27T12:00:00Z');
    expect(counter.told()).toBe(20);
  });

  test('that nobody looks at still counts the days', () => {
    let at = new Date('2026-11-24T10:00:00Z');
    const counter = createSlowCounter(BY_TEN_MINUTES, () => at);
    for (let each = 0; each < 100; each++) counter.add();
    at = new Date('2026-11-24T10:10:00Z');
    for (let each = 0; each < 100; each++) counter.add();
    expect(counter.told()).toBe(100);
  });
});
