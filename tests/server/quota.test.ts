/** Quotas of a parcel, a mailbox, and in total: refused before the first byte where it can be known, and never passed by whatever comes at once. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Quotas } from '../../server/config.ts';
import type { Database } from '../../server/store/database.ts';
import { deleteRoute, PARCELS_ROUTE, partRoute, withdrawRoute } from '../../shared/protocol/routes.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { connectTo, head } from '../kit/raw-request.ts';
import { createReplySender, openReplyAt, postIn, sendReplyPartAt, signInAt } from '../kit/reply-sender.ts';
import type { Session } from '../kit/reply-sender.ts';
import { BODY_TYPE, createSender, MIB, openAt, postJson, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { until } from '../kit/waiting.ts';

let server: TestServer;
let session: Session;
const pools: Database[] = [];
beforeAll(async () => {
  server = await startTestServer();
  session = await signInAt(server.staffUrl, server.organisation.courier);
});
afterEach(() => server.database.database.run((sql) => sql`delete from parcel`));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  for (const pool of pools) await pool.close();
});

/** Another server process with these quotas. */
async function withQuotas(quotas: Partial<Quotas>): ReturnType<TestServer['again']> {
  const database = server.database.open({ parcel: 0, mailbox: 0, total: 0, ...quotas });
  pools.push(database);
  return server.again({ database });
}
const REFUSED = [507, expect.objectContaining({ code: 'quota-reached' }) as unknown];
const said = async (answer: Response): Promise<[number, unknown]> => [answer.status, await answer.json()];
const opening = async (url: string, sender: Sender): Promise<Response> =>
  postJson(url + PARCELS_ROUTE, { opening: await sender.opening() });
const blobsOf = ({ parcel }: { parcel: string }): Promise<string[]> =>
  readdir(join(server.database.data, 'blobs', parcel)).catch(() => []);
const offset = async (url: string, { parcel }: Sender, part: number): Promise<string | null> =>
  (await fetch(url + partRoute(parcel, part), { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } })).headers.get(
    'upload-offset',
  );
const patch = (url: string, { parcel }: Sender, part: number, from: number, bytes: Uint8Array): Promise<Response> =>
  fetch(url + partRoute(parcel, part), {
    method: 'PATCH',
    headers: { 'tus-resumable': '1.0.0', ...BODY_TYPE, 'upload-offset': String(from) },
    body: Buffer.from(bytes),
  });

test('an opening that cannot fit is refused: for its own size, beside what its mailbox has under way, beside all that is promised', async () => {
  const { sourceUrl } = await withQuotas({ parcel: 4 * MIB, mailbox: 6 * MIB, total: 9 * MIB });
  expect(await said(await opening(sourceUrl, await createSender({ parts: 5 })))).toEqual(REFUSED);
  const first = await createSender({ parts: 4 });
  await openAt(sourceUrl, first);
  const second = await createSender({ parts: 4, mailbox: first.mailbox });
  expect(await said(await opening(sourceUrl, second))).toEqual(REFUSED);
  await openAt(sourceUrl, await createSender({ parts: 2, mailbox: first.mailbox }));
  await openAt(sourceUrl, await createSender({ parts: 4 }));
  const last = await createSender({ parts: 3 });
  expect(await said(await opening(sourceUrl, last))).toEqual(REFUSED);
  // The opening that is here already is no new one.
  await openAt(sourceUrl, first);
  const owner = await mailboxOwner(sourceUrl, first.mailbox);
  expect((await owner.post(withdrawRoute(first.parcel))).status).toBe(204);
  await openAt(sourceUrl, last);
});

test('what has come counts as much as what is promised', async () => {
  const { sourceUrl } = await withQuotas({ mailbox: 3 * MIB });
  const first = await createSender({ parts: 2 });
  await openAt(sourceUrl, first);
  await sendAt(sourceUrl, first, 0, patternBytes(MIB));
  const second = await createSender({ parts: 3, mailbox: first.mailbox });
  expect(await said(await opening(sourceUrl, second))).toEqual(REFUSED);
  await openAt(sourceUrl, await createSender({ parts: 2, mailbox: first.mailbox }));
});

test('a part beyond the quota is refused before its body is read, leaves nothing, and goes on once there is room', async () => {
  const { sourceUrl } = await withQuotas({ total: 2 * MIB });
  const [sender, other] = [await createSender({ parts: 2 }), await createSender({ parts: 2 })];
  // Opened where there is no quota: there are parcels from before it was set.
  for (const each of [sender, other]) await openAt(server.sourceUrl, each);
  const part = patternBytes(MIB);
  await sendAt(sourceUrl, other, 0, part);
  expect((await sendAt(sourceUrl, sender, 0, part.subarray(0, MIB / 2))).status).toBe(201);
  expect(await said(await sendAt(sourceUrl, sender, 1, part))).toEqual(REFUSED);
  expect([await offset(sourceUrl, sender, 1), (await blobsOf(sender)).length]).toEqual([null, 1]);

  const socket = await connectTo(sourceUrl);
  const headers = { ...(await sender.creation(1, part)), ...BODY_TYPE, 'content-length': String(part.length) };
  socket.write(head('POST', partRoute(sender.parcel, 1), headers));
  const [answer] = (await new Promise((resolve) => socket.once('data', (...data) => resolve(data)))) as [Buffer];
  expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 507 /);
  socket.destroy();

  expect((await postIn(session, server.staffUrl + deleteRoute(other.parcel), {})).status).toBe(204);
  expect((await sendAt(sourceUrl, sender, 1, part)).status).toBe(201);
});

