/** Thousands of requests that no good client makes: no answer of 500, none that repeats what came in, nothing of it in the log, and the server works on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layGround } from '../kit/fuzz-ground.ts';
import type { Grounds } from '../kit/fuzz-ground.ts';
import { fuzz } from '../kit/fuzz-run.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { createSender, openAt, sealAt, sendAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const COUNT = 5_000;
/** A new sequence each day: a fault is told with the seed that shows it. */
const SEED = Math.floor(new Date().getTime() / 86_400_000);

let server: TestServer;
let grounds: Grounds;
beforeAll(async () => {
  server = await startTestServer();
  grounds = await layGround(server.sourceUrl, server.staffUrl, server.organisation.courier, SEED);
});
afterAll(() => server[Symbol.asyncDispose]());

test.each(['source', 'staff'] as const)('malformed requests to the %s listener are refused in words', async (name) => {
  const url = name === 'source' ? server.sourceUrl : server.staffUrl;
  const { statuses, faults } = await fuzz(url, grounds[name], SEED, COUNT);
  expect({ seed: SEED, faults }).toEqual({ seed: SEED, faults: [] });
  // The generator comes near enough to good requests to be taken, and far enough to be refused in many ways.
  const seen = [...statuses.keys()];
  const wanted = name === 'source' ? [200, 400, 401, 404, 409, 415, 422] : [200, 400, 401, 404, 415, 422];
  expect(seen).toEqual(expect.arrayContaining(wanted));
  expect(JSON.stringify(server.log)).not.toMatch(/zq[0-9a-f]{18}qz/);
});

test('after all of it a parcel still comes in whole', async () => {
  const sender = await createSender({ parts: 1 });
  await openAt(server.sourceUrl, sender);
  const bytes = patternBytes(900);
  expect((await sendAt(server.sourceUrl, sender, 0, bytes)).status).toBe(201);
  expect((await sealAt(server.sourceUrl, sender, [bytes])).status).toBe(200);
  expect(server.log.filter((line) => line.event === 'internal-error')).toEqual([]);
});
