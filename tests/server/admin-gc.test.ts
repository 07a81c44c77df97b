/** What goes by itself, asked for by the operator: told beforehand, taken away now, and nothing else. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCustody } from '../../server/store/custody.ts';
import { belongsTogether } from '../../server/store/instance.ts';
import { admin } from '../kit/admin.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { createSender, openAt, sealAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const begin = new Date('2026-11-01T12:00:00Z');
let now = begin;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
  await belongsTogether(server.database.database, server.blobs);
});
afterAll(() => server[Symbol.asyncDispose]());

const run = async (day: number, ...args: string[]): Promise<unknown> => {
  now = new Date(begin.getTime() + day * 86_400_000);
  const env = { POSTERN_DATABASE_URL: server.database.url };
  const { code, out } = await admin(server.database.data, [...args, '--json'], { env, now: () => now });
  expect(code).toBe(0);
  return JSON.parse(out) as unknown;
};
const folders = async (): Promise<string[]> => (await readdir(join(server.database.data, 'blobs'))).sort();

test('what is due is told by day, and goes when it is asked to, with blobs that no row names', async () => {
  const senders = await Promise.all([1, 2, 3].map(() => createSender({ parts: 1 })));
  const [, collected, uncollected] = senders as [Sender, Sender, Sender];
  for (const sender of senders) {
    await openAt(server.sourceUrl, sender);
    await sendAt(server.sourceUrl, sender, 0, patternBytes(900));
  }
  for (const sender of [collected, uncollected]) await sealAt(server.sourceUrl, sender, [patternBytes(900)]);
  await openCustody(server.database.database).collect(collected.parcel, '2026-11-03');
  await openAt(server.sourceUrl, await createSender());

  expect(await run(0, 'retention')).toMatchObject({
    due: [{ day: '2026-11-04', parcels: 1, bytes: 0 }],
    removed: null,
  });
  expect(await run(20, 'retention')).toMatchObject({
    due: [
      { day: '2026-11-21', parcels: 1, bytes: 0 },
      { day: '2026-12-02', parcels: 1, bytes: 900 },
      { day: '2026-12-04', parcels: 1, bytes: 900 },
    ],
  });
  expect(await run(30, 'retention', '--apply')).toMatchObject({ removed: 1 });
  expect(await folders()).toEqual([...senders.map(({ parcel }) => parcel), 'instance'].sort());

  const stray = join(server.database.data, 'blobs', 'f'.repeat(32));
  await mkdir(stray);
  await writeFile(join(stray, 'a'.repeat(32)), 'x');
  await utimes(join(stray, 'a'.repeat(32)), begin, begin);
  expect(await run(33, 'gc', '--dry-run')).toEqual({ dryRun: true, parcels: 2, orphans: 1 });
  expect(await folders()).toHaveLength(5);
  expect(await run(33, 'gc')).toEqual({ dryRun: false, parcels: 2, orphans: 1 });
  expect(await folders()).toEqual([uncollected.parcel, 'instance'].sort());
  expect(await run(33, 'gc')).toEqual({ dryRun: false, parcels: 0, orphans: 0 });
});
