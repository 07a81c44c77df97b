/** The client's mailbox over a server that is slow, away, forgetful or lying: signs in as often as needed, waits, and believes nothing unsigned. */
import { expect, test } from 'vitest';
import { createMailbox } from '../../../client/mailbox/create-mailbox.ts';
import { toBase64 } from '../../../shared/bytes/base64.ts';
import { MAILBOX_CHALLENGE_ROUTE, MAILBOX_SESSION_ROUTE } from '../../../shared/protocol/routes.ts';
import { signOpening } from '../../../shared/statements/opening.ts';
import { signPartStatement } from '../../../shared/statements/part-statement.ts';
import { signReceipt } from '../../../shared/statements/receipt.ts';
import { signReplyOpening } from '../../../shared/statements/reply-opening.ts';
import { patternBytes, random } from '../../kit/random-bytes.ts';
import { drawKeys, drawOrganisation, sourceOver } from './correspondents.ts';
import { createStandIn, problemAnswer, testLink } from './stand-in.ts';

const MIB = 1_048_576;
const PARCEL = 'ab'.repeat(16);
const organisation = await drawOrganisation();
const { card } = organisation;

async function setUp() {
  const keys = await drawKeys(card);
  const standIn = createStandIn();
  const { mailbox } = sourceOver(standIn.transport, keys, card);
  const count = (path: string) => standIn.asked.filter((line) => line.endsWith(path)).length;
  return { keys, standIn, mailbox, count };
}

const answer = (value: unknown) => ({ status: 200, text: JSON.stringify(value), header: () => null });
const refused = (code: string) => expect.objectContaining({ code }) as unknown;

test('many questions at once sign in once, and say nothing of the codename but its public key', async () => {
  const { mailbox, standIn, keys, count } = await setUp();
  await Promise.all(Array.from({ length: 20 }, () => mailbox.look()));
  expect([count(MAILBOX_CHALLENGE_ROUTE), count(MAILBOX_SESSION_ROUTE)]).toEqual([1, 1]);
  expect([...standIn.tokens.values()]).toEqual([Buffer.from(keys.mailbox.publicKey).toString('hex')]);
});

test('when the server forgets a token, it signs in again and goes on', async () => {
  const { mailbox, standIn, count } = await setUp();
  for (let i = 0; i < 5; i++) {
    standIn.tokens.clear();
    await mailbox.look();
  }
  expect(count(MAILBOX_SESSION_ROUTE)).toBe(5);
});

test('a server that refuses what is fresh is not asked without end, and the next question tries anew', async () => {
  const { mailbox, standIn } = await setUp();
  let sessions = 0;
  standIn.fault = ({ path }) => {
    if (path !== MAILBOX_SESSION_ROUTE) return null;
    sessions += 1;
    return problemAnswer('mailbox-refused');
  };
  for (let i = 1; i <= 50; i++) {
    await expect(mailbox.look()).rejects.toEqual(refused('mailbox-refused'));
    expect(sessions).toBe(2 * i);
  }
  standIn.fault = () => null;
  expect((await mailbox.look()).replies).toEqual([]);

  standIn.fault = ({ path }) => (path.endsWith('/mailbox') ? problemAnswer('mailbox-refused') : null);
  await expect(mailbox.look()).rejects.toEqual(refused('mailbox-refused'));
});

test('a challenge that ran out while the link was away is asked for anew', async () => {
  const keys = await drawKeys(card);
  const standIn = createStandIn();
  let now = 0;
  let late = 5;
  standIn.fault = ({ path }) => {
    if (path !== MAILBOX_SESSION_ROUTE || late === 0) return null;
    late -= 1;
    now += 600_000;
    return problemAnswer('mailbox-refused');
  };
  const link = testLink(standIn.transport);
  const clock = { ...link.clock, ticks: () => now };
  const mailbox = createMailbox({ key: keys.mailbox, card, link: { ...link, clock } });
  expect((await mailbox.look()).replies).toEqual([]);
});

test('an outage is waited out, told of, and ends in an answer', async () => {
  const keys = await drawKeys(card);
  const standIn = createStandIn();
  let failures = 3;
  standIn.fault = () => {
    failures -= 1;
    if (failures < 0) return null;
    return failures === 1 ? { status: 502, text: '<html>proxy</html>', header: () => null } : 'none';
  };
  const told: boolean[] = [];
  const link = testLink(standIn.transport, ({ away }) => told.push(away));
  const mailbox = createMailbox({ key: keys.mailbox, card, link });
  expect((await mailbox.look()).refused).toBe(0);
  expect([told.includes(true), told.at(-1)]).toEqual([true, false]);
});

test('the end of the link ends a question that is waiting', async () => {
  const keys = await drawKeys(card);
  const standIn = createStandIn();
  standIn.fault = () => 'none';
  const link = testLink(standIn.transport);
  const looking = createMailbox({ key: keys.mailbox, card, link }).look();
  setTimeout(link.gate.end, 20);
  await expect(looking).rejects.toMatchObject({ name: 'AbortError' });
});

