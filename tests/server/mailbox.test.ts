/** What a codename shows, and what its source can do about it: withdraw, dismiss, forget. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCustody } from '../../server/store/custody.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { MAILBOX_PADDING } from '../../shared/protocol/limits.ts';
import { mailboxAnswer } from '../../shared/protocol/messages.ts';
import { parse } from '../../shared/protocol/parse.ts';
import {
  dismissRoute,
  envelopeRoute,
  finishedRoute,
  ledgerRoute,
  MAILBOX_FORGET_ROUTE,
  MAILBOX_ROUTE,
  mailboxReplyRoute,
  REPLIES_ROUTE,
  withdrawRoute,
} from '../../shared/protocol/routes.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import type { MailboxOwner } from '../kit/mailbox-owner.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { createReplySender, deliverReply, postIn, signInAt } from '../kit/reply-sender.ts';
import type { Session } from '../kit/reply-sender.ts';
import { createSender, MIB, openAt, sealAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { beginSlowly } from '../kit/slow-part.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const DAY = '2026-11-24';
const PARTS = [patternBytes(MIB), patternBytes(1000)];
const EMPTY = { unfinished: [], sealed: [], replies: [] };
let server: TestServer;
let session: Session;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(`${DAY}T10:00:00Z`) });
  session = await signInAt(server.staffUrl, server.organisation.courier);
});
afterAll(() => server[Symbol.asyncDispose]());

const fresh = (): Promise<SigningKey> => ed25519FromSeed(random(32));
const owner = (key?: SigningKey): Promise<MailboxOwner> => mailboxOwner(server.sourceUrl, key);
const codeOf = async (answer: Response): Promise<unknown> => ((await answer.json()) as { code: unknown }).code;

async function unfinished(mailbox: SigningKey, finished = 0): Promise<Sender> {
  const sender = await createSender({ parts: 2, mailbox });
  await openAt(server.sourceUrl, sender);
  for (const [part, bytes] of PARTS.slice(0, finished).entries()) await sendAt(server.sourceUrl, sender, part, bytes);
  return sender;
}

async function sealed(mailbox: SigningKey): Promise<Sender> {
  const sender = await unfinished(mailbox, 2);
  expect((await sealAt(server.sourceUrl, sender, PARTS)).status).toBe(200);
  return sender;
}

async function replyTo(mailbox: SigningKey): Promise<string> {
  const reply = createReplySender({ key: server.organisation.reply, mailbox: mailbox.publicKey });
  await deliverReply(server.staffUrl, session, reply, PARTS);
  return reply.parcel;
}

const collect = (parcel: string): Promise<unknown> => openCustody(server.database.database).collect(parcel, DAY);
const blobsOf = (parcel: string): Promise<string[]> =>
  readdir(join(server.database.data, 'blobs', parcel)).catch(() => []);
const staffHas = async (parcel: string): Promise<boolean> =>
  (await fetch(server.staffUrl + envelopeRoute(parcel), { headers: session })).ok;
const wanted = async (mailbox: SigningKey): Promise<unknown> => {
  const opening = await createReplySender({ key: server.organisation.reply, mailbox: mailbox.publicKey }).opening();
  return ((await (await postIn(session, server.staffUrl + REPLIES_ROUTE, { opening })).json()) as { wanted: unknown })
    .wanted;
};
const without = (look: Awaited<ReturnType<MailboxOwner['look']>>): unknown => ({
  unfinished: look.unfinished,
  sealed: look.sealed,
  replies: look.replies,
});

describe('a mailbox', () => {
  test('shows what is unfinished, what is sealed and the replies, the newest first', async () => {
    const me = await owner();
    const [first, second, done] = [await unfinished(me.key), await unfinished(me.key, 1), await sealed(me.key)];
    const [one, two] = [await replyTo(me.key), await replyTo(me.key)];
    const started = createReplySender({ key: server.organisation.reply, mailbox: me.key.publicKey });
    await postIn(session, server.staffUrl + REPLIES_ROUTE, { opening: await started.opening() });
    await unfinished(await fresh());
    await me.postBytes(ledgerRoute(first.parcel, 0), random(10));
    await me.postBytes(ledgerRoute(first.parcel, 1), random(10));

    const answer = parse(mailboxAnswer, await me.look());
    expect(answer.unfinished).toEqual([
      { opening: await second.opening(), finished: 1, pages: 0, writer: 0 },
      { opening: await first.opening(), finished: 0, pages: 2, writer: 0 },
    ]);
    expect(answer.sealed).toEqual([{ parcel: done.parcel, day: DAY, collected: false, receipt: expect.any(String) }]);
    const receipt = await openReceipt(answer.sealed[0]!.receipt!, server.organisation.receipt.publicKey);
    expect(receipt.parcel).toBe(done.parcel);
    expect(answer.replies.map((note) => [one, two].map((id) => note.includes(id)))).toEqual([
      [false, true],
      [true, false],
    ]);
    await collect(done.parcel);
    expect((await me.look()).sealed).toMatchObject([{ collected: true }]);
  });

  test('of nobody and one that is empty answer the same bytes, filled up to a size that says little', async () => {
    const [nobody, emptied, some] = [await owner(), await owner(), await owner()];
    await unfinished(emptied.key, 1);
    await replyTo(emptied.key);
    await emptied.post(MAILBOX_FORGET_ROUTE);
    await sealed(some.key);
    const [unknown, empty, full] = await Promise.all([nobody, emptied, some].map((each) => each.get(MAILBOX_ROUTE)));
    const headers = (answer: Response) => [...answer.headers].filter(([name]) => name !== 'date');
    expect(headers(empty!)).toEqual(headers(unknown!));
    expect(headers(full!)).toEqual(headers(unknown!));
    const text = await unknown!.text();
    expect(await empty!.text()).toBe(text);
    expect(Buffer.byteLength(text)).toBe(MAILBOX_PADDING);
    expect(Buffer.byteLength(await full!.text())).toBe(MAILBOX_PADDING);
    expect(unknown!.headers.get('cache-control')).toBe('no-store');
  });

  test('shows the newest thousand of each kind at most, whatever the size', async () => {
    const me = await owner();
    const { database } = server.database;
    await database.run(
      (sql) => sql`
        insert into parcel (id, mailbox, opening, part_size, size, parts, opened, touched)
        select decode(md5('many' || n), 'hex'), ${me.key.publicKey}, 'opening ' || n, 1048576, 1, 1, ${DAY}, ${DAY}
        from generate_series(1, 1003) n`,
    );
    const text = await (await me.get(MAILBOX_ROUTE)).text();
    const { unfinished: list } = parse(mailboxAnswer, JSON.parse(text));
    expect([list.length, list[0]!.opening, list[999]!.opening]).toEqual([1000, 'opening 1003', 'opening 4']);
    expect(Buffer.byteLength(text) % MAILBOX_PADDING).toBe(0);
  });

  test('says "collected" only where the organisation shows it', async () => {
    const me = await owner();
    const { parcel } = await sealed(me.key);
    await collect(parcel);
    const { data } = server.database;
    const discreet = await server.again({
      config: { data, reserve: 0, clientFolder: data, staffNames: [], showCollected: false },
    });
    expect((await (await mailboxOwner(discreet.sourceUrl, me.key)).look()).sealed).toMatchObject([
      { parcel, collected: false },
    ]);
    expect((await me.look()).sealed).toMatchObject([{ parcel, collected: true }]);
  });
});

describe('withdrawing', () => {
  test('takes an unfinished submission away with its bytes, and a sealed one that is not collected', async () => {
    const me = await owner();
    for (const sender of [await unfinished(me.key, 1), await sealed(me.key)]) {
      await me.postBytes(ledgerRoute(sender.parcel, 0), random(10));
      expect((await blobsOf(sender.parcel)).length).toBeGreaterThan(0);
      expect((await me.post(withdrawRoute(sender.parcel))).status).toBe(204);
      expect([await blobsOf(sender.parcel), await staffHas(sender.parcel)]).toEqual([[], false]);
      expect(await codeOf(await me.post(withdrawRoute(sender.parcel)))).toBe('parcel-unknown');
    }
    expect(without(await me.look())).toEqual(EMPTY);
    const left = await server.database.database.run(
      (sql) => sql`select from ledger l left join parcel p on p.id = l.parcel where p.id is null`,
    );
    expect(left).toHaveLength(0);
  });

  test('leaves a collected one where it is', async () => {
    const me = await owner();
    const { parcel } = await sealed(me.key);
    await collect(parcel);
    const answer = await me.post(withdrawRoute(parcel));
    expect([answer.status, await codeOf(answer)]).toEqual([409, 'parcel-collected']);
    expect([(await blobsOf(parcel)).length, await staffHas(parcel)]).toEqual([2, true]);
  });

  test('ends a part that is on its way with a refusal, and leaves nothing of it', async () => {
    const me = await owner();
    const sender = await unfinished(me.key, 1);
    const slow = await beginSlowly(server, sender, 1, PARTS[1]!);
    expect((await me.post(withdrawRoute(sender.parcel))).status).toBe(204);
    slow.finish();
    expect(await codeOf(await slow.answer)).toBe('parcel-unknown');
    expect(await blobsOf(sender.parcel)).toEqual([]);
    expect(server.log.filter((line) => line.event === 'internal-error')).toEqual([]);
  });
});

describe('dismissing', () => {
  test('puts the receipt away, and nothing else', async () => {
    const me = await owner();
    const { parcel } = await sealed(me.key);
    for (let turn = 0; turn < 2; turn++) expect((await me.post(dismissRoute(parcel))).status).toBe(204);
    expect((await me.look()).sealed).toEqual([{ parcel, day: DAY, collected: false, receipt: null }]);
    expect(await (await fetch(server.staffUrl + envelopeRoute(parcel), { headers: session })).text()).toContain(
      'postern/receipt/v1',
    );
  });
});

test('a receipt that is not there yet cannot be put away beforehand', async () => {
  const me = await owner();
  const sender = await unfinished(me.key, 1);
  expect((await me.post(dismissRoute(sender.parcel))).status).toBe(204);
  expect((await sendAt(server.sourceUrl, sender, 1, PARTS[1]!)).status).toBe(201);
  expect((await sealAt(server.sourceUrl, sender, PARTS)).status).toBe(200);
  expect((await me.look()).sealed).toMatchObject([{ receipt: expect.any(String) }]);
});

describe('forgetting', () => {
  test('makes a mailbox answer like an unknown one at once, and takes nothing from staff', async () => {
    const me = await owner();
    const [going, done] = [await unfinished(me.key, 1), await sealed(me.key)];
    await me.postBytes(ledgerRoute(going.parcel, 0), random(100));
    const reply = await replyTo(me.key);
    expect((await blobsOf(reply)).length).toBe(2);
    for (let turn = 0; turn < 2; turn++) expect((await me.post(MAILBOX_FORGET_ROUTE)).status).toBe(204);

    expect(without(await me.look())).toEqual(EMPTY);
    for (const { parcel } of [going, done]) {
      for (const path of [withdrawRoute(parcel), dismissRoute(parcel)])
        expect(await codeOf(await me.post(path))).toBe('parcel-unknown');
      for (const path of [finishedRoute(parcel), ledgerRoute(parcel, 0)])
        expect(await codeOf(await me.get(path))).toBe('parcel-unknown');
      expect(await codeOf(await me.postBytes(ledgerRoute(parcel, 0), random(5)))).toBe('parcel-unknown');
      expect(await staffHas(parcel)).toBe(true);
    }
    expect(await codeOf(await me.get(mailboxReplyRoute(reply)))).toBe('parcel-unknown');
    expect(await blobsOf(reply)).toEqual([]);
    const kept = await server.database.database.run(
      (sql) => sql`
        select from ledger where parcel = ${Buffer.from(going.parcel, 'hex')}
        union all select from part where parcel = ${Buffer.from(going.parcel, 'hex')} and record is not null`,
    );
    expect(kept).toHaveLength(0);
  });

  test('lets what is on its way end as it would have, without a record of it', async () => {
    const me = await owner();
    const sender = await unfinished(me.key, 1);
    await me.post(MAILBOX_FORGET_ROUTE);
    expect((await sendAt(server.sourceUrl, sender, 1, PARTS[1]!, { record: random(99) })).status).toBe(201);
    const records = await server.database.database.run(
      (sql) => sql`select from part where parcel = ${Buffer.from(sender.parcel, 'hex')} and record is not null`,
    );
    expect(records).toHaveLength(0);
    expect((await sealAt(server.sourceUrl, sender, PARTS)).status).toBe(200);
    expect([without(await me.look()), await staffHas(sender.parcel)]).toEqual([EMPTY, true]);
  });

  test('refuses replies until the source sends again; what was before stays hidden', async () => {
    const me = await owner();
    await sealed(me.key);
    await me.post(MAILBOX_FORGET_ROUTE);
    expect(await wanted(me.key)).toBe(false);
    expect(await wanted(await fresh())).toBe(true);
    const { parcel } = await sealed(me.key);
    expect(await wanted(me.key)).toBe(true);
    await replyTo(me.key);
    const { sealed: shown, replies } = await me.look();
    expect([shown.map((each) => each.parcel), replies.length]).toEqual([[parcel], 1]);
  });

  test('again costs nothing: what is forgotten is left as it is', async () => {
    const me = await owner();
    for (let i = 0; i < 3; i++) await unfinished(me.key, 1);
    const rows = () =>
      server.database.database.run(
        (sql) => sql`select id, xmin::text, ctid::text from parcel where mailbox = ${me.key.publicKey} order by number`,
      );
    await me.post(MAILBOX_FORGET_ROUTE);
    const before = await rows();
    expect(before).toHaveLength(3);
    expect((await me.post(MAILBOX_FORGET_ROUTE)).status).toBe(204);
    expect(await rows()).toEqual(before);
  });

  test('of a mailbox that nobody knows is answered alike', async () => {
    const me = await owner();
    const answer = await me.post(MAILBOX_FORGET_ROUTE);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(without(await me.look())).toEqual(EMPTY);
  });
});

test('a parcel of another mailbox, or a reply in its place, is as good as none', async () => {
  const [me, other] = [await owner(), await owner()];
  const theirs = [(await unfinished(other.key)).parcel, (await sealed(other.key)).parcel, await replyTo(me.key)];
  for (const parcel of [...theirs, 'f'.repeat(32), 'nonsense', 'F'.repeat(32)]) {
    const answers = [
      await me.post(withdrawRoute(parcel)),
      await me.post(dismissRoute(parcel)),
      await me.get(finishedRoute(parcel)),
      await me.get(ledgerRoute(parcel, 0)),
      await me.postBytes(ledgerRoute(parcel, 0), random(5)),
    ];
    for (const answer of answers) expect([answer.status, await codeOf(answer)]).toEqual([404, 'parcel-unknown']);
  }
  expect(await Promise.all(theirs.slice(0, 2).map(staffHas))).toEqual([true, true]);
});
