/** Running work first: what a listener does when sockets, openings and strangers are more than it can bear. */
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { OPENING_LOCK } from '../../server/store/parcels.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { CARD_ROUTE, MAILBOX_ROUTE, PARCELS_ROUTE, parcelRoute, partRoute } from '../../shared/protocol/routes.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { connectTo, exchange, head } from '../kit/raw-request.ts';
import { createSender, MIB, openAt, postJson, sendAt } from '../kit/sender.ts';
import { beginSlowly } from '../kit/slow-part.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { until } from '../kit/waiting.ts';

const SOCKETS = 8;
let server: TestServer;
/** The time that has gone by besides the true one. */
let leap = 0;
beforeAll(async () => {
  const clock = () => performance.now() + leap;
  server = await startTestServer({ clock, bounds: { connections: SOCKETS } });
});
afterAll(() => server[Symbol.asyncDispose]());
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await until('no socket is open', 10_000, async () => {
    server.source.server.closeIdleConnections();
    return (await promisify(server.source.server.getConnections.bind(server.source.server))()) === 0;
  });
});

const GET = head('GET', CARD_ROUTE, {});

/** A socket on which nothing has been sent; what becomes of it can be seen. */
async function silent(): Promise<Socket> {
  const socket = await connectTo(server.sourceUrl);
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket.resume();
}
const closed = (some: readonly Socket[]): number => some.filter(({ destroyed }) => destroyed).length;
const answerOn = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      if (text.includes('\r\n\r\n')) resolve(text);
    });
    socket.write(GET);
  });

test('at the greatest number of sockets those that say nothing go for newcomers, and uploads stay', async () => {
  const sender = await createSender({ parts: 1 });
  await openAt(server.sourceUrl, sender);
  const bytes = patternBytes(100_000);
  const slow = await beginSlowly(server, sender, 0, bytes);
  const idle: Socket[] = [];
  for (let i = 0; i < SOCKETS - 2; i++) idle.push(await silent());
  leap += 6_000;
  for (let i = 0; i < SOCKETS; i++) {
    const socket = await silent();
    expect(await answerOn(socket)).toMatch(/^HTTP\/1\.1 200 /);
  }
  await until('all that were silent are closed', 5_000, () => closed(idle) === idle.length);
  slow.finish();
  expect((await slow.answer).status).toBe(201);
});

test('when all carry uploads, the one whose request takes longest goes, and what it brought is kept', async () => {
  const sender = await createSender({ parts: SOCKETS });
  await openAt(server.sourceUrl, sender);
  const bytes = patternBytes(100_000);
  for (let part = 0; part < SOCKETS; part++) {
    const { answer } = await beginSlowly(server, sender, part, bytes);
    answer.catch(() => undefined);
  }
  await expect(fetch(server.sourceUrl + CARD_ROUTE)).rejects.toThrow();
  leap += 61_000;
  expect((await fetch(server.sourceUrl + CARD_ROUTE)).status).toBe(200);
  leap += 61_000;
  const kept = await until('what came of the first is kept', 10_000, async () => {
    const headers = { 'tus-resumable': '1.0.0' };
    const answer = await fetch(server.sourceUrl + partRoute(sender.parcel, 0), { method: 'HEAD', headers });
    return answer.headers.get('upload-offset');
  });
  expect(Number(kept)).toBeGreaterThan(0);
  server.source.server.closeAllConnections();
});

test('a newcomer that has not had time for its request is not closed for the next', async () => {
  await answerOn(await silent());
  for (let i = 0; i < SOCKETS - 2; i++) await silent();
  leap += 6_000;
  const newcomer = await silent();
  for (let i = 0; i < SOCKETS - 2; i++) await silent();
  await sleep(50);
  expect(newcomer.destroyed).toBe(false);
  expect(await answerOn(newcomer)).toMatch(/^HTTP\/1\.1 200 /);
});

