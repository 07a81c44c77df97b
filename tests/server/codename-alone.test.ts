/**
 * With the codename alone, no call gives back any byte of what was submitted, sealed or not. Method: two submissions of random bytes, one
 * sealed and one unfinished, one of its parts half sent; then every route that Fastify says is registered, on both listeners, is asked with the mailbox's
 * token, with each id, part and page that there is, with ranges and without. In all that comes back (heads and bodies, as bytes
 * and with anything that could be base64 or hexadecimal decoded) no six bytes in a row of what was submitted may occur.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { ledgerRoute, partRoute } from '../../shared/protocol/routes.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import type { MailboxOwner } from '../kit/mailbox-owner.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { registeredRoutes } from '../kit/registered-routes.ts';
import { BODY_TYPE, createSender, openAt, sealAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const WINDOW = 6;
const SOURCE = [
  'GET *',
  'HEAD *',
  'GET /api/card',
  'GET /log/checkpoint',
  'GET /log/tile/:level/:first',
  'GET /log/tile/:level/:first/:second',
  'GET /log/tile/:level/:first/:second/:third',
  'HEAD /log/checkpoint',
  'HEAD /log/tile/:level/:first',
  'HEAD /log/tile/:level/:first/:second',
  'HEAD /log/tile/:level/:first/:second/:third',
  'HEAD /api/card',
  'POST /api/parcels',
  'GET /api/parcels/:parcel',
  'HEAD /api/parcels/:parcel',
  'POST /api/parcels/:parcel/seal',
  'OPTIONS /api/parcels/:parcel/parts/:part',
  'POST /api/parcels/:parcel/parts/:part',
  'HEAD /api/parcels/:parcel/parts/:part',
  'PATCH /api/parcels/:parcel/parts/:part',
  'OPTIONS /api/tus',
  'POST /api/tus',
  'GET /api/mailbox',
  'HEAD /api/mailbox',
  'POST /api/mailbox/challenge',
  'POST /api/mailbox/session',
  'POST /api/mailbox/forget',
  'POST /api/mailbox/parcels/:parcel/claim',
  'GET /api/mailbox/parcels/:parcel/parts',
  'HEAD /api/mailbox/parcels/:parcel/parts',
  'POST /api/mailbox/parcels/:parcel/ledger/:page',
  'GET /api/mailbox/parcels/:parcel/ledger/:page',
  'HEAD /api/mailbox/parcels/:parcel/ledger/:page',
  'POST /api/mailbox/parcels/:parcel/withdraw',
  'POST /api/mailbox/parcels/:parcel/dismiss',
  'GET /api/mailbox/replies/:reply',
  'HEAD /api/mailbox/replies/:reply',
  'GET /api/mailbox/replies/:reply/parts/:part',
  'HEAD /api/mailbox/replies/:reply/parts/:part',
  'POST /api/mailbox/replies/:reply/delete',
];

let server: TestServer;
let apps: Awaited<ReturnType<TestServer['again']>>;
let me: MailboxOwner;
let senders: readonly Sender[];
let submitted: Set<string>;
/** What the folder of the page is asked for: the page, and ways out of it to where the blobs lie. */
let files: readonly string[];

beforeAll(async () => {
  server = await startTestServer();
  const page = join(server.database.data, 'client');
  await mkdir(page);
  await writeFile(join(page, 'index.html'), '<!doctype html>');
  apps = await server.again();
  const key = await ed25519FromSeed(random(32));
  const parts = [random(20_000), random(900)];
  const [sealed, unfinished] = await Promise.all([1, 2].map(() => createSender({ parts: 2, mailbox: key })));
  senders = [sealed!, unfinished!];
  for (const sender of senders) {
    await openAt(apps.sourceUrl, sender);
    await sendAt(apps.sourceUrl, sender, 0, parts[0]!, { record: random(100) });
  }
  await sendAt(apps.sourceUrl, sealed!, 1, parts[1]!);
  expect((await sealAt(apps.sourceUrl, sealed!, parts)).status).toBe(200);
  await fetch(apps.sourceUrl + partRoute(unfinished!.parcel, 1), {
    method: 'POST',
    headers: await unfinished!.creation(1, parts[1]!),
  });
  const half = await fetch(apps.sourceUrl + partRoute(unfinished!.parcel, 1), {
    method: 'PATCH',
    headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', ...BODY_TYPE },
    body: Buffer.from(parts[1]!.subarray(0, 500)),
  });
  expect(half.status).toBe(204);
  me = await mailboxOwner(apps.sourceUrl, key);
  await me.postBytes(ledgerRoute(unfinished!.parcel, 0), random(1000));
  const [blob] = await readdir(join(server.database.data, 'blobs', sealed!.parcel));
  const lost = `blobs/${sealed!.parcel}/${blob}`;
  files = ['/', `/../${lost}`, `/..%2f${lost.replaceAll('/', '%2f')}`, `/%2e%2e/${lost}`, `//${lost}`, `/..%5c${lost}`];
  submitted = new Set(parts.flatMap((bytes) => windows(bytes)));
});
afterAll(() => server[Symbol.asyncDispose]());

