/** The client's mailbox against the real server: all that it asks, and a reply from the organisation read back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMailbox } from '../../../client/mailbox/create-mailbox.ts';
import { hasArrived } from '../../../client/mailbox/has-arrived.ts';
import type { Mailbox } from '../../../client/mailbox/mailbox.ts';
import { toBase64 } from '../../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../../shared/crypto/ed25519.ts';
import { openCard } from '../../../shared/statements/card.ts';
import type { Card } from '../../../shared/statements/card.ts';
import { partRoute } from '../../../shared/protocol/routes.ts';
import { fetchTransport } from '../../kit/fetch-transport.ts';
import { patternBytes, random } from '../../kit/random-bytes.ts';
import { BODY_TYPE, createSender, openAt, sealAt, sendAt } from '../../kit/sender.ts';
import type { Sender } from '../../kit/sender.ts';
import { startTestServer } from '../../kit/test-server.ts';
import type { TestServer } from '../../kit/test-server.ts';
import { writeReply } from '../../kit/write-reply.ts';
import { drawKeys, sourceOver } from './correspondents.ts';
import { deliver } from './deliver.ts';
import { testLink } from './stand-in.ts';

const MIB = 1_048_576;
const PARTS = [patternBytes(3000, 1), patternBytes(3000, 2), patternBytes(900, 3)];
const DAY = '2026-11-24';
let server: TestServer;
let card: Card;

beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(`${DAY}T10:00:00Z`) });
  card = await openCard(await server.organisation.card(), server.organisation.root.publicKey);
});
afterAll(() => server[Symbol.asyncDispose]());

function mailboxOf(key: SigningKey): Mailbox {
  return createMailbox({ key, card, link: testLink(fetchTransport(server.sourceUrl)) });
}

/** A parcel that was begun, with its mailbox. */
async function begun(): Promise<{ sender: Sender; mailbox: Mailbox; parcel: string }> {
  const sender = await createSender();
  await openAt(server.sourceUrl, sender);
  return { sender, mailbox: mailboxOf(sender.mailbox), parcel: sender.parcel };
}

async function sealed(): ReturnType<typeof begun> {
  const case_ = await begun();
  for (const [part, bytes] of PARTS.entries()) await sendAt(server.sourceUrl, case_.sender, part, bytes);
  expect((await sealAt(server.sourceUrl, case_.sender, PARTS)).status).toBe(200);
  return case_;
}

test('an unknown mailbox is empty', async () => {
  const mailbox = mailboxOf(await ed25519FromSeed(random(32)));
  expect(await mailbox.look()).toEqual({ unfinished: [], sealed: [], replies: [], refused: 0 });
});

test('an unfinished parcel shows its opening; ledger pages come back as they were put', async () => {
  const { mailbox, parcel, sender } = await begun();
  const pages = [patternBytes(262_144, 4), patternBytes(17, 5)];
  for (const [page, bytes] of pages.entries()) await mailbox.putLedgerPage(parcel, page, bytes);
  await mailbox.putLedgerPage(parcel, 1, pages[1]!);
  for (const [page, bytes] of pages.entries()) expect(await mailbox.ledgerPage(parcel, page)).toEqual(bytes);
  await sendAt(server.sourceUrl, sender, 0, PARTS[0]!);
  const { unfinished } = await mailbox.look();
  expect(unfinished).toMatchObject([{ parcel, finished: 1, pages: 2, writer: 0, opening: { parcel, card: 1 } }]);
  await expect(mailbox.ledgerPage(parcel, 2)).rejects.toMatchObject({ code: 'not-found' });
  await expect(mailbox.putLedgerPage(parcel, 1, random(17))).rejects.toMatchObject({ code: 'parcel-differs' });
  await expect(mailboxOf(await ed25519FromSeed(random(32))).ledgerPage(parcel, 0)).rejects.toMatchObject({
    code: 'parcel-unknown',
  });
});

test('finished parts come with statements that were verified and the records they were sent with', async () => {
  const { mailbox, parcel, sender } = await begun();
  const record = random(3248);
  const creation = await sender.creation(0, PARTS[0]!);
  const metadata = `${creation['upload-metadata']},record ${toBase64(record)}`;
  const headers = { ...creation, ...BODY_TYPE, 'upload-metadata': metadata };
  const body = Buffer.from(PARTS[0]!);
  expect((await fetch(server.sourceUrl + partRoute(parcel, 0), { method: 'POST', headers, body })).status).toBe(201);
  await sendAt(server.sourceUrl, sender, 2, PARTS[2]!);
  const parts = await mailbox.finishedParts(parcel);
  expect(parts).toMatchObject([
    { statement: { parcel, part: 0, size: 3000 }, record },
    { statement: { parcel, part: 2, size: 900 }, record: null },
  ]);
});

