/** The sweeper: parcels go after their days, on the day after the last of them, orphans after two, and nothing else ever. */
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../../server/jobs/sweeper.ts';
import type { BlobStore } from '../../server/store/blob-store.ts';
import { openCustody } from '../../server/store/custody.ts';
import { belongsTogether } from '../../server/store/instance.ts';
import { openRetention } from '../../server/store/retention.ts';
import { claimRoute, ledgerRoute, parcelRoute, partRoute } from '../../shared/protocol/routes.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { createReplySender, deliverReply, openReplyAt, sendReplyPartAt, signInAt } from '../kit/reply-sender.ts';
import { BODY_TYPE, createSender, MIB, openAt, sealAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { until } from '../kit/waiting.ts';

const DAY = 86_400_000;
const begin = new Date('2026-11-01T12:00:00Z');
let now = begin;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Days as in the manual. */
const KEEP = { keepUnfinishedDays: 30, keepCollectedDays: 30, keepRepliesDays: 90 };
const onDay = (day: number): Date => new Date(begin.getTime() + day * DAY);

const sweepOn = async (day: number, keep = KEEP): Promise<void> => {
  now = onDay(day);
  await sweep({ retention: openRetention(server.database.database, keep), blobs: server.blobs, now: () => now });
};
const blobsOf = ({ parcel }: { readonly parcel: string }): Promise<string[]> =>
  readdir(join(server.database.data, 'blobs', parcel)).catch(() => []);
const isThere = async (sender: Sender): Promise<boolean> =>
  (await fetch(server.sourceUrl + parcelRoute(sender.parcel))).status !== 404;
const areThere = (senders: readonly Sender[]): Promise<boolean[]> => Promise.all(senders.map(isThere));
/** One part, and a seal over it. */
const sendSealed = async (sender: Sender): Promise<void> => {
  await openAt(server.sourceUrl, sender);
  await sendAt(server.sourceUrl, sender, 0, patternBytes(900));
  expect((await sealAt(server.sourceUrl, sender, [patternBytes(900)])).status).toBe(200);
};

test('an unfinished parcel is kept for its days after the last part, a sealed one that nobody collected for good', async () => {
  const [left, goneOnWith, sealed] = await Promise.all([1, 2, 3].map(() => createSender({ parts: 2 })));
  const parts = [patternBytes(MIB), patternBytes(1000)];
  for (const sender of [left!, goneOnWith!, sealed!]) {
    await openAt(server.sourceUrl, sender);
    await sendAt(server.sourceUrl, sender, 0, parts[0]!);
  }
  await sendAt(server.sourceUrl, sealed!, 1, parts[1]!);
  expect((await sealAt(server.sourceUrl, sealed!, parts)).status).toBe(200);

  await sweepOn(20);
  await sendAt(server.sourceUrl, goneOnWith!, 1, parts[1]!);
  await sweepOn(30);
  expect(await areThere([left!, goneOnWith!, sealed!])).toEqual([true, true, true]);
  await sweepOn(31);
  expect(await areThere([left!, goneOnWith!, sealed!])).toEqual([false, true, true]);
  expect((await Promise.all([left!, goneOnWith!, sealed!].map(blobsOf))).map(({ length }) => length)).toEqual([
    0, 2, 2,
  ]);
  await sweepOn(50);
  expect(await isThere(goneOnWith!)).toBe(true);
  await sweepOn(51);
  expect(await areThere([goneOnWith!, sealed!])).toEqual([false, true]);
  await sweepOn(5000);
  expect((await blobsOf(sealed!)).length).toBe(2);
});

test('an opening of which not a byte came goes after two days, unless it was taken up again', async () => {
  await sweepOn(0);
  const senders = await Promise.all([1, 2, 3, 4].map(() => createSender({ parts: 2 })));
  const [opened, begun, takenUp, started] = senders;
  for (const sender of senders) await openAt(server.sourceUrl, sender);
  const bytes = patternBytes(MIB);
  const creation = await begun!.creation(0, bytes);
  await fetch(server.sourceUrl + partRoute(begun!.parcel, 0), { method: 'POST', headers: creation });
  await server.database.database.run(
    (sql) => sql`update parcel set writer = 1 where id = ${Buffer.from(takenUp!.parcel, 'hex')}`,
  );
  const begin = await started!.creation(0, bytes);
  await fetch(server.sourceUrl + partRoute(started!.parcel, 0), { method: 'POST', headers: begin });
  await fetch(server.sourceUrl + partRoute(started!.parcel, 0), {
    method: 'PATCH',
    headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', ...BODY_TYPE },
    body: Buffer.from(bytes.subarray(0, 1)),
  });
  await sweepOn(2);
  expect(await areThere([opened!, begun!, takenUp!, started!])).toEqual([true, true, true, true]);
  await sweepOn(3);
  expect(await areThere([opened!, begun!, takenUp!, started!])).toEqual([false, false, true, true]);
  await sweepOn(30);
  expect(await areThere([takenUp!, started!])).toEqual([true, true]);
  await sweepOn(31);
  expect(await areThere([takenUp!, started!])).toEqual([false, false]);
});

test('a submission is kept for its days after staff said that they have it, or until they delete it', async () => {
  const custody = openCustody(server.database.database);
  const [early, late, never] = await Promise.all([1, 2, 3].map(() => createSender({ parts: 1 })));
  for (const sender of [early!, late!, never!]) await sendSealed(sender);
  expect(await custody.collect(early!.parcel, dayOf(onDay(100)))).toBe('collected');
  expect(await custody.collect(late!.parcel, dayOf(onDay(105)))).toBe('collected');
  // Said again later: the first day counts.
  expect(await custody.collect(early!.parcel, dayOf(onDay(120)))).toBe('collected');
  await sweepOn(130);
  expect(await areThere([early!, late!, never!])).toEqual([true, true, true]);
  await sweepOn(131);
  expect(await areThere([early!, late!, never!])).toEqual([false, true, true]);
  expect([await blobsOf(early!), (await blobsOf(late!)).length]).toEqual([[], 1]);
  await sweepOn(5000, { ...KEEP, keepCollectedDays: 0 });
  expect(await areThere([late!, never!])).toEqual([true, true]);
  await sweepOn(5000, { ...KEEP, keepCollectedDays: 4896 });
  expect(await isThere(late!)).toBe(true);
  await sweepOn(5000, { ...KEEP, keepCollectedDays: 4894 });
  expect(await areThere([late!, never!])).toEqual([false, true]);
});

test('a reply is kept for its days after its seal, or for ever; an unfinished one as any parcel', async () => {
  await sweepOn(0);
  const { organisation, staffUrl } = server;
  const session = await signInAt(staffUrl, organisation.courier);
  const [sealed, forEver, unfinished, empty] = [1, 2, 3, 4].map(() =>
    createReplySender({ key: organisation.reply, mailbox: random(32), parts: 1 }),
  );
  const bytes = patternBytes(1000);
  await deliverReply(staffUrl, session, sealed!, [bytes]);
  await openReplyAt(staffUrl, session, unfinished!);
  await sendReplyPartAt(staffUrl, session, unfinished!, 0, bytes);
  await openReplyAt(staffUrl, session, empty!);
  const there = async (): Promise<number[]> =>
    Promise.all([sealed!, unfinished!, empty!].map(async (reply) => (await blobsOf(reply)).length));
  const rows = async (): Promise<bigint> => {
    const ids = [sealed!, unfinished!, empty!].map(({ parcel }) => parcel);
    const [row] = await server.database.database.run(
      (sql) => sql<{ count: bigint }[]>`select count(*) as count from parcel where encode(id, 'hex') in ${sql(ids)}`,
    );
    return row!.count;
  };
  await sweepOn(2);
  expect(await rows()).toBe(3n);
  await sweepOn(3);
  expect(await rows()).toBe(2n);
  await sweepOn(30);
  expect(await there()).toEqual([1, 1, 0]);
  await sweepOn(31);
  expect(await there()).toEqual([1, 0, 0]);
  await sweepOn(90);
  expect(await there()).toEqual([1, 0, 0]);
  await sweepOn(91);
  expect([await there(), await rows()]).toEqual([[0, 0, 0], 0n]);

  now = begin;
  await deliverReply(staffUrl, await signInAt(staffUrl, organisation.courier), forEver!, [bytes]);
  await sweepOn(9000, { ...KEEP, keepRepliesDays: 0 });
  expect(await blobsOf(forEver!)).toHaveLength(1);
});

test('the mark of a forgotten mailbox is kept for four hundred days', async () => {
  const mailbox = random(32);
  const { database } = server.database;
  await database.run((sql) => sql`insert into forgotten values (${mailbox}, ${dayOf(onDay(7000))})`);
  const isMarked = async (): Promise<boolean> =>
    (await database.run((sql) => sql`select from forgotten where mailbox = ${mailbox}`)).length === 1;
  await sweepOn(7400);
  expect(await isMarked()).toBe(true);
  await sweepOn(7401);
  expect(await isMarked()).toBe(false);
});

test('a parcel that is gone on with while the sweeper is at work is kept', async () => {
  await sweepOn(6000);
  const sender = await createSender({ parts: 2 });
  await openAt(server.sourceUrl, sender);
  await sendAt(server.sourceUrl, sender, 0, patternBytes(MIB));
  now = onDay(6031);
  const retention = openRetention(server.database.database, KEEP);
  let found: string[] = [];
  const due: typeof retention.due = async (today, limit) => {
    found = await retention.due(today, limit);
    if (found.includes(sender.parcel)) await sendAt(server.sourceUrl, sender, 1, patternBytes(1000));
    return found;
  };
  await sweep({ retention: { ...retention, due }, blobs: server.blobs, now: () => now });
  expect(found).toContain(sender.parcel);
  expect(await isThere(sender)).toBe(true);
  expect(await blobsOf(sender)).toHaveLength(2);
});

test('a parcel that is claimed on its last day is kept from that day on', async () => {
  await sweepOn(6100);
  const sender = await createSender({ parts: 2 });
  await openAt(server.sourceUrl, sender);
  await sendAt(server.sourceUrl, sender, 0, patternBytes(MIB));
  now = onDay(6130);
  const me = await mailboxOwner(server.sourceUrl, sender.mailbox);
  expect((await me.post(claimRoute(sender.parcel), { writer: 1 })).status).toBe(200);
  await sweepOn(6160);
  expect(await isThere(sender)).toBe(true);
  await sweepOn(6161);
  expect(await isThere(sender)).toBe(false);
});

test('whoever comes back while the sweeper reaches for a parcel finds all of it, its ledger too', async () => {
  await sweepOn(6200);
  const sender = await createSender({ parts: 2 });
  await openAt(server.sourceUrl, sender);
  await sendAt(server.sourceUrl, sender, 0, patternBytes(MIB), { record: random(50) });
  const me = await mailboxOwner(server.sourceUrl, sender.mailbox);
  expect((await me.postBytes(ledgerRoute(sender.parcel, 0), random(100))).status).toBe(204);
  const { database } = server.database;
  const id = Buffer.from(sender.parcel, 'hex');
  const today = dayOf(onDay(6231));
  let removing: Promise<boolean> = Promise.resolve(true);
  await database.transaction(async (sql) => {
    await sql`select from parcel where id = ${id} for update`;
    removing = openRetention(database, KEEP).removeDue(sender.parcel, today);
    await until('the sweeper waits for it', 9_000, async () => {
      const waiting = await database.run((each) => each`select from pg_locks where not granted`);
      return waiting.length > 0;
    });
    await sql`update parcel set touched = ${today} where id = ${id}`;
  });
  expect(await removing).toBe(false);
  const [left] = await database.run(
    (sql) => sql<object[]>`
      select (select count(*) from ledger where parcel = ${id}) as pages,
        (select count(*) from part where parcel = ${id} and record is not null) as records`,
  );
  expect(left).toEqual({ pages: 1n, records: 1n });
});

test('hundreds of parcels that are due go in one round', async () => {
  await sweepOn(8000);
  const { database } = server.database;
  await database.run(
    (sql) => sql`
      insert into parcel (id, mailbox, opening, part_size, size, parts, opened, touched)
      select decode(lpad(to_hex(n), 32, '0'), 'hex'), ${random(32)}, 'note', 1048576, 1, 1, ${dayOf(now)}, ${dayOf(now)}
      from generate_series(1, 250) n`,
  );
  const count = async (): Promise<number> =>
    (await database.run((sql) => sql`select from parcel where opening = 'note'`)).length;
  await sweepOn(8002);
  expect(await count()).toBe(250);
  await sweepOn(8003);
  expect(await count()).toBe(0);
});

test('blobs and beginnings of blobs without a row are taken away when they are old enough', async () => {
  await sweepOn(0);
  const sender = await createSender();
  await openAt(server.sourceUrl, sender);
  await sendAt(server.sourceUrl, sender, 0, patternBytes(900));
  const [kept] = await blobsOf(sender);
  const folder = join(server.database.data, 'blobs', sender.parcel);
  const orphans = ['a'.repeat(32), `${'b'.repeat(32)}.part`];
  for (const name of orphans) {
    await writeFile(join(folder, name), 'x');
    await utimes(join(folder, name), now, now);
  }
  const nobody = join(server.database.data, 'blobs', 'f'.repeat(32));
  await mkdir(nobody);
  await writeFile(join(nobody, 'c'.repeat(32)), 'x');
  await utimes(join(nobody, 'c'.repeat(32)), now, now);
  await sweepOn(1);
  expect(await blobsOf(sender)).toHaveLength(3);
  await sweepOn(2);
  expect(await blobsOf(sender)).toEqual([kept]);
  expect(await server.blobs.parcels()).not.toContain('f'.repeat(32));
});

test('blobs that cannot be removed keep no other parcel from going, and are told of', async () => {
  await sweepOn(0);
  const senders = await Promise.all([1, 2, 3].map(() => createSender()));
  for (const sender of senders) {
    await openAt(server.sourceUrl, sender);
    await sendAt(server.sourceUrl, sender, 0, patternBytes(900));
  }
  now = onDay(31);
  const stuck = senders[0]!.parcel;
  const removeParcel: BlobStore['removeParcel'] = (parcel) =>
    parcel === stuck ? Promise.reject(new Error('busy')) : server.blobs.removeParcel(parcel);
  const retention = openRetention(server.database.database, KEEP);
  const blobs = { ...server.blobs, removeParcel };
  await expect(sweep({ retention, blobs, now: () => now })).rejects.toThrow('busy');
  expect(await areThere(senders)).toEqual([false, false, false]);
  expect((await Promise.all(senders.map(blobsOf))).map(({ length }) => length)).toEqual([1, 0, 0]);
  await sweepOn(31);
  expect(await blobsOf(senders[0]!)).toEqual([]);
});

test('the empty folder of a parcel that is gone is taken away, that of one which is here stays', async () => {
  await sweepOn(0);
  const sender = await createSender();
  await openAt(server.sourceUrl, sender);
  const gone = 'e'.repeat(32);
  for (const parcel of [sender.parcel, gone]) await mkdir(join(server.database.data, 'blobs', parcel));
  await sweepOn(0);
  expect(await server.blobs.parcels()).toContain(sender.parcel);
  expect(await server.blobs.parcels()).not.toContain(gone);
});

test('blobs are known by the database they were first used with', async () => {
  const { data, database } = server.database;
  const { blobs } = server;
  const mark = join(data, 'blobs', 'instance');
  await rm(mark, { force: true });
  // There are blobs already, so the mark was lost or the database is another: not for a program to guess.
  expect(await belongsTogether(database, blobs)).toBe(false);
  for (const name of await readdir(join(data, 'blobs'))) await rm(join(data, 'blobs', name), { recursive: true });
  expect([await belongsTogether(database, blobs), await belongsTogether(database, blobs)]).toEqual([true, true]);
  await writeFile(mark, 'another\n');
  expect(await belongsTogether(database, blobs)).toBe(false);
});
