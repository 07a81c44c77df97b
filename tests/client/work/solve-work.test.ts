/** Working for a place: the page's own solver against the server's own challenges, and what a request makes of them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askServer } from '../../../client/upload/ask-server.ts';
import type { Exchange, Link } from '../../../client/upload/link.ts';
import type { HttpRequest, Transport } from '../../../client/upload/transport.ts';
import { solveWork } from '../../../client/work/solve-work.ts';
import type { WorkState } from '../../../client/work/solve-work.ts';
import { createWork } from '../../../server/guard/work.ts';
import { openAnswer } from '../../../shared/protocol/messages.ts';
import { PARCELS_ROUTE } from '../../../shared/protocol/routes.ts';
import { encodeWork, parseWork } from '../../../shared/protocol/work.ts';
import { fetchTransport } from '../../kit/fetch-transport.ts';
import { random } from '../../kit/random-bytes.ts';
import { createSender } from '../../kit/sender.ts';
import { startTestServer } from '../../kit/test-server.ts';
import type { TestServer } from '../../kit/test-server.ts';
import { problemAnswer, testLink } from '../mailbox/stand-in.ts';

const server = createWork({ secret: random(32), random, now: () => new Date() });

/** A clock that goes on by a second each time it is looked at. */
const hasty = () => {
  let ticks = 0;
  return { ticks: () => (ticks += 1_000) };
};

const effort = (change: { onProgress?: (state: WorkState) => void; signal?: AbortSignal } = {}) => ({
  signal: new AbortController().signal,
  clock: hasty(),
  onProgress: () => undefined,
  ...change,
});

describe('the work', () => {
  test('is what the server takes, at every level that a test can wait for', async () => {
    for (const level of [1, 2, 3]) {
      const value = await solveWork(await server.challenge(level, 'a request'), effort());
      expect(server.proved(value ?? '', 'a request')).toBe(level);
    }
  });

  test('tells how far it is, ever further', async () => {
    const told: WorkState[] = [];
    await solveWork(await server.challenge(2, 'a request'), effort({ onProgress: (state) => told.push(state) }));
    expect(told.length).toBeGreaterThan(1);
    expect(told.every(({ part }, at) => part > (told[at - 1]?.part ?? 0) && part <= 1)).toBe(true);
    expect(told.every(({ secondsLeft }) => secondsLeft >= 0 && Number.isFinite(secondsLeft))).toBe(true);
  });

  test('can be ended, and ends by itself where there is no answer', async () => {
    const end = new AbortController();
    let told = 0;
    const onProgress = () => {
      told += 1;
      end.abort();
    };
    const long = await server.challenge(8, 'a request');
    expect(await solveWork(long, effort({ signal: end.signal, onProgress }))).toBeNull();
    // Those that were under way.
    expect(told).toBeLessThanOrEqual(3);
    const challenge = parseWork(await server.challenge(1, 'a request'))!;
    expect(await solveWork(encodeWork({ ...challenge, target: random(16) }), effort())).toBeNull();
    for (const text of ['', 'no challenge', 'A'.repeat(71)]) expect(await solveWork(text, effort())).toBeNull();
  });
});

describe('a request that work is wanted for', () => {
  let drop: TestServer;
  let source: string;
  beforeAll(async () => {
    drop = await startTestServer();
    source = (await drop.again({ config: { ...drop.config, leastWork: 1 } })).sourceUrl;
  });
  afterAll(() => drop[Symbol.asyncDispose]());

  /** An exchange that counts what it is told. */
  function counted(link: Link) {
    const seen = { failures: [] as (string | null)[], successes: 0 };
    const exchange: Exchange = {
      failed: (code) => {
        seen.failures.push(code);
        return link.gate.rest(1);
      },
      succeeded: () => void (seen.successes += 1),
      end: () => undefined,
    };
    return { exchange, seen };
  }

  /** Opens a parcel over a transport that sees each request, and what came of it. */
  async function open(onWork: (link: Link) => void = () => undefined) {
    const requests: HttpRequest[] = [];
    const direct = fetchTransport(source);
    const work: (WorkState | null)[] = [];
    const transport: Transport = (request) => {
      requests.push(request);
      return direct(request);
    };
    const plain = testLink(transport);
    const link: Link = {
      ...plain,
      clock: { ...plain.clock, ...hasty() },
      onWork(state) {
        work.push(state);
        if (state !== null) onWork(link);
      },
    };
    const { exchange, seen } = counted(link);
    const sender = await createSender();
    const body = { opening: await sender.opening() };
    const answer = await askServer(link, exchange, { path: PARCELS_ROUTE, body, schema: openAnswer });
    expect(answer).toEqual({ parcel: sender.parcel });
    return { requests, seen, work };
  }

  test('is worked for and sent once more, as it was; that is no failure', async () => {
    const { requests, seen, work } = await open();
    expect(requests.map(({ headers }) => 'postern-work' in headers)).toEqual([false, true]);
    expect(requests[1]!.body).toEqual(requests[0]!.body);
    expect(seen).toEqual({ failures: [], successes: 1 });
    expect(work.at(-1)).toBeNull();
  });

  test('is worked for anew when it was paused meanwhile', async () => {
    let paused = false;
    const { requests } = await open(({ gate }) => {
      if (paused) return;
      paused = true;
      gate.pause();
      setTimeout(() => gate.resume(), 20);
    });
    expect(requests.map(({ headers }) => 'postern-work' in headers)).toEqual([false, false, true]);
  });

  test('is asked again later by a server that is never content', async () => {
    let asked = 0;
    const never: Transport = async (request) => {
      asked += 1;
      const work = await server.challenge(1, String(asked));
      if (asked > 8) link.gate.end();
      const answer = problemAnswer('work-required');
      return { ...answer, text: JSON.stringify({ ...(JSON.parse(answer.text) as object), work, at: request.path }) };
    };
    const link = testLink(never);
    const { exchange, seen } = counted(link);
    const asking = askServer(link, exchange, { path: PARCELS_ROUTE, body: {}, schema: openAnswer });
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen.failures).toEqual(['work-required', 'work-required']);
  });
});
