/** PostgreSQL killed while mailboxes are being emptied: what was answered stays done, the same call can be made again, and blobs are never gone before their rows. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../../server/jobs/sweeper.ts';
import { openRetention } from '../../server/store/retention.ts';
import {
  deleteReplyRoute,
  envelopeRoute,
  MAILBOX_FORGET_ROUTE,
  MAILBOX_ROUTE,
  mailboxReplyRoute,
  partRoute,
  READY_ROUTE,
  withdrawRoute,
} from '../../shared/protocol/routes.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import type { MailboxOwner } from '../kit/mailbox-owner.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { createReplySender, deliverReply, signInAt } from '../kit/reply-sender.ts';
import type { Session } from '../kit/reply-sender.ts';
import { createSender, MIB, openAt, sealAt, sendAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { until } from '../kit/waiting.ts';

const PARTS = [patternBytes(MIB, 1), patternBytes(1000, 2)];
const ROUNDS = 4;
let server: TestServer;
let session: Session;
let now = new Date('2026-11-24T10:00:00Z');
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
  session = await signInAt(server.staffUrl, server.organisation.courier);
});
afterAll(() => server[Symbol.asyncDispose]());

const blobsOf = (parcel: string): Promise<string[]> =>
  readdir(join(server.database.data, 'blobs', parcel)).catch(() => []);
/** True when all connections of the pool work again. */
const isReady = async (): Promise<boolean> => {
  const answers = await Promise.all(Array.from({ length: 16 }, () => fetch(server.opsUrl + READY_ROUTE)));
  return answers.every(({ status }) => status === 200);
};
/** As a client does it: 503 means later. Connections that died with the postmaster may be noticed one by one. */
const patiently = (call: () => Promise<Response>): Promise<Response> =>
  until('an answer', 30_000, async () => {
    const answer = await call();
    return answer.status === 503 ? null : answer;
  });
const look = async (me: MailboxOwner): Promise<unknown> => (await patiently(() => me.get(MAILBOX_ROUTE))).json();
const asStaff = (path: string): Promise<Response> =>
  patiently(() => fetch(server.staffUrl + path, { headers: session }));
const kill = async (): Promise<void> => {
  const file = join(server.database.data, 'postgres', 'postmaster.pid');
  process.kill(Number((await readFile(file, 'utf8')).split('\n')[0]), 'SIGKILL');
};

/** A sealed submission and a reply of one mailbox. */
async function filled(): Promise<{ me: MailboxOwner; parcel: string; reply: string }> {
  const me = await mailboxOwner(server.sourceUrl);
  const sender = await createSender({ parts: 2, mailbox: me.key });
  await openAt(server.sourceUrl, sender);
  for (const [part, bytes] of PARTS.entries()) await sendAt(server.sourceUrl, sender, part, bytes);
  expect((await sealAt(server.sourceUrl, sender, PARTS)).status).toBe(200);
  const reply = createReplySender({ key: server.organisation.reply, mailbox: me.key.publicKey });
  await deliverReply(server.staffUrl, session, reply, PARTS);
  return { me, parcel: sender.parcel, reply: reply.parcel };
}

/** Everything that rows speak of can be read: no blob went before its row. */
async function isWhole(parcel: string): Promise<boolean> {
  const answers = await Promise.all([0, 1].map((part) => asStaff(partRoute(parcel, part))));
  const bytes = await Promise.all(answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())));
  return bytes.every((each, part) => each.equals(PARTS[part]!));
}

test(`survives ${ROUNDS} kills of the postmaster during withdraw, delete and forget`, async () => {
  const deleted: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [withdrawn, emptied, left] = [await filled(), await filled(), await filled()];
    const calls = [
      withdrawn.me.post(withdrawRoute(withdrawn.parcel)),
      withdrawn.me.post(deleteReplyRoute(withdrawn.reply)),
      emptied.me.post(MAILBOX_FORGET_ROUTE),
    ];
    await new Promise((resolve) => setTimeout(resolve, round));
    await kill();
    const first = await Promise.all(calls.map(async (call) => (await call).status));
    for (const status of first) expect([204, 503]).toContain(status);
    await until('the database is back', 30_000, isReady, 20);

    for (const [call, again, done] of [
      [0, () => withdrawn.me.post(withdrawRoute(withdrawn.parcel)), [204, 404]],
      [1, () => withdrawn.me.post(deleteReplyRoute(withdrawn.reply)), [204, 404]],
      [2, () => emptied.me.post(MAILBOX_FORGET_ROUTE), [204]],
    ] as const) {
      const { status } = await patiently(again);
      expect([round, call, status, done.includes(status as never)]).toEqual([round, call, status, true]);
      if (call < 2 && first[call] === 204) expect(status).toBe(404);
    }
    expect(await look(withdrawn.me)).toMatchObject({ unfinished: [], sealed: [], replies: [] });
    expect(await look(emptied.me)).toMatchObject({ unfinished: [], sealed: [], replies: [] });
    expect((await patiently(() => emptied.me.get(mailboxReplyRoute(emptied.reply)))).status).toBe(404);
    expect((await asStaff(envelopeRoute(withdrawn.parcel))).status).toBe(404);
    expect([await isWhole(emptied.parcel), await isWhole(left.parcel)]).toEqual([true, true]);
    expect(await look(left.me)).toMatchObject({ replies: [expect.any(String)] });
    deleted.push(withdrawn.parcel, withdrawn.reply, emptied.reply);
  }

  // What was cut off between rows and blobs is for the sweeper, two days later.
  now = new Date(now.getTime() + 3 * 86_400_000);
  const keep = { keepUnfinishedDays: 30, keepCollectedDays: 30, keepRepliesDays: 90 };
  await sweep({ retention: openRetention(server.database.database, keep), blobs: server.blobs, now: () => now });
  expect((await Promise.all(deleted.map(blobsOf))).flat()).toEqual([]);
  expect(server.log.filter((line) => line.event === 'internal-error')).toEqual([]);
});
