/** Who may ask the viewer's listeners, request by request. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Refusal, Start } from '../../../desk/viewer/api.ts';
import { makeDrop } from '../../kit/make-parcel.ts';
import { scratch } from '../desk.ts';
import { makeSource, send } from '../source.ts';
import { ask } from './raw-http.ts';
import { enter, makePage, startViewer } from './viewer.ts';
import type { PageClient, RunningViewer } from './viewer.ts';

let viewer: RunningViewer;
let client: PageClient;
let remove: () => Promise<void>;
let content = '';

beforeAll(async () => {
  const place = await scratch();
  remove = place.remove;
  const drop = await makeDrop(place.folder);
  await send(drop, await makeSource());
  const page = await makePage(place.folder);
  viewer = await startViewer([drop.bundle, '--keys', drop.keys], page);
  client = await enter(viewer);
  content = (await client.json<Start>('/api/start')).content;
});

afterAll(async () => {
  viewer.interrupt();
  expect(await viewer.ended).toMatchObject({ exit: 0 });
  await remove();
});

const port = (origin: string) => new URL(origin).port;
const codeOf = (body: Buffer) => (JSON.parse(body.toString()) as Refusal).code;
const GET = { 'sec-fetch-site': 'same-origin' };
const POST = { ...GET, 'x-postern': '1', 'content-type': 'application/json' };

describe('the page', () => {
  test('is served with its exact policy', async () => {
    const { status, headers, body } = await ask(viewer.origin);
    expect(status).toBe(200);
    expect(body.toString()).toContain('Postern');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' ${content}; media-src ${content}; ` +
        `connect-src 'self' ${content}; frame-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; ` +
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
  });

  test('the session cookie is for this origin and no script', async () => {
    expect(client.cookie).toMatch(/^postern=[A-Za-z0-9_-]{43}$/);
    expect((await client.json<Start>('/api/start')).parcels).toBe(1);
  });

  test('the token is good once', async () => {
    const headers = { ...POST, origin: viewer.origin };
    const again = await ask(`${viewer.origin}/api/session`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ token: viewer.token }),
    });
    expect([again.status, codeOf(again.body)]).toEqual([403, 'token-used']);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test.for<[string, string, number, Record<string, string>, string]>([
    ['GET', '/api/start', 401, GET, 'not-entered'],
    [
      'GET',
      '/api/start',
      401,
      { ...GET, cookie: 'postern=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
      'not-entered',
    ],
    ['GET', '/api/start', 403, { cookie: '$' }, 'not-from-page'],
    ['GET', '/api/start', 403, { cookie: '$', 'sec-fetch-site': 'same-site' }, 'not-from-page'],
    ['GET', '/api/start', 403, { cookie: '$', 'sec-fetch-site': 'cross-site' }, 'not-from-page'],
    ['GET', '/api/start', 403, { cookie: '$', 'sec-fetch-site': 'none' }, 'not-from-page'],
    ['GET', '/api/start', 403, { ...GET, cookie: '$', origin: 'http://evil.example' }, 'not-from-page'],
    ['GET', '/api/start', 403, { ...GET, cookie: '$', origin: 'null' }, 'not-from-page'],
    ['GET', '/api/start', 421, { ...GET, cookie: '$', host: 'evil.example:%' }, 'host'],
    ['GET', '/api/start', 421, { ...GET, cookie: '$', host: 'localhost:%' }, 'host'],
    ['GET', '/api/start', 421, { ...GET, cookie: '$', host: '127.0.0.1' }, 'host'],
    ['GET', '/', 421, { host: 'evil.example:%' }, 'host'],
    ['GET', '/api/nothing', 404, { ...GET, cookie: '$' }, 'not-found'],
    ['GET', '/api', 404, { ...GET, cookie: '$' }, 'not-found'],
    ['GET', '/nothing.js', 404, {}, 'not-found'],
    ['GET', '/../../etc/passwd', 404, {}, 'not-found'],
    ['POST', '/', 405, {}, 'method'],
    ['PUT', '/api/start', 405, { ...POST, cookie: '$', origin: '@' }, 'method'],
    ['OPTIONS', '/api/start', 403, { ...GET, cookie: '$' }, 'not-from-page'],
    ['POST', '/api/close', 401, { ...POST, origin: '@' }, 'not-entered'],
    ['POST', '/api/close', 403, { ...POST, cookie: '$' }, 'not-from-page'],
    ['POST', '/api/close', 403, { ...POST, cookie: '$', origin: 'null' }, 'not-from-page'],
    ['POST', '/api/close', 403, { ...POST, cookie: '$', origin: 'http://evil.example' }, 'not-from-page'],
    ['POST', '/api/close', 403, { ...POST, cookie: '$', origin: '@', 'sec-fetch-site': 'same-site' }, 'not-from-page'],
    ['POST', '/api/close', 403, { ...POST, cookie: '$', origin: '@', 'x-postern': '2' }, 'not-from-page'],
    ['POST', '/api/close', 415, { ...POST, cookie: '$', origin: '@', 'content-type': 'text/plain' }, 'body-type'],
    ['GET', '/api/session', 405, { ...GET }, 'method'],
  ])('%s %s is refused with %i for %o', async ([method, path, status, given, code]) => {
    const put = (value: string) =>
      value.replace('$', client.cookie).replace('%', port(viewer.origin)).replace('@', viewer.origin);
    const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, put(value)]));
    const { body, ...answer } = await ask(viewer.origin + path, { method, headers });
    expect([answer.status, codeOf(body)]).toEqual([status, code]);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});