test('a part that is under way when the room is taken stays where it was', async () => {
  const { sourceUrl } = await withQuotas({ total: 2 * MIB });
  const [sender, other] = [await createSender({ parts: 2 }), await createSender({ parts: 2 })];
  for (const each of [sender, other]) await openAt(server.sourceUrl, each);
  const part = patternBytes(MIB);
  await fetch(sourceUrl + partRoute(sender.parcel, 0), { method: 'POST', headers: await sender.creation(0, part) });
  expect((await patch(sourceUrl, sender, 0, 0, part.subarray(0, 1000))).status).toBe(204);
  const socket = await connectTo(sourceUrl);
  const headers = { 'tus-resumable': '1.0.0', ...BODY_TYPE, 'upload-offset': '1000' };
  const rest = part.subarray(1000);
  socket.write(head('PATCH', partRoute(sender.parcel, 0), { ...headers, 'content-length': String(rest.length) }));
  socket.write(rest.subarray(0, 1000));
  await until('a part on its way', 30_000, async () => (await blobsOf(sender)).some((name) => name.endsWith('.part')));
  // Nothing holds those who have no quota.
  for (const each of [0, 1]) expect((await sendAt(server.sourceUrl, other, each, part)).status).toBe(201);
  socket.write(rest.subarray(1000));
  const [answer] = (await new Promise((resolve) => socket.once('data', (...data) => resolve(data)))) as [Buffer];
  expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 507 /);
  socket.destroy();
  expect([await offset(sourceUrl, sender, 0), (await blobsOf(sender)).length]).toEqual(['1000', 1]);
});

test('however many parts come at once, at two processes, not one passes the quota, and as many come in as fit', async () => {
  const quotas = { total: 10 * MIB, mailbox: 6 * MIB, parcel: 4 * MIB };
  const urls = [(await withQuotas(quotas)).sourceUrl, (await withQuotas(quotas)).sourceUrl];
  const mailbox = (await createSender()).mailbox;
  const senders = await Promise.all(
    [mailbox, mailbox, undefined, undefined].map((key) => createSender({ parts: 6, ...(key && { mailbox: key }) })),
  );
  for (const sender of senders) await openAt(server.sourceUrl, sender);
  const part = patternBytes(MIB);
  const answers = await Promise.all(
    senders.flatMap((sender, n) =>
      [0, 1, 2, 3, 4].map(async (seq) => (await sendAt(urls[(n + seq) % 2]!, sender, seq, part)).status),
    ),
  );
  const rows = await server.database.database.run(
    (sql) => sql<{ kind: string; bytes: number }[]>`
      select 'parcel' as kind, max(stored)::integer as bytes from parcel
      union all select 'mailbox', max(bytes)::integer from mailbox_usage union all select 'total', total_bytes()::integer`,
  );
  const held = Object.fromEntries(rows.map(({ kind, bytes }) => [kind, bytes]));
  expect(answers.filter((status) => status !== 201 && status !== 507)).toEqual([]);
  expect(held['total']).toBe(answers.filter((status) => status === 201).length * MIB);
  expect(held['total']).toBe(10 * MIB);
  expect(held['mailbox']).toBeLessThanOrEqual(6 * MIB);
  expect(held['parcel']).toBeLessThanOrEqual(4 * MIB);
  const blobs = (await Promise.all(senders.map(blobsOf))).flat();
  expect(blobs).toHaveLength(10);
});

test('a reply counts to the total, and not to the mailbox of its reader', async () => {
  const { sourceUrl, staffUrl } = await withQuotas({ mailbox: 2 * MIB, total: 3 * MIB });
  const mine = await createSender({ parts: 2 });
  const there = await signInAt(staffUrl, server.organisation.courier);
  const reply = (mailbox: Uint8Array) => createReplySender({ key: server.organisation.reply, mailbox, parts: 2 });
  const first = reply(mine.mailbox.publicKey);
  expect((await openReplyAt(staffUrl, there, first)).status).toBe(201);
  expect((await sendReplyPartAt(staffUrl, there, first, 0, patternBytes(MIB))).status).toBe(201);
  await openAt(sourceUrl, mine);
  expect(await said(await openReplyAt(staffUrl, there, reply(random(32))))).toEqual(REFUSED);
});
