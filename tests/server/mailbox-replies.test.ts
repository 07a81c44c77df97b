/** Replies as their addressee gets them: read whole and by range, deleted for good, and nobody else's. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { parseEnvelope } from '../../shared/protocol/envelope.ts';
import {
  deleteReplyRoute,
  mailboxReplyPartRoute,
  mailboxReplyRoute,
  parcelRoute,
  PARCELS_ROUTE,
  partRoute,
  REPLIES_ROUTE,
  sealRoute,
} from '../../shared/protocol/routes.ts';
import { openPartStatement } from '../../shared/statements/part-statement.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { openReplyOpening } from '../../shared/statements/reply-opening.ts';
import { openSeal } from '../../shared/statements/seal.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import type { MailboxOwner } from '../kit/mailbox-owner.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { createReplySender, deliverReply, postIn, sendReplyPartAt, signInAt } from '../kit/reply-sender.ts';
import type { ReplySender, Session } from '../kit/reply-sender.ts';
import { createSender, MIB, openAt, postJson, sendAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const PARTS = [patternBytes(MIB, 1), patternBytes(1000, 2)];
let server: TestServer;
let session: Session;
beforeAll(async () => {
  server = await startTestServer();
  session = await signInAt(server.staffUrl, server.organisation.courier);
});
afterAll(() => server[Symbol.asyncDispose]());

const codeOf = async (answer: Response): Promise<unknown> => ((await answer.json()) as { code: unknown }).code;
const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());
const owner = (): Promise<MailboxOwner> => mailboxOwner(server.sourceUrl);
const replyFor = (me: MailboxOwner): ReplySender =>
  createReplySender({ key: server.organisation.reply, mailbox: me.key.publicKey });
async function delivered(me: MailboxOwner): Promise<{ reply: ReplySender; receipt: string }> {
  const reply = replyFor(me);
  return { reply, receipt: await deliverReply(server.staffUrl, session, reply, PARTS) };
}

describe('a reply', () => {
  test('is read with all that proves it: opening, statements, seal by the reply key; receipt', async () => {
    const me = await owner();
    const { reply, receipt } = await delivered(me);
    const { publicKey } = server.organisation.reply;
    const [opening] = (await me.look()).replies;
    expect((await openReplyOpening(opening!, publicKey)).parcel).toBe(reply.parcel);
    const answer = await me.get(mailboxReplyRoute(reply.parcel));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    const envelope = parseEnvelope(await answer.text());
    expect(envelope).toMatchObject({
      parcel: reply.parcel,
      mailbox: toBase64Url(me.key.publicKey),
      opening,
      receipt,
    });
    expect(await openSeal(envelope.seal!, publicKey, 'reply')).toMatchObject({ parts: 2 });
    expect((await openReceipt(receipt, server.organisation.receipt.publicKey)).parcel).toBe(reply.parcel);
    for (const [part, bytes] of PARTS.entries()) {
      const statement = await openPartStatement(envelope.parts[part]!, publicKey, 'reply');
      const whole = await me.get(mailboxReplyPartRoute(reply.parcel, part));
      const got = await bytesOf(whole);
      expect([whole.status, got.equals(bytes)]).toEqual([200, true]);
      const sha256 = createHash('sha256').update(got).digest('hex');
      expect([statement.sha256, whole.headers.get('etag')]).toEqual([sha256, `"${sha256}"`]);
    }
  });

  test('is read from where a reading broke off', async () => {
    const me = await owner();
    const { reply } = await delivered(me);
    const path = mailboxReplyPartRoute(reply.parcel, 0);
    const etag = (await me.get(path)).headers.get('etag')!;
    const rest = await me.get(path, { range: 'bytes=700001-', 'if-range': etag });
    expect([rest.status, rest.headers.get('content-range')]).toEqual([206, `bytes 700001-${MIB - 1}/${MIB}`]);
    expect((await bytesOf(rest)).equals(PARTS[0]!.subarray(700_001))).toBe(true);
    expect(await codeOf(await me.get(path, { range: `bytes=${MIB}-` }))).toBe('range-unsatisfiable');
    for (const part of ['2', '00', 'x', '-1'])
      expect(await codeOf(await me.get(`${mailboxReplyRoute(reply.parcel)}/parts/${part}`))).toBe('not-found');
  });

  test('is gone for good when its addressee deletes it', async () => {
    const me = await owner();
    const { reply } = await delivered(me);
    const other = await delivered(me);
    const folder = join(server.database.data, 'blobs', reply.parcel);
    expect(await readdir(folder)).toHaveLength(2);
    expect((await me.post(deleteReplyRoute(reply.parcel))).status).toBe(204);
    expect(await readdir(folder).catch(() => 'gone')).toBe('gone');
    expect(await codeOf(await me.post(deleteReplyRoute(reply.parcel)))).toBe('parcel-unknown');
    expect(await codeOf(await me.get(mailboxReplyRoute(reply.parcel)))).toBe('parcel-unknown');
    const left = (await me.look()).replies;
    expect([left.length, left[0]!.includes(other.reply.parcel)]).toEqual([1, true]);
  });

  test('that is not here whole is not shown, and cannot be read or deleted', async () => {
    const me = await owner();
    const reply = replyFor(me);
    await postIn(session, server.staffUrl + REPLIES_ROUTE, { opening: await reply.opening() });
    await sendReplyPartAt(server.staffUrl, session, reply, 0, PARTS[0]!);
    expect((await me.look()).replies).toEqual([]);
    for (const answer of [
      await me.get(mailboxReplyRoute(reply.parcel)),
      await me.get(mailboxReplyPartRoute(reply.parcel, 0)),
      await me.post(deleteReplyRoute(reply.parcel)),
    ])
      expect([answer.status, await codeOf(answer)]).toEqual([404, 'parcel-unknown']);
    expect((await sendReplyPartAt(server.staffUrl, session, reply, 1, PARTS[1]!)).status).toBe(201);
  });

  test('to another mailbox, a submission in its place, or none is as good as none', async () => {
    const [me, other] = [await owner(), await owner()];
    const sender = await createSender({ parts: 1, mailbox: me.key });
    await openAt(server.sourceUrl, sender);
    await sendAt(server.sourceUrl, sender, 0, patternBytes(900));
    await postJson(server.sourceUrl + sealRoute(sender.parcel), { seal: await sender.seal([patternBytes(900)]) });
    const { reply } = await delivered(other);
    for (const parcel of [reply.parcel, sender.parcel, 'f'.repeat(32), 'x'])
      for (const answer of [
        await me.get(mailboxReplyRoute(parcel)),
        await me.get(mailboxReplyPartRoute(parcel, 0)),
        await me.post(deleteReplyRoute(parcel)),
      ])
        expect([parcel, answer.status, await codeOf(answer)]).toEqual([parcel, 404, 'parcel-unknown']);
    expect((await other.get(mailboxReplyRoute(reply.parcel))).status).toBe(200);
  });

  test('is no submission: its sender’s addresses know nothing of it', async () => {
    const me = await owner();
    const { reply } = await delivered(me);
    const url = server.sourceUrl;
    const headers = await reply.creation(0, PARTS[0]!, 'submission');
    for (const answer of [
      await fetch(url + parcelRoute(reply.parcel)),
      await postJson(url + sealRoute(reply.parcel), { seal: await reply.seal(PARTS) }),
      await fetch(url + partRoute(reply.parcel, 0), { method: 'POST', headers }),
      await fetch(url + partRoute(reply.parcel, 0), { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } }),
    ])
      expect(answer.status).toBe(404);
    expect((await postJson(url + PARCELS_ROUTE, { opening: await reply.opening() })).status).toBe(422);
  });
});
