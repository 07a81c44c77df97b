/** What a courier does with replies, and all that is refused: another key, another mailbox, another direction, another seal. */
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { MAX_REPLY_SIZE } from '../../shared/protocol/limits.ts';
import {
  CARD_ROUTE,
  envelopeRoute,
  PARCELS_ROUTE,
  parcelRoute,
  partRoute,
  REPLIES_ROUTE,
  replyPartRoute,
  replyRoute,
  replySealRoute,
  sealRoute,
  TUS_ROUTE,
} from '../../shared/protocol/routes.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import {
  createReplySender,
  deliverReply,
  openReplyAt,
  postIn,
  sendReplyPartAt,
  signInAt,
} from '../kit/reply-sender.ts';
import type { ReplySender, Session } from '../kit/reply-sender.ts';
import { BODY_TYPE, createSender, MIB, openAt, postJson, sealAt, sendAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const PARTS = [patternBytes(MIB), patternBytes(1000)];
let now = new Date('2026-11-24T10:00:00Z');
let server: TestServer;
let session: Session;

beforeAll(async () => {
  server = await startTestServer({ now: () => now });
  session = await signInAt(server.staffUrl, server.organisation.courier);
});
afterAll(() => server[Symbol.asyncDispose]());

const replyTo = (mailbox = random(32), parts = 2): ReplySender =>
  createReplySender({ key: server.organisation.reply, mailbox, parts });
const open = async (opening: string): Promise<[number, unknown]> => {
  const answer = await postIn(session, server.staffUrl + REPLIES_ROUTE, { opening });
  return [answer.status, await answer.json()];
};
type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> };
const at = (path: string, init: Init = {}): Promise<Response> =>
  fetch(server.staffUrl + path, { ...init, headers: { ...session, ...init.headers } });
const seal = async (reply: ReplySender, note: string): Promise<[number, unknown]> => {
  const answer = await postIn(session, server.staffUrl + replySealRoute(reply.parcel), { seal: note });
  return [answer.status, await answer.json()];
};
const code = (wanted: string) => expect.objectContaining({ code: wanted }) as unknown;
const count = async (reply: ReplySender): Promise<number> => {
  const { database } = server.database;
  const rows = await database.run((sql) => sql`select from parcel where id = ${Buffer.from(reply.parcel, 'hex')}`);
  return rows.length;
};