test('a page of a proxy is not taken for a deed that was done', async () => {
  const { mailbox, standIn } = await setUp();
  const page = { status: 200, text: '<html>log in</html>', header: () => null };
  const deeds = [
    () => mailbox.forget(),
    () => mailbox.withdraw(PARCEL),
    () => mailbox.dismiss(PARCEL),
    () => mailbox.deleteReply(PARCEL),
    () => mailbox.putLedgerPage(PARCEL, 0, new Uint8Array(9)),
  ];
  for (const deed of deeds) {
    const answers = [page, page, { ...page, status: 204, text: '' }];
    standIn.fault = ({ method, path }) =>
      method === 'POST' && path !== MAILBOX_CHALLENGE_ROUTE && path !== MAILBOX_SESSION_ROUTE ? answers.shift()! : null;
    await deed();
    expect(answers).toEqual([]);
  }
});

test('a page of a proxy is not taken for an answer', async () => {
  const { mailbox, standIn } = await setUp();
  let pages = 4;
  standIn.fault = () => (pages-- > 0 ? { status: 200, text: '<html>Welcome</html>', header: () => null } : null);
  expect((await mailbox.look()).sealed).toEqual([]);
});

test('a parcel that another mailbox opened, and a receipt that the server did not sign for it, are not shown', async () => {
  const { mailbox, standIn, keys } = await setUp();
  const other = await drawKeys(card);
  const opening = { parcel: PARCEL, card: 1, partSize: MIB, size: 5 * MIB };
  const mine = await signOpening({ ...opening, mailbox: keys.mailbox.publicKey }, keys.mailbox);
  const foreign = await signOpening({ ...opening, mailbox: other.mailbox.publicKey }, other.mailbox);
  const altered = mine.replace('card 1', 'card 2');
  const item = { finished: 1, pages: 1, writer: 0 };
  standIn.look.unfinished = [mine, foreign, altered].map((note) => ({ ...item, opening: note }));
  const receipt = { parcel: PARCEL, root: '00'.repeat(32), received: '2026-11-24' };
  const good = await signReceipt(receipt, organisation.receipt);
  const forged = await signReceipt(receipt, organisation.reply);
  const sealed = { day: '2026-11-24', collected: true };
  standIn.look.sealed = [
    { ...sealed, parcel: PARCEL, receipt: good },
    { ...sealed, parcel: PARCEL, receipt: forged },
    { ...sealed, parcel: 'cd'.repeat(16), receipt: good },
  ];
  const look = await mailbox.look();
  expect(look.unfinished).toMatchObject([{ ...item, parcel: PARCEL, opening: { size: 5 * MIB } }]);
  expect(look.sealed.map(({ receipt: note }) => note)).toEqual([good, null, null]);
});

test('1,000 replies are verified and in order within seconds', async () => {
  const { mailbox, standIn, keys } = await setUp();
  const one = await organisation.write(keys, { message: 'm' });
  const openings = Array.from({ length: 1000 }, (_, i) => ({
    ...one.opening,
    parcel: Buffer.from(random(16)).toString('hex'),
    number: 1 + ((i * 7) % 1000),
  }));
  standIn.look.replies = await Promise.all(openings.map((opening) => signReplyOpening(opening, organisation.reply)));
  const started = performance.now();
  const { replies, refused: not } = await mailbox.look();
  expect(performance.now() - started).toBeLessThan(10_000);
  expect([not, replies.map(({ number }) => number)]).toEqual([0, Array.from({ length: 1000 }, (_, i) => i + 1)]);
});

test('finished parts are taken page by page, and only in order, signed by this mailbox, for this parcel', async () => {
  const { mailbox, standIn, keys } = await setUp();
  const other = await drawKeys(card);
  const statement = (part: number, parcel = PARCEL, key = keys.mailbox) =>
    signPartStatement({ parcel, part, size: 10, sha256: '00'.repeat(32) }, key);
  const line = async (part: number) => ({ statement: await statement(part), record: toBase64(patternBytes(20, part)) });
  const pages: Record<string, unknown> = {
    '': { parts: [await line(0), await line(1)], next: 1 },
    '?after=1': { parts: [await line(5)], next: null },
  };
  standIn.fault = ({ path }) => (path.includes('/parts') ? answer(pages[path.split('/parts')[1]!]) : null);
  const parts = await mailbox.finishedParts(PARCEL);
  expect(parts.map(({ statement: { part } }) => part)).toEqual([0, 1, 5]);
  expect(parts[2]!.record).toEqual(patternBytes(20, 5));

  const bad: readonly [string, unknown][] = [
    ['statement-mismatch', { parts: [await line(1), await line(1)], next: null }],
    ['statement-mismatch', { parts: [await line(1), await line(0)], next: null }],
    ['statement-mismatch', { parts: [{ statement: await statement(0, 'cd'.repeat(16)), record: null }], next: null }],
    [
      'signature-wrong',
      { parts: [{ statement: await statement(0, PARCEL, other.mailbox), record: null }], next: null },
    ],
    ['note-invalid', { parts: [{ statement: 'junk', record: null }], next: null }],
  ];
  for (const [code, page] of bad) {
    pages[''] = page;
    await expect(mailbox.finishedParts(PARCEL)).rejects.toEqual(refused(code));
  }
  pages[''] = pages['?after=1'] = { parts: [], next: 1 };
  await expect(mailbox.finishedParts(PARCEL)).rejects.toEqual(refused('statement-mismatch'));
});
