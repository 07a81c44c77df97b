/** Replies that are not as the organisation signed them: refused with one Problem, and no byte of them given out. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toBase64Url } from '../../../shared/bytes/base64.ts';
import { isProblem } from '../../../shared/problem/problem.ts';
import { formatEnvelope } from '../../../shared/protocol/envelope.ts';
import type { Envelope } from '../../../shared/protocol/envelope.ts';
import { signPartStatement } from '../../../shared/statements/part-statement.ts';
import { signReceipt } from '../../../shared/statements/receipt.ts';
import { signReplyOpening } from '../../../shared/statements/reply-opening.ts';
import { openSeal, signSeal } from '../../../shared/statements/seal.ts';
import { patternBytes } from '../../kit/random-bytes.ts';
import { envelopeOf } from '../../kit/write-reply.ts';
import type { ReplyText, WrittenReply } from '../../kit/write-reply.ts';
import { drawKeys, drawOrganisation, sourceOver } from './correspondents.ts';
import type { Source } from './correspondents.ts';
import { createStandIn } from './stand-in.ts';
import type { HeldReply, StandIn } from './stand-in.ts';

const MIB = 1_048_576;
const organisation = await drawOrganisation();
const stranger = await drawOrganisation();
const TEXT: ReplyText = { message: 'Come alone.', files: [{ path: 'map', content: patternBytes(2.5 * MIB) }] };

interface Sent {
  readonly standIn: StandIn;
  readonly source: Source;
  readonly reply: WrittenReply;
  readonly held: HeldReply;
}

async function sent(text: ReplyText = TEXT): Promise<Sent> {
  const keys = await drawKeys(organisation.card);
  const standIn = createStandIn();
  const reply = await organisation.write(keys, text);
  const held = standIn.hold(reply);
  return { standIn, source: sourceOver(standIn.transport, keys, organisation.card), reply, held };
}

/** What opening it comes to: a Problem, never a reply. */
async function refusal({ source, reply }: Sent): Promise<{ code: string; reason: unknown }> {
  const outcome: unknown = await source.open(reply.opening).catch((error: unknown) => error);
  if (!isProblem(outcome)) throw new Error(`not refused: ${String(outcome)}`, { cause: outcome });
  return { code: outcome.code, reason: outcome.detail['reason'] };
}

async function expectRefused(case_: Sent): Promise<void> {
  expect((await refusal(case_)).code).toBe('reply-refused');
}

test('what is not tampered with opens, so that each refusal has its reason', async () => {
  const { source, reply } = await sent();
  expect((await source.open(reply.opening)).message).toBe('Come alone.');
});

test('each byte of the envelope counts, the receipt included', async () => {
  const case_ = await sent({ message: 'Come alone.' });
  const { held, reply } = case_;
  const { root } = await openSeal(reply.envelope.seal!, organisation.reply.publicKey, 'reply');
  const receipt = { parcel: reply.opening.parcel, root, received: '2026-11-24' };
  const right = formatEnvelope({ ...reply.envelope, receipt: await signReceipt(receipt, organisation.receipt) });
  held.text = right;
  expect((await case_.source.open(reply.opening)).message).toBe('Come alone.');
  for (let at = 0; at < right.length; at++) {
    const other = right[at] === '0' ? '1' : '0';
    held.text = right.slice(0, at) + other + right.slice(at + 1);
    await expectRefused(case_);
    if (at % 50 === 0) {
      held.text = right.slice(0, at);
      await expectRefused(case_);
      held.text = `${right.slice(0, at)} ${right.slice(at)}`;
      await expectRefused(case_);
    }
  }
});

test('each byte of a part counts, and its length', async () => {
  const case_ = await sent({ message: 'Come alone.' });
  const { held } = case_;
  const right = held.parts[0]!;
  for (let at = 0; at < right.length; at += at < 2000 ? 61 : 997) {
    const wrong = right.slice();
    wrong[at]! ^= 1 << (at % 8);
    held.parts[0] = wrong;
    await expectRefused(case_);
  }
  for (const wrong of [right.subarray(0, -1), right.subarray(1), new Uint8Array([...right, 0]), new Uint8Array(0)]) {
    held.parts[0] = new Uint8Array(wrong);
    await expectRefused(case_);
  }
});

const swap = <Item>([first, second, ...rest]: readonly Item[]): Item[] => [second!, first!, ...rest];