function windows(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  return Array.from({ length: Math.max(0, text.length - WINDOW + 1) }, (_, at) => text.slice(at, at + WINDOW));
}

/** True when some stretch of the bytes, as they are or decoded, was submitted. */
function holdsSubmitted(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  const decoded = (text.match(/[A-Za-z0-9+/_-]{8,}/g) ?? []).flatMap((run) =>
    // Where a run begins is not known: a base64 digit may stand at any of four places, a hexadecimal one at two.
    [0, 1, 2, 3].flatMap((skip) => {
      const rest = run.slice(skip);
      return [Buffer.from(rest, 'base64'), Buffer.from(/^[0-9a-f]*/i.exec(rest)![0], 'hex')];
    }),
  );
  return [bytes, ...decoded].some((each) => windows(each).some((window) => submitted.has(window)));
}

async function answers(url: string, method: string, pattern: string): Promise<{ status: number; bytes: Buffer }[]> {
  const ids = senders.map(({ parcel }) => parcel);
  const numbers = ['0', '1', '2'];
  const paths = ids
    .map((id) => pattern.replace(/:(?:parcel|reply)/, id))
    .flatMap((path) => numbers.map((number) => path.replace(/:(?:part|page)/, number)));
  const bodies: readonly [Record<string, string>, string | undefined][] =
    method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
      ? [
          [{}, undefined],
          [{ range: 'bytes=0-99' }, undefined],
          [{ 'tus-resumable': '1.0.0' }, undefined],
        ]
      : [
          [{ 'content-type': 'application/json' }, '{}'],
          [{ 'content-type': 'application/json' }, '{"writer":1}'],
          [{ 'content-type': 'application/octet-stream' }, 'x'],
          [{ 'tus-resumable': '1.0.0', 'upload-offset': '500', ...BODY_TYPE }, ''],
          [{ 'tus-resumable': '1.0.0', 'upload-offset': '0', ...BODY_TYPE }, ''],
        ];
  const found: { status: number; bytes: Buffer }[] = [];
  const filled = paths.flatMap((path) => (path === '*' ? files : [path]));
  for (const path of new Set(filled))
    for (const [headers, body] of bodies) {
      const answer = await fetch(url + path, {
        method,
        headers: { ...headers, authorization: `Bearer ${me.token}` },
        ...(body === undefined ? {} : { body }),
      });
      const head = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
      found.push({
        status: answer.status,
        bytes: Buffer.concat([Buffer.from(head), Buffer.from(await answer.arrayBuffer())]),
      });
    }
  return found;
}

/** What takes something away is asked last, so that the others find it there. */
const isDestructive = ({ path }: { path: string }): boolean => /withdraw|dismiss|claim|forget|delete/.test(path);

describe('with the codename alone', () => {
  test('what is looked for would be found: in bytes, base64 or hexadecimal', () => {
    const [window] = submitted;
    const bytes = Buffer.from(window!, 'latin1');
    for (const form of [
      bytes,
      Buffer.from(`"${bytes.toString('base64')}"`),
      Buffer.from(`x"${bytes.toString('hex')}"`),
    ])
      expect(holdsSubmitted(Buffer.concat([Buffer.from('before '), form, Buffer.from(' after')]))).toBe(true);
    expect(holdsSubmitted(Buffer.concat([Buffer.from('{"a":"'), Buffer.from(patternBytes(5000, 3))]))).toBe(false);
  });

  test('no route of the source listener gives back a byte of what was submitted', async () => {
    const routes = registeredRoutes(apps.source);
    expect(routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(SOURCE.toSorted());
    const statuses = new Set<number>();
    for (const route of [...routes.filter((each) => !isDestructive(each)), ...routes.filter(isDestructive)])
      for (const { status, bytes } of await answers(apps.sourceUrl, route.method, route.path)) {
        statuses.add(status);
        expect([route, status, holdsSubmitted(bytes)]).toEqual([route, status, false]);
        expect([route, status < 500]).toEqual([route, true]);
      }
    // The calls did something: among them were answers with content, and all kinds of refusals.
    for (const status of [200, 204, 400, 404, 409]) expect(statuses).toContain(status);
  });

  test('no route of the staff listener answers at all', async () => {
    const open = ['/api/challenge', '/api/session'];
    const routes = registeredRoutes(apps.staff);
    expect(routes.length).toBeGreaterThan(20);
    for (const { method, path } of routes)
      for (const { status, bytes } of await answers(apps.staffUrl, method, path)) {
        expect([method, path, status === 401]).toEqual([method, path, !open.includes(path)]);
        expect(holdsSubmitted(bytes)).toBe(false);
      }
  });
});