test('a head that comes byte by byte is waited for so long, and no longer', async () => {
  leap += 200_000;
  await until(
    'room',
    5_000,
    async () =>
      (await exchange(server.sourceUrl, GET.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n')).catch(() => '')) !==
      '',
  );
  const socket = await silent();
  socket.write('GET / HTTP/1.1\r\nx: ');
  leap += 20_000;
  await sleep(1_200);
  socket.write('y');
  expect(socket.destroyed).toBe(false);
  leap += 11_000;
  await until('it is closed', 10_000, () => socket.destroyed);
});

test('who sends many requests without waiting for answers is cut off', async () => {
  const socket = await silent();
  socket.write(GET.repeat(200));
  await until('it is closed', 10_000, () => socket.destroyed);
});

test('openings that queue at the database are refused beyond a number, and do not keep parts from it', async () => {
  const { sourceUrl } = await server.again({ bounds: { connections: 1_000 } });
  const running = await createSender({ parts: 1 });
  await openAt(sourceUrl, running);
  const senders = await Promise.all(Array.from({ length: 150 }, () => createSender({ parts: 1 })));
  const openings = await Promise.all(senders.map((sender) => sender.opening()));
  server.log.length = 0;
  const answers: Response[] = [];
  const { database } = server.database;
  await database.transaction(async (sql) => {
    await sql`select pg_advisory_xact_lock(${OPENING_LOCK})`;
    for (const opening of openings)
      void postJson(sourceUrl + PARCELS_ROUTE, { opening }).then((answer) => answers.push(answer));
    await until('some are refused', 8_000, () => answers.length >= 150 - 131);
    expect((await sendAt(sourceUrl, running, 0, patternBytes(1000))).status).toBe(201);
    for (const refused of answers) {
      expect(await refused.json()).toMatchObject({ code: 'server-busy', status: 503 });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(2);
    }
    expect(answers.length).toBe(19);
  });
  await until('the others are done', 30_000, () => answers.length === 150);
  expect(answers.filter(({ status }) => status === 201).length).toBe(131);
  expect(server.log).toEqual([]);
});

test('those who hang up while their openings queue take no turn with them', async () => {
  const { sourceUrl } = await server.again({ bounds: { connections: 1_000 } });
  const openings = await Promise.all(Array.from({ length: 20 }, async () => (await createSender()).opening()));
  const { database } = server.database;
  await database.transaction(async (sql) => {
    await sql`select pg_advisory_xact_lock(${OPENING_LOCK})`;
    const leaving = new AbortController();
    const left = openings.map((opening) =>
      fetch(sourceUrl + PARCELS_ROUTE, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ opening }),
        signal: leaving.signal,
      }).catch(() => null),
    );
    await sleep(500);
    leaving.abort();
    await Promise.all(left);
    await sleep(100);
  });
  for (let i = 0; i < 5; i++) await openAt(sourceUrl, await createSender());
  expect(server.log).toEqual([]);
});

test('under pressure new work goes one by one', async () => {
  const isPressed = () => true;
  const { sourceUrl } = await server.again({ bounds: { isPressed } });
  const senders = await Promise.all(Array.from({ length: 10 }, () => createSender({ parts: 1 })));
  const opened = senders.map((sender) => openAt(sourceUrl, sender));
  expect((await Promise.allSettled(opened)).every(({ status }) => status === 'fulfilled')).toBe(true);
});

test('one capability has its share at once', async () => {
  const owner = await mailboxOwner(server.sourceUrl);
  const { sourceUrl } = await server.again({ bounds: { connections: 1_000 } });
  const headers = { authorization: `Bearer ${owner.token}` };
  const look = () => fetch(sourceUrl + MAILBOX_ROUTE, { headers });
  const answers = await Promise.all(Array.from({ length: 200 }, look));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(24);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  expect((await look()).status).toBe(200);
});

test('refusals are held back when they are many, and running work is not', async () => {
  const hold = { rate: 20, burst: 5, longest: 60_000 };
  const { sourceUrl } = await server.again({ bounds: { connections: 1_000, hold } });
  const running = await createSender({ parts: 2 });
  await openAt(sourceUrl, running);
  const unknown = () => fetch(sourceUrl + parcelRoute(toHex(random(16))));
  const began = performance.now();
  let last = 0;
  const refusals = Array.from({ length: 45 }, () =>
    unknown().then(({ status }) => ((last = performance.now()), status)),
  );
  await sleep(100);
  const parts = await Promise.all(
    [0, 1].map((part) => sendAt(sourceUrl, running, part, patternBytes(part === 0 ? MIB : 1000))),
  );
  const missing = await fetch(sourceUrl + partRoute(running.parcel, 7), {
    method: 'HEAD',
    headers: { 'tus-resumable': '1.0.0' },
  });
  expect([...parts.map(({ status }) => status), missing.status]).toEqual([201, 201, 404]);
  const doneBefore = performance.now();
  expect(new Set(await Promise.all(refusals))).toEqual(new Set([404]));
  expect(last - began).toBeGreaterThan(1_500);
  expect(doneBefore).toBeLessThan(last);
});

test('refusals of those who have hung up keep no newcomer waiting', async () => {
  const hold = { rate: 0.2, burst: 1, longest: 60_000 };
  const { sourceUrl } = await server.again({ bounds: { connections: 1_000, hold } });
  const unknown = (signal: AbortSignal | null) => fetch(sourceUrl + parcelRoute(toHex(random(16))), { signal });
  const leaving = new AbortController();
  const left = Array.from({ length: 30 }, () => unknown(leaving.signal).catch(() => null));
  await sleep(300);
  leaving.abort();
  await Promise.all(left);
  await sleep(300);
  const began = performance.now();
  expect((await unknown(null)).status).toBe(404);
  // The next would go out after five seconds; behind thirty others it is a minute.
  expect(performance.now() - began).toBeLessThan(30_000);
});

test('whose answer is held back gets it at once when the socket has to go', async () => {
  const hold = { rate: 0.02, burst: 0, longest: 60_000 };
  const { sourceUrl } = await server.again({ bounds: { connections: 4, hold } });
  const unknown = () => exchange(sourceUrl, head('GET', parcelRoute(toHex(random(16))), {}));
  const answers: string[] = [];
  for (let i = 0; i < 4; i++) void unknown().then((answer) => answers.push(answer));
  await sleep(300);
  for (let i = 0; i < 2; i++) expect((await fetch(sourceUrl + CARD_ROUTE)).status).toBe(200);
  await until('one was let go', 5_000, () => answers.length > 0);
  for (const answer of answers) {
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  }
});
