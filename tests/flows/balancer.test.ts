/** The balancer of a cluster in front of two servers over one database: nobody notices that one stops, and what it says by itself is in our words. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY, SECURITY_HEADERS } from '../../shared/protocol/csp.ts';
import { MAX_JSON_BYTES } from '../../shared/protocol/limits.ts';
import { CHALLENGE_ROUTE, METRICS_ROUTE, PARCELS_ROUTE, READY_ROUTE } from '../../shared/protocol/routes.ts';
import { PROBLEMS } from '../../shared/problem/codes.ts';
import { BALANCER_FILE, checkBalancer, startBalancer } from '../kit/balancer.ts';
import type { Balanced, Balancer } from '../kit/balancer.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { exchange } from '../kit/raw-request.ts';
import { createSender, openAt, sealAt, sendAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { until } from '../kit/waiting.ts';

let server: TestServer;
let other: Awaited<ReturnType<TestServer['again']>>;
let balancer: Balancer;
let storeAnswers = true;

const addresses = ({
  sourceUrl,
  staffUrl,
  opsUrl,
}: Pick<TestServer, 'sourceUrl' | 'staffUrl' | 'opsUrl'>): Balanced => ({
  source: sourceUrl,
  staff: staffUrl,
  ops: opsUrl,
});

beforeAll(async () => {
  server = await startTestServer({}, (blobs) => ({
    ...blobs,
    ready: () => (storeAnswers ? blobs.ready() : Promise.reject(new Error('away'))),
  }));
  other = await server.again();
  balancer = await startBalancer(addresses(server), addresses(other));
});
afterAll(async () => {
  await balancer[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const card = (): Promise<Response> => fetch(`${balancer.source}/api/card`);
function expectFixedHeaders(answer: Response): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    expect([name, answer.headers.get(name)]).toEqual([name, value]);
}

test('its file is taken by HAProxy, logs nothing and repeats no policy but ours', async () => {
  expect(await checkBalancer()).toMatchObject({ code: 0 });
  const text = await readFile(BALANCER_FILE, 'utf8');
  expect(text).not.toMatch(/^\s*(?:log|option (?:httplog|tcplog|forwardfor))\b/m);
  expect(text).toContain(`"${CONTENT_SECURITY_POLICY}"`);
});

test('each listener is where it belongs, and the operator has no way through', async () => {
  expect((await card()).status).toBe(200);
  expect((await fetch(balancer.staff + CHALLENGE_ROUTE, { method: 'POST' })).status).toBe(200);
  expect((await fetch(balancer.source + CHALLENGE_ROUTE, { method: 'POST' })).status).toBe(404);
  for (const url of [balancer.source, balancer.staff])
    for (const path of [METRICS_ROUTE, READY_ROUTE]) expect((await fetch(url + path)).status).toBe(404);
  const large = await fetch(balancer.source + PARCELS_ROUTE, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: 'x'.repeat(MAX_JSON_BYTES + 1),
  });
  expect([large.status, await large.json()]).toEqual([413, expect.objectContaining({ code: 'limit-exceeded' })]);
  expectFixedHeaders(large);
  expect(await exchange(balancer.source, 'NONSENSE\r\n\r\n')).toBe('');
});

test('an upload goes through both, and on when one of them stops', async () => {
  const sender = await createSender({ parts: 30 });
  await openAt(balancer.source, sender);
  const parts = Array.from({ length: 30 }, (_, part) => patternBytes(part < 29 ? 100_000 : 900, part + 1));
  for (const [part, bytes] of parts.entries()) {
    if (part === 10) void other.close();
    expect([part, (await sendAt(balancer.source, sender, part, bytes)).status]).toEqual([part, 201]);
  }
  expect((await sealAt(balancer.source, sender, parts)).status).toBe(200);
});

test('with none ready, one that lives still serves what it can', async () => {
  storeAnswers = false;
  await until('the staff side has noticed', 20_000, async () => (await fetch(balancer.staff)).status === 503);
  expect((await card()).status).toBe(200);
  storeAnswers = true;
  await until('all is well again', 20_000, async () => (await fetch(balancer.staff)).status === 404);
});

test('with none alive, says so in our words and headers', async () => {
  await server.source.close();
  await server.ops.close();
  await until('nobody answers', 20_000, async () => (await card()).status === 503);
  const answer = await card();
  expect(await answer.json()).toEqual({ type: 'about:blank', code: 'server-busy', ...PROBLEMS['server-busy'] });
  expect([answer.headers.get('retry-after'), answer.headers.get('content-type')]).toEqual([
    '2',
    'application/problem+json',
  ]);
  expectFixedHeaders(answer);
});