test('of two who take the same parcel up, the second is told', async () => {
  const { mailbox, parcel, sender } = await begun();
  await mailbox.claim(parcel, 1);
  await mailbox.claim(parcel, 1);
  await expect(mailboxOf(sender.mailbox).claim(parcel, 1)).rejects.toMatchObject({ code: 'writer-replaced' });
  await mailboxOf(sender.mailbox).claim(parcel, 2);
  expect((await mailbox.look()).unfinished).toMatchObject([{ writer: 2 }]);
});

test('a sealed parcel shows day and receipt until that is dismissed, and is gone when it is withdrawn', async () => {
  const { mailbox, parcel } = await sealed();
  expect((await mailbox.look()).sealed).toEqual([
    { parcel, day: DAY, collected: false, receipt: expect.stringContaining('postern/receipt/v1') as string },
  ]);
  await mailbox.dismiss(parcel);
  expect((await mailbox.look()).sealed).toEqual([{ parcel, day: DAY, collected: false, receipt: null }]);
  await mailbox.withdraw(parcel);
  // An answer may have been lost: asking again is no failure.
  await mailbox.withdraw(parcel);
  expect((await mailbox.look()).sealed).toEqual([]);
});

test('a parcel whose parts have all arrived is sealed with the codename alone, as often as it is asked', async () => {
  const { mailbox, parcel, sender } = await begun();
  await sendAt(server.sourceUrl, sender, 2, PARTS[2]!);
  await sendAt(server.sourceUrl, sender, 0, PARTS[0]!);
  const [early] = (await mailbox.look()).unfinished;
  expect(hasArrived(early!)).toBe(false);
  await expect(mailbox.seal(early!)).rejects.toMatchObject({ code: 'parts-missing' });
  await sendAt(server.sourceUrl, sender, 1, PARTS[1]!);
  const [late] = (await mailbox.look()).unfinished;
  expect(hasArrived(late!)).toBe(true);
  await mailbox.seal(late!);
  await mailbox.seal(late!);
  const { unfinished, sealed: done } = await mailbox.look();
  expect(unfinished).toEqual([]);
  expect(done).toMatchObject([{ parcel, day: DAY, receipt: expect.stringContaining('postern/receipt/v1') as string }]);
});

test('a mailbox that was forgotten looks like an unknown one', async () => {
  const { mailbox } = await sealed();
  await mailbox.forget();
  expect(await mailbox.look()).toEqual({ unfinished: [], sealed: [], replies: [], refused: 0 });
});

test('a reply comes out as the organisation wrote it, and is gone when it is deleted', async () => {
  const keys = await drawKeys(card);
  const content = patternBytes(5 * MIB + 3);
  const recipient = { mailbox: keys.mailbox.publicKey, replyRecipient: keys.replyRecipient };
  const files = [{ path: 'صورة 🎥.mp4', content }];
  const reply = await writeReply(server.organisation.reply, recipient, { message: 'متى؟', files });
  await deliver(server, reply);
  const source = sourceOver(fetchTransport(server.sourceUrl), keys, card);
  const { replies, refused } = await source.mailbox.look();
  expect([replies.length, refused]).toEqual([1, 0]);
  const opened = await source.open(replies[0]!);
  expect([opened.message, opened.files]).toEqual(['متى؟', [{ index: 0, path: 'صورة 🎥.mp4', size: content.length }]]);
  const blob = await opened.readFile(opened.files[0]!);
  expect(Buffer.compare(new Uint8Array(await blob.arrayBuffer()), content)).toBe(0);

  await source.mailbox.deleteReply(reply.opening.parcel);
  await source.mailbox.deleteReply(reply.opening.parcel);
  expect((await source.mailbox.look()).replies).toEqual([]);
  await expect(source.open(replies[0]!)).rejects.toMatchObject({ code: 'parcel-unknown' });
});

test('another source cannot fetch a reply, whatever it knows of it', async () => {
  const [keys, others] = await Promise.all([drawKeys(card), drawKeys(card)]);
  const recipient = { mailbox: keys.mailbox.publicKey, replyRecipient: keys.replyRecipient };
  const reply = await writeReply(server.organisation.reply, recipient, { message: 'not for you' });
  await deliver(server, reply);
  const other = sourceOver(fetchTransport(server.sourceUrl), others, card);
  await expect(other.open(reply.opening)).rejects.toMatchObject({ code: 'parcel-unknown' });
});
