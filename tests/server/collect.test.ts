/** What a courier does with the staff listener: sign in, list, envelope, parts with ranges, a new card. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { formatEnvelope, parseEnvelope } from '../../shared/protocol/envelope.ts';
import {
  CARD_ROUTE,
  CHALLENGE_ROUTE,
  envelopeRoute,
  PARCELS_ROUTE,
  partRoute,
  SESSION_ROUTE,
} from '../../shared/protocol/routes.ts';
import { signSignIn } from '../../shared/statements/sign-in.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { createSender, MIB, openAt, postJson, sealAt, sendAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

let server: TestServer;
let now = new Date('2026-11-24T10:00:00Z');
let token: string;

const at = (path: string): string => server.staffUrl + path;
const hostOf = (): string => new URL(server.staffUrl).host;

async function challenge(): Promise<Uint8Array> {
  const answer = (await (await fetch(at(CHALLENGE_ROUTE), { method: 'POST' })).json()) as { challenge: string };
  return fromBase64Url(answer.challenge, 32);
}

async function signIn(key: SigningKey, host = hostOf(), given?: Uint8Array): Promise<Response> {
  return postJson(at(SESSION_ROUTE), {
    statement: await signSignIn({ challenge: given ?? (await challenge()), host }, key),
  });
}

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(at(path), { headers: { ...bearer(), ...headers } });

beforeAll(async () => {
  server = await startTestServer({ now: () => now });
  token = ((await (await signIn(server.organisation.courier)).json()) as { token: string }).token;
});
afterAll(() => server[Symbol.asyncDispose]());

describe('signing in', () => {
  test('takes an enrolled key, once for each challenge', async () => {
    const given = await challenge();
    const first = await signIn(server.organisation.courier, hostOf(), given);
    expect([first.status, await first.json()]).toEqual([
      200,
      { token: expect.stringMatching(/^[\w-]{43}$/), expiresIn: 3600 },
    ]);
    expect(await (await signIn(server.organisation.courier, hostOf(), given)).json()).toMatchObject({
      code: 'challenge-unknown',
      status: 401,
    });
  });

  test('refuses a key that is not enrolled, another host, a forged challenge, a late answer', async () => {
    const stranger = await ed25519FromSeed(random(32));
    expect(await (await signIn(stranger)).json()).toMatchObject({ code: 'sign-in-refused', status: 401 });
    expect(await (await signIn(server.organisation.courier, 'elsewhere.example:80')).json()).toMatchObject({
      code: 'sign-in-refused',
    });
    expect(await (await signIn(server.organisation.courier, hostOf(), random(32))).json()).toMatchObject({
      code: 'challenge-unknown',
    });
    const given = await challenge();
    now = new Date(now.getTime() + 121_000);
    expect(await (await signIn(server.organisation.courier, hostOf(), given)).json()).toMatchObject({
      code: 'challenge-unknown',
    });
    expect((await postJson(at(SESSION_ROUTE), { statement: 'x' })).status).toBe(422);
  });

  test('holds for an hour, and only while the key is enrolled', async () => {
    expect((await get(PARCELS_ROUTE)).status).toBe(200);
    const file = join(server.database.data, 'couriers.txt');
    const enrolled = await readFile(file, 'utf8');
    await writeFile(file, '# nobody\n');
    expect((await get(PARCELS_ROUTE)).status).toBe(401);
    await writeFile(file, enrolled);
    expect((await get(PARCELS_ROUTE)).status).toBe(200);
    now = new Date(now.getTime() + 3_601_000);
    expect(await (await get(PARCELS_ROUTE)).json()).toMatchObject({ code: 'sign-in-refused' });
    token = ((await (await signIn(server.organisation.courier)).json()) as { token: string }).token;
  });

  test('leaves only the hash of the token in the database', async () => {
    const rows = await server.database.database.run(
      (sql) => sql<{ token_sha256: Uint8Array }[]>`select token_sha256 from session`,
    );
    const hash = createHash('sha256').update(fromBase64Url(token)).digest('hex');
    expect(rows.map((row) => Buffer.from(row.token_sha256).toString('hex'))).toContain(hash);
    expect(rows.map((row) => toBase64Url(row.token_sha256))).not.toContain(token);
  });
});

describe('collecting', () => {
  test('lists what came, in pages, finished or not', async () => {
    const senders = await Promise.all(Array.from({ length: 203 }, () => createSender({ parts: 2 })));
    for (const sender of senders) await openAt(server.sourceUrl, sender);
    const parts = [patternBytes(MIB), patternBytes(1000)];
    await sendAt(server.sourceUrl, senders[1]!, 1, parts[1]!);
    for (const [part, bytes] of parts.entries()) await sendAt(server.sourceUrl, senders[2]!, part, bytes);
    expect((await sealAt(server.sourceUrl, senders[2]!, parts)).status).toBe(200);

    const first = (await (await get(PARCELS_ROUTE)).json()) as { parcels: { number: number }[]; next: number };
    expect(first.parcels).toHaveLength(200);
    expect(first.next).toBe(first.parcels.at(-1)!.number);
    const same = { day: '2026-11-24', size: MIB + 1000, parts: 2, collected: false };
    expect(first.parcels.slice(0, 3)).toEqual([
      { ...same, number: expect.any(Number), parcel: senders[0]!.parcel, finished: 0, sealed: false },
      { ...same, number: expect.any(Number), parcel: senders[1]!.parcel, finished: 1, sealed: false },
      { ...same, number: expect.any(Number), parcel: senders[2]!.parcel, finished: 2, sealed: true },
    ]);
    const rest = (await (await get(`${PARCELS_ROUTE}?after=${first.next}`)).json()) as {
      parcels: { parcel: string }[];
      next: null;
    };
    expect([rest.parcels.map(({ parcel }) => parcel), rest.next]).toEqual([
      senders.slice(200).map(({ parcel }) => parcel),
      null,
    ]);
    expect((await get(`${PARCELS_ROUTE}?after=-1`)).status).toBe(400);

    const sealed = await (await get(envelopeRoute(senders[2]!.parcel))).text();
    const envelope = parseEnvelope(sealed);
    expect(formatEnvelope(envelope)).toBe(sealed);
    expect(envelope.parts).toEqual([
      await senders[2]!.statement(0, parts[0]!),
      await senders[2]!.statement(1, parts[1]!),
    ]);
    expect(envelope.seal).toBe(await senders[2]!.seal(parts));
    expect(envelope.receipt).toContain('postern/receipt/v1');
    const unfinished = await (await get(envelopeRoute(senders[0]!.parcel))).text();
    expect(formatEnvelope(parseEnvelope(unfinished))).toBe(unfinished);
    expect(parseEnvelope(unfinished)).toMatchObject({ parts: [], seal: null, receipt: null });
  });

  test('an envelope with thousands of parts comes whole', async () => {
    const sender = await createSender({ parts: 4500 });
    await openAt(server.sourceUrl, sender);
    await server.database.database.run(
      (sql) => sql`
        insert into part (parcel, seq, statement, sha256, size, received, blobs)
        select ${Buffer.from(sender.parcel, 'hex')}, n, 'note ' || n, ${random(32)}, 9, case when n % 9 = 0 then 0 else 9 end, ''
        from generate_series(0, 4499) n`,
    );
    const { parts } = parseEnvelope(await (await get(envelopeRoute(sender.parcel))).text());
    expect(parts).toEqual(
      Array.from({ length: 4500 }, (_, n) => n)
        .filter((n) => n % 9 !== 0)
        .map((n) => `note ${n}`),
    );
  });

  test('gives finished parts, whole or by range, across the blobs they lie in', async () => {
    const sender = await createSender({ parts: 2 });
    await openAt(server.sourceUrl, sender);
    const bytes = patternBytes(700_001, 9);
    await fetch(server.sourceUrl + partRoute(sender.parcel, 0), {
      method: 'POST',
      headers: await sender.creation(0, bytes),
    });
    for (const [from, to] of [
      [0, 7],
      [7, 300_000],
      [300_000, 700_001],
    ] as const) {
      expect((await get(partRoute(sender.parcel, 0))).status).toBe(404);
      const headers = {
        'tus-resumable': '1.0.0',
        'upload-offset': String(from),
        'content-type': 'application/offset+octet-stream',
      };
      await fetch(server.sourceUrl + partRoute(sender.parcel, 0), {
        method: 'PATCH',
        headers,
        body: Buffer.from(bytes.subarray(from, to)),
      });
    }
    const path = partRoute(sender.parcel, 0);
    const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
    const whole = await get(path);
    expect([whole.status, whole.headers.get('etag'), whole.headers.get('content-length')]).toEqual([
      200,
      etag,
      '700001',
    ]);
    expect(Buffer.compare(Buffer.from(await whole.arrayBuffer()), bytes)).toBe(0);

    const ranges: readonly [string, number, number][] = [
      ['bytes=0-0', 0, 1],
      ['bytes=5-9', 5, 10],
      ['bytes=6-300000', 6, 300_001],
      ['bytes=300000-', 300_000, 700_001],
      ['bytes=-10', 699_991, 700_001],
      ['bytes=10-99999999', 10, 700_001],
    ];
    for (const [range, from, to] of ranges) {
      const answer = await get(path, { range, 'if-range': etag });
      expect([range, answer.status, answer.headers.get('content-range')]).toEqual([
        range,
        206,
        `bytes ${from}-${to - 1}/700001`,
      ]);
      expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), bytes.subarray(from, to))).toBe(0);
    }
    const other = await get(path, { range: 'bytes=5-', 'if-range': '"other"' });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, 700_001]);
    const beyond = await get(path, { range: 'bytes=700001-' });
    expect([beyond.status, beyond.headers.get('content-range'), await beyond.json()]).toEqual([
      416,
      'bytes */700001',
      expect.objectContaining({ code: 'range-unsatisfiable' }),
    ]);
    for (const range of ['bytes=1-2,4-5', 'lines=1-2', 'bytes=9-3', 'bytes=-'])
      expect((await get(path, { range })).status).toBe(200);
    const looked = await fetch(at(path), { method: 'HEAD', headers: bearer() });
    expect([looked.status, looked.headers.get('content-length'), looked.headers.get('etag')]).toEqual([
      200,
      '700001',
      etag,
    ]);
    for (const wrong of [partRoute(sender.parcel, 1), partRoute('0'.repeat(32), 0), partRoute('x', 0)])
      expect((await get(wrong)).status).toBe(404);
  });
});

