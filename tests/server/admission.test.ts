/** Proof of work over the wire: what lets a newcomer in, once and in every process, and what does not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdmission } from '../../server/guard/admission.ts';
import { createDemand, FREE_NEWCOMERS } from '../../server/guard/demand.ts';
import { createWork } from '../../server/guard/work.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { MAILBOX_ROUTE, MAILBOX_SESSION_ROUTE, parcelRoute, PARCELS_ROUTE } from '../../shared/protocol/routes.ts';
import { MOST_WORK, parseWork } from '../../shared/protocol/work.ts';
import { signMailboxSignIn } from '../../shared/statements/mailbox-sign-in.ts';
import { mailboxChallenge, mailboxOwner } from '../kit/mailbox-owner.ts';
import { random } from '../kit/random-bytes.ts';
import { createSender, openAt, sealAt, sendAt } from '../kit/sender.ts';
import { solveWork, workIn } from '../kit/solve-work.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const MINUTE = 60_000;
const begin = Date.parse('2026-11-24T10:05:00Z');
let now = begin;
let ticks = 0;

let idle: TestServer;
/** Source listeners that ask for work of a level at the least, as other processes of the same instance. */
let first: string, again: string, fifth: string, dearest: string;
beforeAll(async () => {
  idle = await startTestServer({ now: () => new Date(now), clock: () => ticks });
  const asking = async (leastWork: number) =>
    (await idle.again({ config: { ...idle.config, leastWork } })).sourceUrl + PARCELS_ROUTE;
  [first, again, fifth, dearest] = await Promise.all([asking(1), asking(1), asking(5), asking(MOST_WORK)]);
});
afterAll(() => idle[Symbol.asyncDispose]());

function post(url: string, body: unknown, work?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(work !== undefined && { 'postern-work': work }) };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

const newOpening = async () => ({ opening: await (await createSender()).opening() });
const newSignIn = async () => ({
  statement: await signMailboxSignIn(await mailboxChallenge(idle.sourceUrl), await ed25519FromSeed(random(32))),
});

/** The challenge of an answer that must ask for work. */
async function expectChallenge(answer: Response): Promise<string> {
  const challenge = await workIn(answer);
  expect([answer.status, challenge]).toEqual([429, expect.stringMatching(/^[A-Za-z0-9_-]{71}$/)]);
  return challenge!;
}

/** The work for a body, solved. */
const workFor = async (url: string, body: unknown): Promise<string> =>
  solveWork(await expectChallenge(await post(url, body)));

async function openings(): Promise<number> {
  const [row] = await idle.database.database.run((sql) => sql<{ count: bigint }[]>`select count(*) from parcel`);
  return Number(row!.count);
}

