/** What couriers say of parcels: collected, to be deleted; and the numbers that they ask for. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../../server/jobs/sweeper.ts';
import { openRetention } from '../../server/store/retention.ts';
import {
  collectedRoute,
  deleteRoute,
  envelopeRoute,
  PARCELS_ROUTE,
  parcelRoute,
  partRoute,
  REPLIES_ROUTE,
  replyRoute,
  STATUS_ROUTE,
} from '../../shared/protocol/routes.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { connectTo, head } from '../kit/raw-request.ts';
import { createReplySender, deliverReply, openReplyAt, postIn, signInAt } from '../kit/reply-sender.ts';
import type { Session } from '../kit/reply-sender.ts';
import { BODY_TYPE, createSender, MIB, openAt, sealAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { until } from '../kit/waiting.ts';

const PARTS = [patternBytes(MIB), patternBytes(1000)];
const UNKNOWN = '0'.repeat(32);
const DAY = 86_400_000;
let now = new Date('2026-11-24T10:00:00Z');
let failing = false;
let server: TestServer;
let session: Session;

beforeAll(async () => {
  server = await startTestServer({ now: () => now }, (blobs) => ({
    ...blobs,
    removeParcel: (parcel) => (failing ? Promise.reject(new Error('busy')) : blobs.removeParcel(parcel)),
  }));
  session = await signInAt(server.staffUrl, server.organisation.courier);
});
afterAll(() => server[Symbol.asyncDispose]());

const post = async (path: string): Promise<[number, string | null]> => {
  const answer = await fetch(server.staffUrl + path, { method: 'POST', headers: session });
  return [answer.status, answer.status === 204 ? null : ((await answer.json()) as { code: string }).code];
};
const get = async (path: string): Promise<unknown> =>
  (await fetch(server.staffUrl + path, { headers: session })).json();
const foldersOf = (parcel: string): Promise<string[]> =>
  readdir(join(server.database.data, 'blobs', parcel)).catch(() => []);
const rowsOf = async (parcel: string): Promise<number[]> => {
  const id = Buffer.from(parcel, 'hex');
  const { database } = server.database;
  const [row] = await database.run(
    (sql) => sql<{ counts: number[] }[]>`
      select array[(select count(*) from parcel where id = ${id}), (select count(*) from part where parcel = ${id}),
        (select count(*) from ledger where parcel = ${id})]::integer[] as counts`,
  );
  return String(row!.counts).match(/\d+/g)!.map(Number);
};
/** A submission with some of its parts, sealed when all are sent. */
const send = async (parts: readonly Uint8Array[]): Promise<Sender> => {
  const sender = await createSender({ parts: 2 });
  await openAt(server.sourceUrl, sender);
  for (const [part, bytes] of parts.entries()) await sendAt(server.sourceUrl, sender, part, bytes);
  if (parts.length === 2) expect((await sealAt(server.sourceUrl, sender, parts)).status).toBe(200);
  return sender;
};

test('the numbers of what is here: submissions unfinished, whole, collected; replies; bytes of disk', async () => {
  const nothing = { unfinished: 0, sealed: 0, collected: 0, replies: 0, free: expect.any(Number) as number };
  expect(await get(STATUS_ROUTE)).toEqual(nothing);
  await send([]);
  await send([PARTS[0]!]);
  const { parcel } = await send(PARTS);
  await send(PARTS);
  const replies = [1, 2].map(() =>
    createReplySender({ key: server.organisation.reply, mailbox: random(32), parts: 1 }),
  );
  await openReplyAt(server.staffUrl, session, replies[0]!);
  await deliverReply(server.staffUrl, session, replies[1]!, [PARTS[1]!]);
  expect(await get(STATUS_ROUTE)).toEqual({ ...nothing, unfinished: 2, sealed: 2, replies: 2 });
  await post(collectedRoute(parcel));
  expect(await get(STATUS_ROUTE)).toEqual({ ...nothing, unfinished: 2, sealed: 2, collected: 1, replies: 2 });
});

test('a whole submission is marked as collected, once for all; an unfinished one and a reply cannot be', async () => {
  const [whole, half] = [await send(PARTS), await send([PARTS[0]!])];
  expect(await post(collectedRoute(half.parcel))).toEqual([409, 'parts-missing']);
  expect(await post(collectedRoute(whole.parcel))).toEqual([204, null]);
  expect(await post(collectedRoute(whole.parcel))).toEqual([204, null]);
  const { parcels } = (await get(PARCELS_ROUTE)) as { parcels: { parcel: string; collected: boolean }[] };
  const isCollected = (sender: Sender) => parcels.find(({ parcel }) => parcel === sender.parcel)?.collected;
  expect([isCollected(whole), isCollected(half)]).toEqual([true, false]);
  expect((await fetch(server.staffUrl + envelopeRoute(whole.parcel), { headers: session })).status).toBe(200);

  const reply = createReplySender({ key: server.organisation.reply, mailbox: random(32), parts: 1 });
  await deliverReply(server.staffUrl, session, reply, [PARTS[1]!]);
  for (const parcel of [reply.parcel, UNKNOWN, 'x', UNKNOWN.toUpperCase(), `${UNKNOWN}0`])
    expect(await post(collectedRoute(parcel))).toEqual([404, 'parcel-unknown']);
});

