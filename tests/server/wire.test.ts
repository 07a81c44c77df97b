/** What every answer has in common, whatever its status and whoever made it: fixed headers, no trace of the server, no place to go. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CARD_ROUTE,
  CHALLENGE_ROUTE,
  MAILBOX_ROUTE,
  PARCELS_ROUTE,
  partRoute,
  HEALTH_ROUTE,
  METRICS_ROUTE,
  READY_ROUTE,
  SESSION_ROUTE,
  TUS_ROUTE,
} from '../../shared/protocol/routes.ts';
import { SECURITY_HEADERS } from '../../shared/protocol/csp.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import { exchange, head } from '../kit/raw-request.ts';
import { registeredRoutes } from '../kit/registered-routes.ts';
import { BODY_TYPE, createSender, openAt, postJson, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

let server: TestServer;
let sender: Sender;
beforeAll(async () => {
  server = await startTestServer();
  const client = join(server.database.data, 'client');
  await mkdir(join(client, 'assets'), { recursive: true });
  await writeFile(join(client, 'index.html'), '<!doctype html><title>Postern</title>');
  await writeFile(join(client, 'assets', 'main-Ab3_xY9z.js'), 'export {};');
  await writeFile(join(client, 'assets', 'main-Ab3_xY9z.js.br'), brotliCompressSync('export {};'));
  server = { ...server, ...(await server.again()) };
  sender = await createSender();
  await openAt(server.sourceUrl, sender);
});
afterAll(() => server[Symbol.asyncDispose]());

/** The head of a raw answer: status, and each header with all its values. */
function parseHead(answer: string): { status: number; headers: Map<string, string[]> } {
  const [first, ...lines] = answer.slice(0, answer.indexOf('\r\n\r\n')).split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const [name, value] = [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)];
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return { status: Number(first!.split(' ')[1]), headers };
}

const FORBIDDEN = ['server', 'x-powered-by', 'set-cookie', 'link', 'refresh', 'access-control-allow-origin'];

function expectFixedHeaders(answer: string): number {
  const { status, headers } = parseHead(answer);
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    expect([status, name, headers.get(name)]).toEqual([status, name, [value]]);
  for (const name of FORBIDDEN) expect([status, name, headers.has(name)]).toEqual([status, name, false]);
  if (status >= 400) expect(headers.get('content-type')?.[0]).toContain('application/problem+json');
  return status;
}

const CLOSE = { connection: 'close' };