const tamperings: Readonly<Record<string, (sent: Sent, other: Sent) => Promise<unknown>>> = {
  'two parts in the wrong order': async ({ held }) => held.parts.splice(0, 2, held.parts[1]!, held.parts[0]!),
  'two statements in the wrong order': async ({ held, reply: { envelope } }) =>
    (held.text = formatEnvelope({ ...envelope, parts: swap(envelope.parts) })),
  'parts and statements in another order, sealed so': async ({ held, reply }) => {
    const [parts, notes] = [swap(reply.parts), swap(reply.envelope.parts)];
    held.parts.splice(0, parts.length, ...parts);
    held.text = formatEnvelope(await envelopeOf(organisation.reply, reply.opening, notes, parts));
  },
  'a part of another reply': async ({ held }, other) => (held.parts[1] = other.held.parts[1]!),
  'a part of another reply with its statement': async ({ held, reply: { envelope } }, other) => {
    held.parts[1] = other.held.parts[1]!;
    held.text = formatEnvelope({ ...envelope, parts: envelope.parts.with(1, other.reply.envelope.parts[1]!) });
  },
  'a statement that comes twice': async ({ held, reply: { envelope } }) =>
    (held.text = formatEnvelope({ ...envelope, parts: envelope.parts.with(1, envelope.parts[0]!) })),
  'a statement too many': async ({ held, reply: { envelope } }) =>
    (held.text = formatEnvelope({ ...envelope, parts: [...envelope.parts, envelope.parts[0]!] })),
  'a statement too few': async ({ held, reply: { envelope } }) =>
    (held.text = formatEnvelope({ ...envelope, parts: envelope.parts.slice(0, -1) })),
  'no seal': async ({ held, reply: { envelope } }) => (held.text = formatEnvelope({ ...envelope, seal: null })),
  'the seal of another reply': async ({ held, reply: { envelope } }, other) =>
    (held.text = formatEnvelope({ ...envelope, seal: other.reply.envelope.seal })),
  'a seal over other parts': async ({ held, reply: { envelope, opening } }) => {
    const seal = await openSeal(envelope.seal!, organisation.reply.publicKey, 'reply');
    const wrong = { ...seal, root: createHash('sha256').update('other').digest('hex'), parcel: opening.parcel };
    held.text = formatEnvelope({ ...envelope, seal: await signSeal(wrong, organisation.reply, 'reply') });
  },
  'a seal made for submissions': async ({ held, reply: { envelope } }) => {
    const seal = await openSeal(envelope.seal!, organisation.reply.publicKey, 'reply');
    held.text = formatEnvelope({ ...envelope, seal: await signSeal(seal, organisation.reply, 'submission') });
  },
  'everything of another reply': async ({ held }, other) => {
    held.text = other.held.text;
    held.parts.splice(0, held.parts.length, ...other.held.parts);
  },
  'another opening, rightly signed': async ({ held, reply: { envelope, opening } }) => {
    const changed = await signReplyOpening({ ...opening, number: 2 }, organisation.reply);
    held.text = formatEnvelope({ ...envelope, opening: changed });
  },
  'statements of another key': async ({ held, reply }) => {
    const statements = reply.parts.map((file, part) => ({
      parcel: reply.opening.parcel,
      part,
      size: file.length,
      sha256: createHash('sha256').update(file).digest('hex'),
    }));
    const sign = (statement: (typeof statements)[number]) => signPartStatement(statement, stranger.reply, 'reply');
    held.text = formatEnvelope({ ...reply.envelope, parts: await Promise.all(statements.map(sign)) });
  },
  'all of it made by another organisation': async ({ held, reply, source }) => {
    const forged = await stranger.write(source.keys, { ...TEXT, bag: { parcel: reply.opening.parcel } });
    held.text = formatEnvelope({ ...forged.envelope, parcel: reply.opening.parcel } satisfies Envelope);
    held.parts.splice(0, held.parts.length, ...forged.parts);
  },
  'other parts of the same length, in everything but the hash as they must be': async ({ held, reply, source }) => {
    const { parcel } = reply.opening;
    const bag = { parcel, sender: toBase64Url(organisation.reply.publicKey) };
    const forged = await stranger.write(source.keys, { ...TEXT, message: 'Come at 3 h', bag });
    expect(forged.parts.map(({ length }) => length)).toEqual(reply.parts.map(({ length }) => length));
    held.parts.splice(0, held.parts.length, ...forged.parts);
  },
  'the receipt of another reply': async ({ held, reply: { envelope } }, other) => {
    const { parcel, root } = await openSeal(other.reply.envelope.seal!, organisation.reply.publicKey, 'reply');
    const receipt = await signReceipt({ parcel, root, received: '2026-11-24' }, organisation.receipt);
    held.text = formatEnvelope({ ...envelope, receipt });
  },
  'another mailbox on the envelope': async ({ held, reply: { envelope } }, other) =>
    (held.text = formatEnvelope({ ...envelope, mailbox: toBase64Url(other.source.keys.mailbox.publicKey) })),
};

