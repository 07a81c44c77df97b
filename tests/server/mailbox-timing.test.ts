/**
 * How long a mailbox takes to answer does not tell whether it is unknown, empty or full. Method: twenty mailboxes of each kind; 1,000
 * calls to each kind, in rounds of three in an order drawn anew each time, ten rounds at once, over real sockets; what is timed is
 * a sign-in (challenge and session) and a look (until its last byte). Each two kinds are compared by the Mann-Whitney rank test and must be
 * within five standard deviations of alike: were there nothing between them, one comparison in two million would not be. Load on the
 * machine meets all three alike and only blurs. The last test shows that one query of the database more is found by it.
 */
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMailboxes } from '../../server/store/mailboxes.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { MAILBOX_ROUTE, MAILBOX_SESSION_ROUTE } from '../../shared/protocol/routes.ts';
import { signMailboxSignIn } from '../../shared/statements/mailbox-sign-in.ts';
import { mailboxChallenge, mailboxOwner } from '../kit/mailbox-owner.ts';
import { random } from '../kit/random-bytes.ts';
import { compare } from '../kit/rank-test.ts';
import { postJson } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const CALLS = 1000;
const ROUNDS_AT_ONCE = 10;
const MAILBOXES = 20;
const MINUTE = 60_000;
/** Of unfinished and sealed parcels, and of replies, in a full mailbox: as many as fit into one answer of the common size. */
const ITEMS = 18;

const KINDS = ['unknown', 'empty', 'full'] as const;
type Kind = (typeof KINDS)[number];
type Times = Record<Kind, number[]>;
const PAIRS = [
  ['unknown', 'empty'],
  ['unknown', 'full'],
  ['empty', 'full'],
] as const;

interface Known {
  readonly key: SigningKey;
  readonly token: string;
}

let server: TestServer;
let mailboxes: Record<Kind, readonly Known[]>;
beforeAll(async () => {
  server = await startTestServer();
  const many = (): Promise<Known[]> =>
    Promise.all(Array.from({ length: MAILBOXES }, () => mailboxOwner(server.sourceUrl)));
  mailboxes = { unknown: await many(), empty: await many(), full: await many() };
  for (const { key } of mailboxes.full) await fill(key.publicKey, false);
  for (const { key } of mailboxes.empty) await fill(key.publicKey, true);
}, 2 * MINUTE);
afterAll(() => server[Symbol.asyncDispose]());

/** A mailbox with something of everything, or one whose source asked to be forgotten. */
async function fill(mailbox: Uint8Array, forgotten: boolean): Promise<void> {
  const note = 'x'.repeat(380);
  await server.database.database.run(
    (sql) => sql`
      insert into parcel (id, direction, reply_key, mailbox, opening, part_size, size, parts, opened, touched, seal, receipt, sealed, forgotten)
      select decode(md5(random()::text), 'hex'), case when kind = 2 then 'reply' else 'submission' end, case when kind = 2 then ${random(32)}::bytea end,
        ${mailbox}, ${note}, 1048576, 1048576, 1, current_date, current_date, case when kind > 0 then ${note}::text end,
        case when kind > 0 then ${note}::text end, case when kind > 0 then current_date end, ${forgotten}::boolean
      from generate_series(0, ${forgotten ? 1 : 2}::integer) kind, generate_series(1, ${ITEMS}::integer)`,
  );
  if (forgotten)
    await server.database.database.run(
      (sql) => sql`insert into forgotten (mailbox, day) values (${mailbox}, current_date)`,
    );
}

/** Three kinds in an order of chance, and one mailbox of each. */
function drawn(): [Kind, Known][] {
  const draws = random(2 * KINDS.length);
  return KINDS.map((kind, index) => ({ kind, place: draws[index]!, which: draws[index + 3]! % MAILBOXES }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ kind, which }) => [kind, mailboxes[kind][which]!]);
}

async function timed(
  call: (kind: Kind, known: Known) => Promise<void>,
  calls = CALLS,
  atOnce = ROUNDS_AT_ONCE,
): Promise<Times> {
  const times: Times = { unknown: [], empty: [], full: [] };
  let left = calls;
  const lane = async (): Promise<void> => {
    while (left-- > 0)
      for (const [kind, known] of drawn()) {
        const started = performance.now();
        await call(kind, known);
        times[kind].push(performance.now() - started);
      }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return times;
}

function report(what: string, times: Times): void {
  const lines = PAIRS.map(([one, other]) => {
    const { medians, deviations } = compare(times[one], times[other]);
    return `${one} ${medians[0].toFixed(2)} ms, ${other} ${medians[1].toFixed(2)} ms: ${deviations.toFixed(1)} sd`;
  });
  console.log(`${what}: ${lines.join('; ')}`);
}

function expectAlike(what: string, times: Times): void {
  report(what, times);
  for (const kind of KINDS) expect(times[kind]).toHaveLength(CALLS);
  for (const [one, other] of PAIRS) {
    const { deviations } = compare(times[one], times[other]);
    expect([what, one, other, Math.abs(deviations) < 5]).toEqual([what, one, other, true]);
  }
}

const look = async (_kind: Kind, { token }: Known): Promise<void> => {
  const answer = await fetch(server.sourceUrl + MAILBOX_ROUTE, { headers: { authorization: `Bearer ${token}` } });
  expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 32_768]);
};

test('a sign-in takes as long to an unknown, an empty and a full mailbox', { timeout: 10 * MINUTE }, async () => {
  const signIn = async (_kind: Kind, { key }: Known): Promise<void> => {
    const statement = await signMailboxSignIn(await mailboxChallenge(server.sourceUrl), key);
    expect((await postJson(server.sourceUrl + MAILBOX_SESSION_ROUTE, { statement })).status).toBe(200);
  };
  expectAlike('sign-in', await timed(signIn));
});

test('a look takes as long at an unknown, an empty and a full mailbox', { timeout: 10 * MINUTE }, async () => {
  expectAlike('look', await timed(look));
});

test('one query more would be told by this method', { timeout: 10 * MINUTE }, async () => {
  const table = openMailboxes(server.database.database);
  const lookedUp = async (kind: Kind, { key }: Known): Promise<void> => {
    await table.look(key.publicKey, 1000);
    if (kind === 'full') await table.own(key.publicKey, '0'.repeat(32));
  };
  const times = await timed(lookedUp, CALLS / 2, 1);
  report('with one query more for a full one', times);
  expect(Math.abs(compare(times.empty, times.full).deviations)).toBeGreaterThan(5);
});