describe('the card', () => {
  const install = (note: string, field = 'card'): Promise<Response> => {
    const form = new FormData();
    form.set(field, new Blob([note]), 'card.note');
    return fetch(at(CARD_ROUTE), { method: 'POST', headers: bearer(), body: form });
  };

  test('is replaced by a newer one of the same root with our receipt key, and by no other', async () => {
    const { organisation } = server;
    expect(await (await install(await organisation.card())).text()).toBe('');
    expect(await (await install(await organisation.card({ demo: false }))).json()).toMatchObject({
      code: 'card-outdated',
    });
    const second = await organisation.card({ serial: 2, organisation: 'Renamed' });
    expect((await install(second)).status).toBe(204);
    expect(await (await fetch(server.sourceUrl + CARD_ROUTE)).text()).toBe(second);
    expect(await (await get(CARD_ROUTE)).text()).toBe(second);
    expect(await (await install(await organisation.card({ serial: 3, receiptKey: random(32) }))).json()).toMatchObject({
      code: 'statement-mismatch',
    });
    expect(await (await install(second.replace('Renamed', 'Removed'))).json()).toMatchObject({
      code: 'card-untrusted',
    });
    const stale = await createSender();
    expect(
      await (await postJson(server.sourceUrl + PARCELS_ROUTE, { opening: await stale.opening() })).json(),
    ).toMatchObject({ code: 'card-outdated', serial: 2 });
    await openAt(server.sourceUrl, await createSender({ card: 2 }));
  });

  test('must come as one file of a form', async () => {
    expect((await install('x')).status).toBe(422);
    expect((await install('x', 'other')).status).toBe(400);
    expect((await install('x'.repeat(300_000))).status).toBe(413);
    expect(
      (
        await fetch(at(CARD_ROUTE), {
          method: 'POST',
          headers: { ...bearer(), 'content-type': 'text/plain' },
          body: 'x',
        })
      ).status,
    ).toBe(415);
    const broken = { ...bearer(), 'content-type': 'multipart/form-data; boundary=x' };
    expect(
      (await fetch(at(CARD_ROUTE), { method: 'POST', headers: broken, body: '--x\r\n' })).status,
    ).toBeGreaterThanOrEqual(400);
  });
});

test('the log has patterns and statuses, and nothing of what was asked', () => {
  expect(server.log).toContainEqual({
    event: 'request',
    route: '/api/parcels/:parcel/parts/:part',
    method: 'GET',
    status: 206,
  });
  expect(JSON.stringify(server.log)).not.toMatch(/[0-9a-f]{32}|127\.0\.0\.1|after=/);
});