describe('the source listener', () => {
  const JSON_TYPE = { ...CLOSE, 'content-type': 'application/json' };
  const TUS = { ...CLOSE, 'tus-resumable': '1.0.0' };
  const cases: readonly [expected: number, request: string | (() => string)][] = [
    [200, head('GET', '/', CLOSE)],
    [200, head('HEAD', '/', CLOSE)],
    [200, head('GET', '/assets/main-Ab3_xY9z.js', CLOSE)],
    [200, head('GET', CARD_ROUTE, CLOSE)],
    [200, head('HEAD', CARD_ROUTE, CLOSE)],
    [404, head('GET', '/nothing', CLOSE)],
    [404, head('GET', '/assets/', CLOSE)],
    [404, head('GET', '/assets', CLOSE)],
    [404, head('GET', '/%2e%2e/receipt.key', CLOSE)],
    [404, head('GET', '/..%2freceipt.key', CLOSE)],
    [404, head('GET', '//x', CLOSE)],
    [404, head('GET', '/%zz', CLOSE)],
    [404, head('GET', '/assets/%00', CLOSE)],
    [404, head('GET', `/${'a'.repeat(9000)}`, CLOSE)],
    [404, head('DELETE', CARD_ROUTE, CLOSE)],
    [404, head('PROPFIND', '/', CLOSE)],
    [404, head('GET', `${PARCELS_ROUTE}/${'0'.repeat(32)}`, CLOSE)],
    [404, head('GET', `${PARCELS_ROUTE}/${'0'.repeat(320)}`, CLOSE)],
    [400, `${head('POST', PARCELS_ROUTE, { ...JSON_TYPE, 'content-length': '1' })}{`],
    [400, `${head('POST', PARCELS_ROUTE, { ...JSON_TYPE, 'content-length': '0' })}`],
    [413, head('POST', PARCELS_ROUTE, { ...JSON_TYPE, 'content-length': '9999999' })],
    [415, `${head('POST', PARCELS_ROUTE, { ...CLOSE, 'content-type': 'text/html', 'content-length': '1' })}x`],
    [400, head('GET', '/', { ...CLOSE, expect: 'a miracle' })],
    [400, 'GET / HTTP/1.1\r\nbad header\r\n\r\n'],
    [400, 'NONSENSE\r\n\r\n'],
    [400, head('GET', '/', { ...CLOSE, long: 'x'.repeat(40_000) })],
    [200, 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n'],
    [412, () => head('HEAD', partRoute(sender.parcel, 0), CLOSE)],
    [404, () => head('HEAD', partRoute(sender.parcel, 0), TUS)],
    [404, () => head('GET', partRoute(sender.parcel, 0), TUS)],
    [204, () => head('OPTIONS', partRoute(sender.parcel, 0), TUS)],
    [204, head('OPTIONS', TUS_ROUTE, TUS)],
    [400, head('POST', TUS_ROUTE, TUS)],
    [415, () => head('PATCH', partRoute(sender.parcel, 0), TUS)],
    [404, () => head('PATCH', partRoute(sender.parcel, 0), { ...TUS, ...BODY_TYPE, 'upload-offset': '0' })],
  ];
  test.each(cases)('answers %i with the fixed headers (%#)', async (expected, request) => {
    expect(
      expectFixedHeaders(await exchange(server.sourceUrl, typeof request === 'string' ? request : request())),
    ).toBe(expected);
  });

  test('answers with them, and nothing to be stored, at every address that is registered', async () => {
    const { token } = await mailboxOwner(server.sourceUrl, sender.mailbox);
    const routes = registeredRoutes(server.source).filter(({ path }) => path !== '*');
    expect(routes.length).toBeGreaterThan(25);
    for (const authorization of [`Bearer ${token}`, 'Bearer nonsense'])
      for (const { method, path } of routes) {
        const filled = path.replace(/:(?:parcel|reply)/, sender.parcel).replace(/:(?:part|page)/, '0');
        const length: Record<string, string> = method === 'POST' ? { 'content-length': '0' } : {};
        const answer = await exchange(server.sourceUrl, head(method, filled, { ...CLOSE, ...length, authorization }));
        const isMailbox = path.startsWith(MAILBOX_ROUTE) && !/challenge|session/.test(path);
        const status = expectFixedHeaders(answer);
        expect([path, status === 401]).toEqual([path, isMailbox && authorization === 'Bearer nonsense']);
        expect(parseHead(answer).headers.get('cache-control')).toEqual(['no-store']);
      }
  });

  test('gives the page afresh and its hashed assets for ever, and never a date of a file', async () => {
    const page = await fetch(server.sourceUrl);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    const asset = await fetch(`${server.sourceUrl}/assets/main-Ab3_xY9z.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toContain('application/javascript');
    for (const answer of [page, asset]) expect(answer.headers.has('last-modified')).toBe(false);
    expect((await fetch(server.sourceUrl + CARD_ROUTE)).headers.get('cache-control')).toBe('no-store');
  });

  test('gives compressed copies to who takes them', async () => {
    const url = `${server.sourceUrl}/assets/main-Ab3_xY9z.js`;
    const small = await fetch(url, { headers: { 'accept-encoding': 'gzip, br' } });
    expect([small.headers.get('content-encoding'), await small.text()]).toEqual(['br', 'export {};']);
    expect(small.headers.get('content-type')).toContain('application/javascript');
    expect(small.headers.get('cache-control')).toContain('immutable');
    const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, 'export {};']);
    const unwanted = await fetch(url, { headers: { 'accept-encoding': 'br;q=0, gzip' } });
    expect([unwanted.headers.get('content-encoding'), await unwanted.text()]).toEqual([null, 'export {};']);
    for (const answer of [small, plain]) expect(answer.headers.get('vary')).toBe('accept-encoding');
  });

  test('does not send again what the asker has, in the form in which it has it', async () => {
    const url = `${server.sourceUrl}/assets/main-Ab3_xY9z.js`;
    const look = (encoding: string, etag = '') =>
      fetch(url, { headers: { 'accept-encoding': encoding, 'if-none-match': etag } });
    const etag = (await look('br')).headers.get('etag')!;
    const again = await look('br', etag);
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    const other = await look('identity', etag);
    expect([other.status, await other.text()]).toEqual([200, 'export {};']);
  });

  test('has nothing of staff', async () => {
    await sendAt(server.sourceUrl, sender, 0, new Uint8Array(500));
    const paths = [
      READY_ROUTE,
      HEALTH_ROUTE,
      METRICS_ROUTE,
      PARCELS_ROUTE,
      `${PARCELS_ROUTE}/${sender.parcel}/envelope`,
      partRoute(sender.parcel, 0),
    ];
    for (const path of paths) {
      const answer = await fetch(server.sourceUrl + path, { headers: { authorization: `Bearer ${'A'.repeat(43)}` } });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    for (const path of [CHALLENGE_ROUTE, SESSION_ROUTE, CARD_ROUTE]) {
      expect([path, (await postJson(server.sourceUrl + path, {})).status]).toEqual([path, 404]);
    }
  });

  test('logs no answer that is below 500', () => {
    expect(server.log.filter((line) => line.event === 'request' && line.status < 500)).toEqual([]);
  });
});

describe('the staff listener', () => {
  test.each([
    [404, head('GET', READY_ROUTE, CLOSE)],
    [404, head('GET', HEALTH_ROUTE, CLOSE)],
    [404, head('GET', METRICS_ROUTE, CLOSE)],
    [200, head('POST', CHALLENGE_ROUTE, CLOSE)],
    [401, head('GET', PARCELS_ROUTE, CLOSE)],
    [401, head('GET', CARD_ROUTE, CLOSE)],
    [401, head('GET', CARD_ROUTE, { ...CLOSE, authorization: `Bearer ${'A'.repeat(43)}` })],
    [401, head('GET', CARD_ROUTE, { ...CLOSE, authorization: `Bearer ${'_'.repeat(43)}` })],
    [401, head('GET', `${PARCELS_ROUTE}/${'0'.repeat(32)}/parts/0`, CLOSE)],
    [404, head('GET', '/', CLOSE)],
    [404, head('POST', TUS_ROUTE, CLOSE)],
    [404, head('POST', PARCELS_ROUTE, CLOSE)],
    [400, 'NONSENSE\r\n\r\n'],
  ])('answers %i with the fixed headers', async (expected, request) => {
    expect(expectFixedHeaders(await exchange(server.staffUrl, request))).toBe(expected);
  });
});