describe('a reply', () => {
  test('is opened, sent in parts and sealed, and every step can be made again', async () => {
    const reply = replyTo();
    const opening = await reply.opening();
    expect(await open(opening)).toEqual([201, { parcel: reply.parcel, wanted: true }]);
    expect(await open(opening)).toEqual([200, { parcel: reply.parcel, wanted: true }]);
    expect((await sendReplyPartAt(server.staffUrl, session, reply, 1, PARTS[1]!)).status).toBe(201);
    expect(await (await at(replyRoute(reply.parcel))).json()).toEqual({ parts: 2, finished: [[1, 1]], sealed: false });
    expect(await seal(reply, await reply.seal(PARTS))).toEqual([409, code('parts-missing')]);
    expect((await sendReplyPartAt(server.staffUrl, session, reply, 0, PARTS[0]!)).status).toBe(201);
    const repeated = await sendReplyPartAt(server.staffUrl, session, reply, 0, PARTS[0]!);
    expect([repeated.status, repeated.headers.get('upload-offset')]).toEqual([201, String(MIB)]);
    const other = await sendReplyPartAt(server.staffUrl, session, reply, 0, patternBytes(MIB, 5));
    expect([other.status, await other.json()]).toEqual([409, code('part-finished')]);

    const [status, answer] = await seal(reply, await reply.seal(PARTS));
    expect(status).toBe(200);
    const { receipt } = answer as { receipt: string };
    const receiptKey = server.organisation.receipt.publicKey;
    expect(await openReceipt(receipt, receiptKey)).toMatchObject({ parcel: reply.parcel, received: '2026-11-24' });
    expect(await seal(reply, await reply.seal(PARTS))).toEqual([200, { receipt }]);
    expect(await seal(reply, await reply.seal(PARTS.toReversed()))).toEqual([409, code('parcel-sealed')]);

    // The same bundle brought again.
    expect(await open(opening)).toEqual([200, { parcel: reply.parcel, wanted: true }]);
    expect(await (await at(replyRoute(reply.parcel))).json()).toEqual({ parts: 2, finished: [[0, 1]], sealed: true });
    const again = await sendReplyPartAt(server.staffUrl, session, reply, 0, PARTS[0]!);
    expect([again.status, again.headers.get('upload-offset')]).toEqual([201, String(MIB)]);
    expect(await deliverReply(server.staffUrl, session, reply, PARTS)).toBe(receipt);
  });

  test('goes on where a broken connection or a session that ran out left it', async () => {
    const reply = replyTo(random(32), 1);
    await openReplyAt(server.staffUrl, session, reply);
    const bytes = patternBytes(1000, 3);
    const path = replyPartRoute(reply.parcel, 0);
    expect((await at(path, { method: 'POST', headers: await reply.creation(0, bytes) })).status).toBe(201);
    const patch = (from: number, to: number): Promise<Response> =>
      at(path, {
        method: 'PATCH',
        headers: { 'tus-resumable': '1.0.0', 'upload-offset': String(from), ...BODY_TYPE },
        body: Buffer.from(bytes.subarray(from, to)),
      });
    expect((await patch(0, 400)).status).toBe(204);
    now = new Date(now.getTime() + 3_601_000);
    const late = await patch(400, 1000);
    expect([late.status, await late.json()]).toEqual([401, code('sign-in-refused')]);
    session = await signInAt(server.staffUrl, server.organisation.courier);
    const looked = await at(path, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
    expect([looked.status, looked.headers.get('upload-offset')]).toEqual([200, '400']);
    expect((await patch(300, 1000)).status).toBe(409);
    expect((await patch(400, 1000)).status).toBe(204);
    expect((await seal(reply, await reply.seal([bytes])))[0]).toBe(200);
  });

  test('whose bytes are not those of its statement is refused', async () => {
    const reply = replyTo();
    await openReplyAt(server.staffUrl, session, reply);
    const answer = await at(replyPartRoute(reply.parcel, 0), {
      method: 'POST',
      headers: { ...(await reply.creation(0, PARTS[0]!)), ...BODY_TYPE },
      body: Buffer.from(patternBytes(MIB, 8)),
    });
    expect([answer.status, await answer.json()]).toEqual([422, code('part-damaged')]);
  });
});

describe('an opening is refused', () => {
  test('that another key signed, or that was changed, or that opens a submission', async () => {
    const stranger = await ed25519FromSeed(random(32));
    const forged = createReplySender({ key: stranger, mailbox: random(32) });
    expect(await open(await forged.opening())).toEqual([422, code('reply-refused')]);
    const reply = replyTo();
    const good = await reply.opening();
    expect(await open(good.replace('number 1', 'number 2'))).toEqual([422, code('reply-refused')]);
    expect(await open(await (await createSender()).opening())).toEqual([422, code('note-invalid')]);
    expect(await open('x')).toEqual([422, code('note-invalid')]);
    expect((await postIn(session, server.staffUrl + REPLIES_ROUTE, { opening: good, more: 1 })).status).toBe(400);
    expect([await count(forged), await count(reply)]).toEqual([0, 0]);
  });

  test('for another mailbox, under an id that is taken, by a reply or by a submission', async () => {
    const reply = replyTo();
    await openReplyAt(server.staffUrl, session, reply);
    expect(await open(await reply.opening({ mailbox: random(32) }))).toEqual([409, code('parcel-differs')]);
    expect(await open(await reply.opening({ number: 2 }))).toEqual([409, code('parcel-differs')]);
    const submission = await createSender();
    await openAt(server.sourceUrl, submission);
    expect(await open(await replyTo().opening({ parcel: submission.parcel }))).toEqual([409, code('parcel-differs')]);
    const taking = await createSender();
    const note = await taking.opening({ parcel: reply.parcel });
    const answer = await postJson(server.sourceUrl + PARCELS_ROUTE, { opening: note });
    expect([answer.status, await answer.json()]).toEqual([409, code('parcel-differs')]);
  });

  test('of a reply that is larger than a browser can be asked to keep, or than the disk has room for', async () => {
    const reply = replyTo();
    expect(await open(await reply.opening({ size: MAX_REPLY_SIZE + 1 }))).toEqual([413, code('limit-exceeded')]);
    const { data } = server.database;
    const config = { data, reserve: 2 ** 52, clientFolder: data, staffNames: [], showCollected: true };
    const full = await server.again({ config });
    const there = await signInAt(full.staffUrl, server.organisation.courier);
    const answer = await openReplyAt(full.staffUrl, there, reply);
    expect([answer.status, await answer.json()]).toEqual([507, code('storage-full')]);
    expect(await count(reply)).toBe(0);
  });
});

describe('directions', () => {
  test('parts and seals of one are nothing at the addresses of the other', async () => {
    const reply = replyTo();
    await openReplyAt(server.staffUrl, session, reply);
    await sendReplyPartAt(server.staffUrl, session, reply, 0, PARTS[0]!);
    const submission = await createSender({ parts: 2 });
    await openAt(server.sourceUrl, submission);
    await sendAt(server.sourceUrl, submission, 0, PARTS[0]!);
    const tus = { 'tus-resumable': '1.0.0' };

    // A submission at the addresses of replies.
    const post = async (path: string, headers: Record<string, string>): Promise<[number, unknown]> => {
      const answer = await at(path, { method: 'POST', headers });
      return [answer.status, await answer.json()];
    };
    expect(await post(replyPartRoute(submission.parcel, 1), await submission.creation(1, PARTS[1]!))).toEqual([
      404,
      code('parcel-unknown'),
    ]);
    expect((await at(replyPartRoute(submission.parcel, 0), { method: 'HEAD', headers: tus })).status).toBe(404);
    expect((await at(replyRoute(submission.parcel))).status).toBe(404);
    expect(await seal({ ...reply, parcel: submission.parcel }, await submission.seal(PARTS))).toEqual([
      404,
      code('parcel-unknown'),
    ]);
    // Parts of submissions are read by staff, and not written.
    expect((await at(partRoute(submission.parcel, 0))).status).toBe(200);
    expect((await post(partRoute(submission.parcel, 1), await submission.creation(1, PARTS[1]!)))[0]).toBe(404);

    // A reply at the addresses of submissions.
    const source = async (path: string, init: RequestInit = {}): Promise<number> =>
      (await fetch(server.sourceUrl + path, init)).status;
    expect(await source(parcelRoute(reply.parcel))).toBe(404);
    expect(await source(partRoute(reply.parcel, 0), { method: 'HEAD', headers: tus })).toBe(404);
    const creation = await reply.creation(1, PARTS[1]!);
    expect(await source(partRoute(reply.parcel, 1), { method: 'POST', headers: creation })).toBe(404);
    expect(await source(TUS_ROUTE, { method: 'POST', headers: creation })).toBe(422);
    const spoken = await reply.creation(1, PARTS[1]!, 'submission');
    expect(await source(TUS_ROUTE, { method: 'POST', headers: spoken })).toBe(404);
    expect((await postJson(server.sourceUrl + sealRoute(reply.parcel), { seal: await reply.seal(PARTS) })).status).toBe(
      404,
    );
    for (const path of [REPLIES_ROUTE, replyRoute(reply.parcel), replyPartRoute(reply.parcel, 0)])
      expect(await source(path, { method: 'POST' })).toBe(404);
    expect((await at(partRoute(reply.parcel, 0))).status).toBe(404);
    expect((await at(envelopeRoute(reply.parcel))).status).toBe(404);
    const listed = (await (await at(PARCELS_ROUTE)).json()) as { parcels: { parcel: string }[] };
    expect(listed.parcels.map(({ parcel }) => parcel)).toContain(submission.parcel);
    expect(listed.parcels.map(({ parcel }) => parcel)).not.toContain(reply.parcel);
  });

  test('a statement of one does not pass for the other, whoever signed it', async () => {
    const submission = await createSender({ parts: 2 });
    const { mailbox, parcel } = submission;
    const reply = replyTo(Uint8Array.from(mailbox.publicKey));
    await openReplyAt(server.staffUrl, session, reply);
    const create = async (headers: Record<string, string>): Promise<[number, unknown]> => {
      const answer = await at(replyPartRoute(reply.parcel, 0), { method: 'POST', headers });
      return [answer.status, await answer.json()];
    };
    expect(await create(await reply.creation(0, PARTS[0]!, 'submission'))).toEqual([422, code('signature-wrong')]);
    const bySource = { ...createReplySender({ key: mailbox, mailbox: mailbox.publicKey }), parcel: reply.parcel };
    expect(await create(await bySource.creation(0, PARTS[0]!))).toEqual([422, code('signature-wrong')]);
    const ofAnother = replyTo();
    expect(await create(await ofAnother.creation(0, PARTS[0]!))).toEqual([422, code('statement-mismatch')]);
    expect(await create(await reply.creation(1, PARTS[0]!))).toEqual([422, code('statement-mismatch')]);
    expect(parcel).not.toBe(reply.parcel);

    for (const [part, bytes] of PARTS.entries()) await sendReplyPartAt(server.staffUrl, session, reply, part, bytes);
    expect(await seal(reply, await reply.seal(PARTS, {}, 'submission'))).toEqual([422, code('signature-wrong')]);
    expect(await seal(reply, await bySource.seal(PARTS))).toEqual([422, code('signature-wrong')]);
    expect(await seal(reply, await ofAnother.seal(PARTS))).toEqual([422, code('statement-mismatch')]);
    expect(await seal(reply, await reply.seal(PARTS, { root: 'a'.repeat(64) }))).toEqual([422, code('seal-differs')]);
    expect(await seal(reply, await reply.seal(PARTS.toReversed()))).toEqual([422, code('seal-differs')]);
    expect(await seal(reply, await reply.seal(PARTS, { parts: 3 }))).toEqual([422, code('seal-differs')]);
    expect(await (await at(replyRoute(reply.parcel))).json()).toMatchObject({ sealed: false });
  });
});

describe('a reply that nobody wants', () => {
  test('to a mailbox that was forgotten is not stored, until its source sends again', async () => {
    const { database } = server.database;
    const submission = await createSender({ parts: 1 });
    const { publicKey } = submission.mailbox;
    await database.run((sql) => sql`insert into forgotten values (${publicKey}, '2026-11-24')`);
    const reply = replyTo(Uint8Array.from(publicKey), 1);
    const opening = await reply.opening();
    expect(await open(opening)).toEqual([200, { parcel: reply.parcel, wanted: false }]);
    expect(await count(reply)).toBe(0);
    expect((await sendReplyPartAt(server.staffUrl, session, reply, 0, PARTS[1]!)).status).toBe(404);
    expect((await seal(reply, await reply.seal([PARTS[1]!])))[0]).toBe(404);
    await openAt(server.sourceUrl, submission);
    expect(await open(opening)).toEqual([201, { parcel: reply.parcel, wanted: true }]);
  });

  test('that was here whole and was deleted is not taken again from an old bundle; one that was not whole is', async () => {
    const { database } = server.database;
    const [whole, half] = [replyTo(random(32), 1), replyTo(random(32), 1)];
    await deliverReply(server.staffUrl, session, whole, [PARTS[1]!]);
    await openReplyAt(server.staffUrl, session, half);
    await sendReplyPartAt(server.staffUrl, session, half, 0, PARTS[1]!);
    const ids = [whole, half].map(({ parcel }) => parcel);
    await database.run((sql) => sql`delete from parcel where encode(id, 'hex') in ${sql(ids)}`);
    expect(await open(await whole.opening())).toEqual([200, { parcel: whole.parcel, wanted: false }]);
    expect(await open(await half.opening())).toEqual([201, { parcel: half.parcel, wanted: true }]);
    await deliverReply(server.staffUrl, session, half, [PARTS[1]!]);
  });
});

test('nothing of replies is open to who is not signed in', async () => {
  const reply = replyTo();
  await openReplyAt(server.staffUrl, session, reply);
  const part = replyPartRoute(reply.parcel, 0);
  for (const [method, path] of [
    ['POST', REPLIES_ROUTE],
    ['GET', replyRoute(reply.parcel)],
    ['POST', replySealRoute(reply.parcel)],
    ['POST', part],
    ['PATCH', part],
    ['HEAD', part],
    ['OPTIONS', part],
  ] as const)
    expect([method, path, (await fetch(server.staffUrl + path, { method })).status]).toEqual([method, path, 401]);
});

test('a new card: what was opened under the old one goes on, what is new needs the key of the new one', async () => {
  const { organisation } = server;
  const old = replyTo();
  await openReplyAt(server.staffUrl, session, old);
  const key = await ed25519FromSeed(random(32));
  const form = new FormData();
  form.set('card', new Blob([await organisation.card({ serial: 2, replyKey: key.publicKey })]), 'card.note');
  expect((await at(CARD_ROUTE, { method: 'POST', body: form })).status).toBe(204);
  await deliverReply(server.staffUrl, session, old, PARTS);
  expect(await open(await replyTo().opening())).toEqual([422, code('reply-refused')]);
  const fresh = createReplySender({ key, mailbox: random(32) });
  await deliverReply(server.staffUrl, session, fresh, PARTS);
  expect((await sealAt(server.sourceUrl, await createSender(), PARTS)).status).toBe(404);
});
