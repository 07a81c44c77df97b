/** Sign-in to mailboxes: what lets in, what does not, and that neither is written down anywhere. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMailboxTokens } from '../../server/guard/mailbox-tokens.ts';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { mailboxSessionAnswer } from '../../shared/protocol/messages.ts';
import { parse } from '../../shared/protocol/parse.ts';
import {
  claimRoute,
  deleteReplyRoute,
  dismissRoute,
  finishedRoute,
  ledgerRoute,
  MAILBOX_CHALLENGE_ROUTE,
  MAILBOX_FORGET_ROUTE,
  MAILBOX_ROUTE,
  MAILBOX_SESSION_ROUTE,
  mailboxReplyPartRoute,
  mailboxReplyRoute,
  PARCELS_ROUTE,
  withdrawRoute,
} from '../../shared/protocol/routes.ts';
import { signMailboxSignIn } from '../../shared/statements/mailbox-sign-in.ts';
import { answerChallenge, mailboxChallenge, mailboxOwner } from '../kit/mailbox-owner.ts';
import { random } from '../kit/random-bytes.ts';
import { postJson } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const begin = Date.parse('2026-11-24T10:00:30Z');
let now = new Date(begin);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
});
afterAll(() => server[Symbol.asyncDispose]());

const at = (path: string): string => server.sourceUrl + path;
const later = (seconds: number): void => void (now = new Date(begin + seconds * 1000));
const codeOf = async (answer: Response): Promise<unknown> => ((await answer.json()) as { code: unknown }).code;
/** The number of rows of every table. */
const rows = async (): Promise<unknown> => {
  const { database } = server.database;
  const tables = await database.run(
    (sql) => sql<{ name: string }[]>`
      select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  return Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await database.run((sql) => sql<{ count: bigint }[]>`select count(*) from ${sql(name)}`);
      return [name, row!.count];
    }),
  );
};

describe('signing in', () => {
  test('takes any key that signs a fresh challenge, and gives a token for an hour', async () => {
    const before = await rows();
    const key = await ed25519FromSeed(random(32));
    const first = await answerChallenge(server.sourceUrl, key);
    expect([first.status, first.headers.get('set-cookie')]).toEqual([200, null]);
    const { token, expiresIn } = parse(mailboxSessionAnswer, await first.json());
    expect(expiresIn).toBe(3600);
    const authorization = `Bearer ${token}`;
    const look = async (): Promise<number> => (await fetch(at(MAILBOX_ROUTE), { headers: { authorization } })).status;
    expect(await look()).toBe(200);
    later(3599);
    expect(await look()).toBe(200);
    later(3721);
    expect(await look()).toBe(401);
    later(0);
    expect(await rows()).toEqual(before);
  });

  test('takes a challenge for two minutes at least and four at most, and needs no process to remember it', async () => {
    const key = await ed25519FromSeed(random(32));
    const challenge = await mailboxChallenge(server.sourceUrl);
    const other = await server.again();
    for (const [seconds, url, status] of [
      [0, server.sourceUrl, 200],
      [119, other.sourceUrl, 200],
      [121, server.sourceUrl, 200],
      [240, other.sourceUrl, 401],
      [-120, server.sourceUrl, 401],
    ] as const) {
      later(seconds);
      expect([seconds, (await answerChallenge(url, key, challenge)).status]).toEqual([seconds, status]);
    }
    later(0);
    const { token } = await mailboxOwner(server.sourceUrl);
    expect(
      (await fetch(other.sourceUrl + MAILBOX_ROUTE, { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(200);
  });

  test('refuses another key, an altered or foreign challenge, and what is no sign-in', async () => {
    const [key, other] = await Promise.all([1, 2].map(() => ed25519FromSeed(random(32))));
    const challenge = await mailboxChallenge(server.sourceUrl);
    const note = await signMailboxSignIn(challenge, key!);
    const post = async (statement: unknown): Promise<[number, unknown]> => {
      const answer = await postJson(at(MAILBOX_SESSION_ROUTE), { statement });
      return [answer.status, await codeOf(answer)];
    };
    const [mine, theirs] = [toBase64Url(key!.publicKey), toBase64Url(other!.publicKey)];
    expect(await post(note.replace(mine, theirs))).toEqual([401, 'mailbox-refused']);
    const forged = await signMailboxSignIn(challenge, { publicKey: other!.publicKey, sign: (text) => key!.sign(text) });
    expect(await post(forged)).toEqual([401, 'mailbox-refused']);
    const altered = Uint8Array.from(challenge);
    altered[31]! ^= 1;
    for (const wrong of [altered, random(32), new Uint8Array(32)])
      expect([(await answerChallenge(server.sourceUrl, key!, wrong)).status, wrong.length]).toEqual([401, 32]);
    for (const small of [0, 1]) {
      const publicKey = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? small : 0));
      const weak = await signMailboxSignIn(challenge, { publicKey, sign: () => Promise.resolve(new Uint8Array(64)) });
      expect(await post(weak)).toEqual([401, 'mailbox-refused']);
    }
    expect(await post('hello')).toEqual([422, 'note-invalid']);
    expect(await post(7)).toEqual([400, 'bad-request']);
    expect((await postJson(at(MAILBOX_SESSION_ROUTE), { statement: note, more: 1 })).status).toBe(400);
  });

  test('that fails fifty times in a row does no harm, to that mailbox or to others', async () => {
    const key = await ed25519FromSeed(random(32));
    const before = await rows();
    const statuses = new Set<number>();
    for (let turn = 0; turn < 50; turn++)
      statuses.add((await answerChallenge(server.sourceUrl, key, random(32))).status);
    expect([...statuses]).toEqual([401]);
    expect(await rows()).toEqual(before);
    expect((await answerChallenge(server.sourceUrl, key)).status).toBe(200);
    expect((await (await mailboxOwner(server.sourceUrl)).get(MAILBOX_ROUTE)).status).toBe(200);
    expect(server.log.filter((line) => line.event === 'internal-error')).toEqual([]);
  });
});

describe('a token', () => {
  const parcel = '0'.repeat(32);
  const calls: readonly [string, string][] = [
    ['GET', MAILBOX_ROUTE],
    ['POST', MAILBOX_FORGET_ROUTE],
    ['POST', claimRoute(parcel)],
    ['GET', finishedRoute(parcel)],
    ['POST', ledgerRoute(parcel, 0)],
    ['GET', ledgerRoute(parcel, 0)],
    ['POST', withdrawRoute(parcel)],
    ['POST', dismissRoute(parcel)],
    ['GET', mailboxReplyRoute(parcel)],
    ['GET', mailboxReplyPartRoute(parcel, 0)],
    ['POST', deleteReplyRoute(parcel)],
  ];

  test.each(calls)('is needed for %s %s', async (method, path) => {
    const { token } = await mailboxOwner(server.sourceUrl);
    const flipped = fromBase64Url(token);
    const flips = [0, 33, 37, flipped.length - 1].map((index) => {
      const copy = Uint8Array.from(flipped);
      copy[index]! ^= 1;
      return toBase64Url(copy);
    });
    const wrong = [undefined, '', `Basic ${token}`, `Bearer ${token}x`, `Bearer ${toBase64Url(random(60))}`];
    for (const authorization of [...wrong, ...flips.map((each) => `Bearer ${each}`)]) {
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await fetch(at(path), { method, headers });
      expect([answer.status, await codeOf(answer)]).toEqual([401, 'mailbox-refused']);
    }
  });

  test('of another instance is worth nothing here', async () => {
    const foreign = createMailboxTokens(random(32), random, () => now);
    const headers = { authorization: `Bearer ${foreign.issue(random(32))}` };
    expect((await fetch(at(MAILBOX_ROUTE), { headers })).status).toBe(401);
  });

  test('tells each sign-in from every other to the same mailbox', async () => {
    const key = await ed25519FromSeed(random(32));
    const owners = await Promise.all([1, 2, 3].map(() => mailboxOwner(server.sourceUrl, key)));
    expect(new Set(owners.map(({ token }) => token)).size).toBe(3);
  });

  test('is not asked for by the sign-in, nor looked at elsewhere', async () => {
    expect((await fetch(at(MAILBOX_CHALLENGE_ROUTE), { method: 'POST' })).status).toBe(200);
    const headers = { authorization: 'Bearer nonsense', 'content-type': 'application/json' };
    expect((await fetch(at(PARCELS_ROUTE), { method: 'POST', headers, body: '{}' })).status).toBe(400);
  });
});
