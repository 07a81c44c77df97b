/** The log says what the closed table of events can say, whatever is in a request or in an error. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inWords, LOG_WORDS } from '../../deploy/log-words.mjs';
import { createLog, describeError } from '../../server/log.ts';
import type { Log } from '../../server/log.ts';
import { LOG_EVENTS } from '../../server/log-events.ts';
import type { LogEvent } from '../../server/log-events.ts';
import { partRoute, PARCELS_ROUTE } from '../../shared/protocol/routes.ts';
import { drawCanaries } from '../kit/canaries.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { exchange, head } from '../kit/raw-request.ts';
import { BODY_TYPE, createSender, openAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const { planted } = drawCanaries();
const [inName, inAgent, inPath, inQuery, inBody, inError] = planted as [string, string, string, string, string, string];

let written = '';
const log: Log = createLog((text) => (written += text));
let server: TestServer;
let broken = false;
beforeAll(async () => {
  server = await startTestServer({ log }, (blobs) => ({
    ...blobs,
    create: (parcel, name) =>
      broken ? Promise.reject(new Error(`no ${inError} in /var/${inError}/${parcel}`)) : blobs.create(parcel, name),
  }));
});
afterAll(() => server[Symbol.asyncDispose]());

const lines = (): Record<string, unknown>[] =>
  written
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('holds nothing of requests, refused, malformed or broken by our own fault, on any listener', async () => {
  const sender = await createSender();
  await openAt(server.sourceUrl, sender);
  const bytes = patternBytes(1000);
  const metadata = (await sender.creation(0, bytes))['upload-metadata']!;
  const creation = {
    ...(await sender.creation(0, bytes)),
    'upload-metadata': `${metadata},filename ${Buffer.from(inName).toString('base64')}`,
  };
  const marked = {
    'user-agent': inAgent,
    referer: `http://${inName}.onion/`,
    'x-forwarded-for': '203.0.113.77',
    connection: 'close',
  };
  const json = { 'content-type': 'application/json', 'content-length': String(inBody.length + 2) };
  for (const url of [server.sourceUrl, server.staffUrl, server.opsUrl]) {
    await exchange(url, head('GET', `/${inPath}?${inQuery}`, marked));
    await exchange(url, `${head('POST', PARCELS_ROUTE, { ...marked, ...json })}"${inBody}"`);
    await exchange(
      url,
      head('GET', `${PARCELS_ROUTE}/${sender.parcel}/envelope?${inQuery}`, {
        ...marked,
        authorization: `Bearer ${inName}`,
      }),
    );
    await exchange(url, head(inPath.toUpperCase(), `/%2e%2e/${inName}`, marked));
    await exchange(url, `${inBody}\r\n\r\n`);
  }
  broken = true;
  const answer = await fetch(server.sourceUrl + partRoute(sender.parcel, 0), {
    method: 'POST',
    headers: { ...creation, ...BODY_TYPE, 'user-agent': inAgent },
    body: Buffer.from(bytes),
  });
  expect(answer.status).toBe(500);

  expect(lines().map(({ event }) => event)).toEqual(expect.arrayContaining(['request', 'internal-error']));
  const found = [...planted, sender.parcel, '203.0.113', '127.0.0.1', 'onion', 'undici'].filter((secret) =>
    written.includes(secret),
  );
  expect(found).toEqual([]);
  for (const { event, ...fields } of lines())
    expect([event, Object.keys(fields)]).toEqual([event, Object.keys(LOG_EVENTS[event as LogEvent])]);
});

describe('a line', () => {
  const say = (line: Parameters<Log>[0]): unknown => {
    let text = '';
    createLog((written) => (text += written))(line);
    return JSON.parse(text);
  };

  test('can be of no event and have no field that is not in the table', () => {
    // @ts-expect-error: there is no such event.
    expect(() => say({ event: 'arrived' })).toThrow(TypeError);
    // @ts-expect-error: nor such a field.
    expect(say({ event: 'postgres-back', address: '203.0.113.77' })).toEqual({ event: 'postgres-back' });
    // @ts-expect-error: and none may be left out.
    expect(say({ event: 'request', route: '/api/card', method: 'GET' })).toMatchObject({ status: 'withheld' });
  });

  test.each([
    ['an address in place of a pattern', `/api/parcels/${'0af3'.repeat(8)}`],
    ['a query', '/api/parcels?after=1'],
    ['words', 'the file évidence.mp4'],
  ])('withholds %s', (_what, route) => {
    expect(say({ event: 'request', route, method: 'GET', status: 500 })).toEqual({
      event: 'request',
      route: 'withheld',
      method: 'GET',
      status: 500,
    });
  });

  test('of an error has its kind and place, never its message', () => {
    const error = Object.assign(new RangeError(inError), { code: `about ${inError}` });
    expect(say(describeError(error))).toEqual({
      event: 'internal-error',
      error: 'RangeError',
      code: 'withheld',
      at: expect.stringMatching(/^log\.test\.ts:\d+$/),
    });
    expect(say(describeError(inError))).toMatchObject({ error: 'string', code: 'none', at: 'unknown' });
  });
});

describe('in words', () => {
  test('there is a sentence for each event, with all its fields, and none beside', () => {
    expect(Object.keys(LOG_WORDS).sort()).toEqual(Object.keys(LOG_EVENTS).sort());
    for (const [event, kinds] of Object.entries(LOG_EVENTS)) {
      const sentence = LOG_WORDS[event as LogEvent];
      const named = new Set([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect([event, named]).toEqual([event, new Set(Object.keys(kinds))]);
    }
  });

  test('what went well is left out, and what is no line of the log stays as it is', () => {
    const request = { event: 'request', route: '/api/status', method: 'GET' };
    expect(inWords(JSON.stringify({ ...request, status: 200 }))).toBeNull();
    expect(inWords(JSON.stringify({ ...request, status: 401 }))).toBe('GET /api/status was answered with 401.');
    expect(inWords('{"event":"postgres-back"}')).toBe('PostgreSQL is running again.');
    expect(inWords('Segmentation fault')).toBe('Segmentation fault');
    expect(inWords('{"event":"later"}')).toBe('{"event":"later"}');
  });
});