test('a parcel that is deleted is gone at once, rows and blobs, whole or not, whichever way it travels', async () => {
  const [whole, half] = [await send(PARTS), await send([PARTS[0]!])];
  const { database } = server.database;
  const id = Buffer.from(half.parcel, 'hex');
  await database.run((sql) => sql`insert into ledger (parcel, page, content) values (${id}, 0, ${random(100)})`);
  const reply = createReplySender({ key: server.organisation.reply, mailbox: random(32), parts: 1 });
  await deliverReply(server.staffUrl, session, reply, [PARTS[1]!]);
  expect(await rowsOf(half.parcel)).toEqual([1, 1, 1]);
  const kept = await send(PARTS);
  for (const { parcel } of [whole, half, reply]) {
    expect((await foldersOf(parcel)).length).toBeGreaterThan(0);
    expect(await post(deleteRoute(parcel))).toEqual([204, null]);
    expect([await rowsOf(parcel), await server.blobs.parcels()]).toEqual([
      [0, 0, 0],
      expect.not.arrayContaining([parcel]),
    ]);
    expect(await post(deleteRoute(parcel))).toEqual([404, 'parcel-unknown']);
  }
  expect((await fetch(server.sourceUrl + parcelRoute(whole.parcel))).status).toBe(404);
  expect((await fetch(server.staffUrl + replyRoute(reply.parcel), { headers: session })).status).toBe(404);
  expect((await sendAt(server.sourceUrl, half, 1, PARTS[1]!)).status).toBe(404);
  expect([await rowsOf(kept.parcel), (await foldersOf(kept.parcel)).length]).toEqual([[1, 2, 0], 2]);
  for (const parcel of [UNKNOWN, 'x', '..', `${UNKNOWN}0`]) expect((await post(deleteRoute(parcel)))[0]).toBe(404);

  // A reply that staff took back is not taken again from an old bundle.
  const answer = await postIn(session, server.staffUrl + REPLIES_ROUTE, { opening: await reply.opening() });
  expect(await answer.json()).toEqual({ parcel: reply.parcel, wanted: false });
});

test('bytes that are on their way when their parcel is deleted leave nothing behind', async () => {
  const sender = await send([]);
  const socket = await connectTo(server.sourceUrl);
  let answer = '';
  socket.setEncoding('latin1').on('data', (piece: string) => (answer += piece));
  const creation = await sender.creation(0, PARTS[0]!);
  const headers = { ...creation, ...BODY_TYPE, 'content-length': String(MIB) };
  socket.write(head('POST', partRoute(sender.parcel, 0), headers));
  socket.write(PARTS[0]!.subarray(0, 1000));
  await until('the server has begun to write', 5_000, async () => (await foldersOf(sender.parcel)).length > 0, 10);
  expect(await post(deleteRoute(sender.parcel))).toEqual([204, null]);
  socket.write(PARTS[0]!.subarray(1000));
  await until('the answer', 5_000, () => answer.includes('\r\n\r\n'), 10);
  socket.destroy();
  expect(answer).toMatch(/^HTTP\/1.1 404 /);
  expect([await rowsOf(sender.parcel), await foldersOf(sender.parcel)]).toEqual([[0, 0, 0], []]);
});

test('blobs that will not go at once are no failure: the sweeper takes them', async () => {
  const sender = await send(PARTS);
  failing = true;
  expect(await post(deleteRoute(sender.parcel))).toEqual([204, null]);
  failing = false;
  expect([await rowsOf(sender.parcel), (await foldersOf(sender.parcel)).length]).toEqual([[0, 0, 0], 2]);
  const keep = { keepUnfinishedDays: 30, keepCollectedDays: 30, keepRepliesDays: 90 };
  now = new Date(now.getTime() + 2 * DAY);
  await sweep({ retention: openRetention(server.database.database, keep), blobs: server.blobs, now: () => now });
  expect(await server.blobs.parcels()).not.toContain(sender.parcel);
});

test('none of it is open to who is not signed in, nor on the source listener', async () => {
  const { parcel } = await send(PARTS);
  const folder = join(server.database.data, 'blobs', UNKNOWN);
  await mkdir(folder);
  await writeFile(join(folder, 'a'.repeat(32)), 'x');
  for (const [method, path] of [
    ['POST', collectedRoute(parcel)],
    ['POST', deleteRoute(parcel)],
    ['POST', deleteRoute(UNKNOWN)],
    ['GET', STATUS_ROUTE],
  ] as const) {
    expect((await fetch(server.staffUrl + path, { method })).status).toBe(401);
    expect((await fetch(server.sourceUrl + path, { method, headers: session })).status).toBe(404);
  }
  expect([await rowsOf(parcel), (await foldersOf(UNKNOWN)).length]).toEqual([[1, 2, 0], 1]);
  await rm(folder, { recursive: true });
});