test.each(Object.entries(tamperings))('refused: %s', async (_, tamper) => {
  const [case_, other] = await Promise.all([sent(), sent()]);
  await tamper(case_, other);
  await expectRefused(case_);
});

const zeros = (right: Uint8Array<ArrayBuffer>) => right.map((byte, at) => (at > right.length - 20 ? 1 : byte));

/** What even the organisation's own signature does not make good: a desk that is broken, or not ours. */
const badBags: Readonly<Record<string, ReplyText>> = {
  'a bag of another sender': { ...TEXT, bag: { sender: toBase64Url(stranger.reply.publicKey) } },
  'a bag of another parcel': { ...TEXT, bag: { parcel: 'ab'.repeat(16) } },
  'a bag that asks for replies': { ...TEXT, bag: { replyRecipient: 'age1pq1test' } },
  'a file that is not what the manifest says': {
    ...TEXT,
    results: ([message, file]) => [message!, { ...file!, sha256: new Uint8Array(32) }],
  },
  'a message that is not what the manifest says': {
    ...TEXT,
    results: ([message, file]) => [{ ...message!, sha256: new Uint8Array(32) }, file!],
  },
  'a file that the desk could not read': {
    ...TEXT,
    results: ([message, file]) => [message!, { ...file!, status: 'unreadable' }],
  },
  'a large file that the desk could not read': {
    files: [{ path: 'film', content: patternBytes(6 * MIB) }],
    results: ([file]) => [{ ...file!, status: 'unreadable' }],
  },
  'bytes behind the end': { message: 'm', stream: zeros },
  'a message that is no UTF-8': {
    message: 'mm',
    results: ([message]) => [{ ...message!, sha256: createHash('sha256').update(Uint8Array.of(0xff, 0x6d)).digest() }],
    stream: (right) => {
      const at = Buffer.from(right).indexOf('mm\0');
      return right.map((byte, i) => (i === at ? 0xff : byte));
    },
  },
  'a message too long': { message: 'x'.repeat(MIB + 1) },
};

test.each(Object.entries(badBags))('refused: %s', async (_, text) => {
  await expectRefused(await sent(text));
});

test('refused: a reply that is encrypted to somebody else', async () => {
  const { replyRecipient } = await drawKeys(organisation.card);
  await expectRefused(await sent({ ...TEXT, recipient: replyRecipient }));
});

test('a reply is not listed when another key signed it, when it is for another mailbox, or a second time', async () => {
  const { standIn, source, reply } = await sent({ message: 'mine', number: 3 });
  const [elsewhere, forged] = [await sent(), await stranger.write(source.keys, TEXT)];
  const first = await organisation.write(source.keys, { message: 'first', number: 2 });
  standIn.hold(elsewhere.reply);
  standIn.hold(forged);
  standIn.hold(first);
  standIn.hold(reply);
  standIn.look.replies = [...standIn.look.replies, reply.envelope.opening.replace('number 3', 'number 4'), 'junk'];
  const { replies, refused } = await source.mailbox.look();
  expect(replies.map(({ number, parcel }) => [number, parcel])).toEqual([
    [2, first.opening.parcel],
    [3, reply.opening.parcel],
  ]);
  expect(refused).toBe(5);
  // Even who gets hold of such an opening by another way gets nothing.
  await expectRefused({ ...elsewhere, source, standIn });
});

test('of a large reply, a part that was altered costs the file it belongs to: nothing of that is given out', async () => {
  const files = ['first', 'second'].map((path, i) => ({ path, content: patternBytes(4 * MIB, i + 1) }));
  const { source, reply, held } = await sent({ message: 'two files', files });
  held.parts[6]![100_000]! ^= 1;
  const opened = await source.open(reply.opening);
  const [first, second] = opened.files;
  expect((await opened.readFile(first!)).size).toBe(4 * MIB);
  await expect(opened.readFile(second!)).rejects.toMatchObject({ code: 'reply-refused' });
  const ends: string[] = [];
  const sink = {
    write: () => Promise.resolve(),
    close: () => Promise.resolve(void ends.push('close')),
    abort: () => Promise.resolve(void ends.push('abort')),
  };
  await expect(opened.writeFile(second!, sink)).rejects.toMatchObject({ code: 'reply-refused' });
  expect(ends).toEqual(['abort']);
});

test.each([8, 17])('a file of %i MiB that is not what the manifest says is not given out', async (size) => {
  const { source, reply } = await sent({
    files: [{ path: 'film', content: patternBytes(size * MIB) }],
    results: ([file]) => [{ ...file!, sha256: new Uint8Array(32) }],
  });
  const opened = await source.open(reply.opening);
  await expect(opened.readFile(opened.files[0]!)).rejects.toMatchObject({ code: 'reply-refused' });
});