describe('a newcomer', () => {
  test('comes in with one request while the server is idle', async () => {
    expect((await post(idle.sourceUrl + PARCELS_ROUTE, await newOpening())).status).toBe(201);
    expect((await post(idle.sourceUrl + MAILBOX_SESSION_ROUTE, await newSignIn())).status).toBe(200);
  });

  test('is asked for work under demand, in the words of the table, and comes in with it', async () => {
    const body = await newOpening();
    const answer = await post(first, body);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.clone().json()).toMatchObject({ status: 429, code: 'work-required' });
    expect((await post(first, body, await solveWork(await expectChallenge(answer)))).status).toBe(201);
  });

  test('opens one parcel for one piece of work, in whichever process, however often the answer is lost', async () => {
    const before = await openings();
    const body = await newOpening();
    const work = await workFor(first, body);
    expect((await post(again, body, work)).status).toBe(201);
    for (const process of [first, again, first]) expect((await post(process, body, work)).status).toBe(200);
    for (const process of [first, again]) await expectChallenge(await post(process, await newOpening(), work));
    expect(await openings()).toBe(before + 1);
  });

  test('signs in to one mailbox for one piece of work', async () => {
    const [body, other] = [await newSignIn(), await newSignIn()];
    const session = first.replace(PARCELS_ROUTE, MAILBOX_SESSION_ROUTE);
    const work = await workFor(session, body);
    for (let time = 0; time < 2; time++) expect((await post(session, body, work)).status).toBe(200);
    await expectChallenge(await post(session, other, work));
  });

  test('is not let in for work that was done for the other kind of request', async () => {
    const session = first.replace(PARCELS_ROUTE, MAILBOX_SESSION_ROUTE);
    const [opening, signIn] = [await newOpening(), await newSignIn()];
    await expectChallenge(await post(session, signIn, await workFor(first, opening)));
    await expectChallenge(await post(first, opening, await workFor(session, signIn)));
  });

  test('has ten minutes, and not more than twenty', async () => {
    const body = await newOpening();
    const challenge = await expectChallenge(await post(first, body));
    const work = await solveWork(challenge);
    now = begin + 10 * MINUTE;
    expect((await post(first, body, work)).status).toBe(201);
    const late = await newOpening();
    const old = await workFor(first, late);
    now += 20 * MINUTE;
    await expectChallenge(await post(first, late, old));
    // Ten minutes ahead is what the clock of another process may be.
    const ahead = await workFor(first, late);
    now -= 10 * MINUTE;
    expect((await post(first, late, ahead)).status).toBe(201);
    now = begin;
  });

  test('may bring work of two levels below what is asked for, not of three', async () => {
    const third = (await idle.again({ config: { ...idle.config, leastWork: 3 } })).sourceUrl + PARCELS_ROUTE;
    const second = (await idle.again({ config: { ...idle.config, leastWork: 2 } })).sourceUrl + PARCELS_ROUTE;
    const [body, easy] = [await newOpening(), await newOpening()];
    expect((await post(fifth, body, await workFor(third, body))).status).toBe(201);
    const challenge = parseWork(await expectChallenge(await post(fifth, easy, await workFor(second, easy))));
    expect(challenge?.level).toBe(5);
  });

  test('gets nowhere with a changed challenge, a wrong answer, or what is neither', async () => {
    const body = await newOpening();
    const work = await workFor(first, body);
    const [challenge = '', answer = ''] = work.split('.');
    const swapped = (text: string, at: number): string =>
      text.slice(0, at) + (text[at] === 'A' ? 'E' : 'A') + text.slice(at + 1);
    const changed = Array.from({ length: work.length }, (_, at) => at)
      .filter((at) => work[at] !== '.')
      .map((at) => swapped(work, at));
    const strange = ['', '.', challenge, `.${answer}`, `${answer}.${challenge}`, `${work}.`, `${work}, ${work}`];
    for (const bad of [...changed, ...strange, 'A'.repeat(8_000)]) await expectChallenge(await post(first, body, bad));
    expect((await post(first, body, work)).status).toBe(201);
  });

  test('who is in already is never asked: parts, state, seal and mailbox at the highest level', async () => {
    const source = dearest.replace(PARCELS_ROUTE, '');
    const sender = await createSender();
    await openAt(idle.sourceUrl, sender);
    const owner = await mailboxOwner(idle.sourceUrl, sender.mailbox);
    const parts = [random(1_000), random(2_000), random(3_000)];
    for (const [part, bytes] of parts.entries()) expect((await sendAt(source, sender, part, bytes)).status).toBe(201);
    expect((await fetch(source + parcelRoute(sender.parcel))).status).toBe(200);
    expect((await sealAt(source, sender, parts)).status).toBe(200);
    const { authorization } = { authorization: `Bearer ${owner.token}` };
    expect((await fetch(source + MAILBOX_ROUTE, { headers: { authorization } })).status).toBe(200);
  });

  test('a rush makes the level rise, quiet lets it fall', async () => {
    const rush = (await idle.again({ newcomers: FREE_NEWCOMERS })).sourceUrl + PARCELS_ROUTE;
    const one = async (): Promise<number> => (await post(rush, await newOpening())).status;
    const statuses = await Promise.all(Array.from({ length: FREE_NEWCOMERS + 20 }, one));
    expect(statuses.filter((status) => status === 201)).toHaveLength(FREE_NEWCOMERS);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    ticks += 4 * MINUTE;
    expect(await one()).toBe(201);
  });
});

describe('the server', () => {
  const secret = random(32);
  const work = createWork({ secret, random, now: () => new Date(now) });

  test('makes only so many challenges at once, and is busy beyond that', async () => {
    const wanted = await Promise.allSettled(Array.from({ length: 500 }, () => work.challenge(1, 'a request')));
    const made = wanted.filter(({ status }) => status === 'fulfilled');
    const refused = wanted.filter((one) => one.status === 'rejected' && isProblem(one.reason, 'server-busy'));
    expect(made.length).toBeGreaterThan(0);
    expect(refused.length).toBe(500 - made.length);
    expect(refused.length).toBeGreaterThan(0);
    expect(parseWork(await work.challenge(1, 'a request'))).not.toBeNull();
  });

  test('knows the work of no other instance', async () => {
    const other = createWork({ secret: random(32), random, now: () => new Date(now) });
    const solved = await solveWork(await other.challenge(1, 'a request'));
    expect(other.proved(solved, 'a request')).toBe(1);
    expect(work.proved(solved, 'a request')).toBeNull();
  });

  test('counts work that is brought again as no further demand', async () => {
    const demand = createDemand({ least: 1, clock: () => 0 });
    const admission = createAdmission(demand, work);
    const solved = await solveWork(await work.challenge(1, 'a request'));
    for (let time = 0; time < 200; time++) await admission.admit(solved, 'a request');
    expect(demand.level()).toBe(1);
  });
});
