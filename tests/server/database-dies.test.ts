/** PostgreSQL killed again and again under load: this process lives, says 503, and nothing that was acknowledged is lost. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partRoute, READY_ROUTE } from '../../shared/protocol/routes.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { createSender, openAt, sealAt, sendAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { until } from '../kit/waiting.ts';

const ROUNDS = Number(process.env['DATABASE_KILLS'] ?? 3);
const TUS = { 'tus-resumable': '1.0.0' };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const folder = (): string => join(server.database.data, 'postgres');
const postmaster = async (): Promise<number> =>
  Number((await readFile(join(folder(), 'postmaster.pid'), 'utf8')).split('\n')[0]);
const isReady = async (): Promise<boolean> => (await fetch(server.opsUrl + READY_ROUTE)).status === 200;

test(`survives ${ROUNDS} kills of the postmaster while parts come in`, async () => {
  const sender = await createSender({ parts: 40 });
  await openAt(server.sourceUrl, sender);
  const parts = Array.from({ length: 40 }, (_, part) => patternBytes(part < 39 ? 64_000 : 900, part + 1));
  const statuses = new Map<number, number>();
  const acknowledged = new Map<number, number>();
  let killing = true;

  const lane = async (lane: number): Promise<void> => {
    for (let turn = 0; killing; turn++) {
      const part = (turn * 4 + lane) % 40;
      const answer = await sendAt(server.sourceUrl, sender, part, parts[part]!);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status === 201) acknowledged.set(part, Number(answer.headers.get('upload-offset')));
      else
        expect([503, await answer.json()]).toEqual([answer.status, expect.objectContaining({ code: 'database-away' })]);
      if (answer.status === 503) expect(answer.headers.get('retry-after')).toBe('2');
    }
  };
  const lanes = Promise.all([0, 1, 2, 3].map(lane));
  for (let round = 0; round < ROUNDS; round++) {
    await until('the database is back', 30_000, isReady, 20);
    await new Promise((resolve) => setTimeout(resolve, 150 + round * 37));
    process.kill(await postmaster(), 'SIGKILL');
    // The kill has been noticed once a query fails or the next postmaster answers.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await until('the database is back', 30_000, isReady, 20);
  killing = false;
  await lanes;

  expect(statuses.get(201)).toBeGreaterThan(0);
  expect([...statuses.keys()].every((status) => status === 201 || status === 503)).toBe(true);
  for (const [part, offset] of acknowledged) {
    const looked = await fetch(server.sourceUrl + partRoute(sender.parcel, part), { method: 'HEAD', headers: TUS });
    expect([part, looked.headers.get('upload-offset')]).toEqual([part, String(offset)]);
  }
  for (const [part, bytes] of parts.entries())
    expect((await sendAt(server.sourceUrl, sender, part, bytes)).status).toBe(201);
  expect((await sealAt(server.sourceUrl, sender, parts)).status).toBe(200);
});

test('that neither answers nor refuses is told from one that works by a deadline', async () => {
  const pid = await postmaster();
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const all = [pid, ...children.trim().split(' ').map(Number)];
  for (const each of all) process.kill(each, 'SIGSTOP');
  try {
    const started = performance.now();
    const answer = await fetch(server.opsUrl + READY_ROUTE);
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'database-away' })]);
    expect(performance.now() - started).toBeLessThan(4000);
  } finally {
    for (const each of all) process.kill(each, 'SIGCONT');
  }
  await until('the database is back', 30_000, isReady, 20);
});
