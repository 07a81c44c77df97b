/** The sweeper: unfinished parcels go after their days, orphans after two, and nothing else ever. */
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../../server/jobs/sweeper.ts';
import { belongsTogether } from '../../server/store/instance.ts';
import { openParcels } from '../../server/store/parcels.ts';
import { parcelRoute } from '../../shared/protocol/routes.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { createSender, MIB, openAt, sealAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const DAY = 86_400_000;
const begin = new Date('2026-11-01T12:00:00Z');
let now = begin;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
});
afterAll(() => server[Symbol.asyncDispose]());

const sweepOn = async (day: number): Promise<void> => {
  now = new Date(begin.getTime() + day * DAY);
  await sweep({
    parcels: openParcels(server.database.database),
    blobs: server.blobs,
    now: () => now,
    keepUnfinishedDays: 30,
  });
};
const blobsOf = (sender: Sender): Promise<string[]> =>
  readdir(join(server.database.data, 'blobs', sender.parcel)).catch(() => []);
const isThere = async (sender: Sender): Promise<boolean> =>
  (await fetch(server.sourceUrl + parcelRoute(sender.parcel))).ok;

test('an unfinished parcel is kept for its days after the last part, a sealed one for good', async () => {
  const [left, goneOnWith, sealed] = await Promise.all([1, 2, 3].map(() => createSender({ parts: 2 })));
  const parts = [patternBytes(MIB), patternBytes(1000)];
  for (const sender of [left!, goneOnWith!, sealed!]) {
    await openAt(server.sourceUrl, sender);
    await sendAt(server.sourceUrl, sender, 0, parts[0]!);
  }
  await sendAt(server.sourceUrl, sealed!, 1, parts[1]!);
  expect((await sealAt(server.sourceUrl, sealed!, parts)).status).toBe(200);

  await sweepOn(20);
  await sendAt(server.sourceUrl, goneOnWith!, 1, parts[1]!);
  await sweepOn(30);
  expect(await Promise.all([left!, goneOnWith!, sealed!].map(isThere))).toEqual([true, true, true]);
  await sweepOn(31);
  expect(await Promise.all([left!, goneOnWith!, sealed!].map(isThere))).toEqual([false, true, true]);
  expect((await Promise.all([left!, goneOnWith!, sealed!].map(blobsOf))).map(({ length }) => length)).toEqual([
    0, 2, 2,
  ]);
  await sweepOn(51);
  expect(await Promise.all([goneOnWith!, sealed!].map(isThere))).toEqual([false, true]);
  await sweepOn(5000);
  expect((await blobsOf(sealed!)).length).toBe(2);
});

test('a parcel that is gone on with while the sweeper is at work is kept', async () => {
  await sweepOn(6000);
  const sender = await createSender({ parts: 2 });
  await openAt(server.sourceUrl, sender);
  await sendAt(server.sourceUrl, sender, 0, patternBytes(MIB));
  now = new Date(begin.getTime() + 6031 * DAY);
  const parcels = openParcels(server.database.database);
  const expired: typeof parcels.expired = async (day, limit) => {
    const found = await parcels.expired(day, limit);
    if (found.includes(sender.parcel)) await sendAt(server.sourceUrl, sender, 1, patternBytes(1000));
    return found;
  };
  await sweep({ parcels: { ...parcels, expired }, blobs: server.blobs, now: () => now, keepUnfinishedDays: 30 });
  expect(await isThere(sender)).toBe(true);
  expect(await blobsOf(sender)).toHaveLength(2);
});

test('blobs and beginnings of blobs without a row are taken away when they are old enough', async () => {
  await sweepOn(0);
  const sender = await createSender();
  await openAt(server.sourceUrl, sender);
  await sendAt(server.sourceUrl, sender, 0, patternBytes(900));
  const [kept] = await blobsOf(sender);
  const folder = join(server.database.data, 'blobs', sender.parcel);
  const orphans = ['a'.repeat(32), `${'b'.repeat(32)}.part`];
  for (const name of orphans) {
    await writeFile(join(folder, name), 'x');
    await utimes(join(folder, name), now, now);
  }
  const nobody = join(server.database.data, 'blobs', 'f'.repeat(32));
  await mkdir(nobody);
  await writeFile(join(nobody, 'c'.repeat(32)), 'x');
  await utimes(join(nobody, 'c'.repeat(32)), now, now);
  await sweepOn(1);
  expect(await blobsOf(sender)).toHaveLength(3);
  await sweepOn(2);
  expect(await blobsOf(sender)).toEqual([kept]);
  expect(await server.blobs.parcels()).not.toContain('f'.repeat(32));
});

test('a data folder is known by the database it was first used with', async () => {
  const { data, database } = server.database;
  const mark = join(data, 'blobs', 'instance');
  await rm(mark, { force: true });
  // There are blobs already, so the mark was lost or the database is another: not for a program to guess.
  expect(await belongsTogether(database, data)).toBe(false);
  for (const name of await readdir(join(data, 'blobs'))) await rm(join(data, 'blobs', name), { recursive: true });
  expect([await belongsTogether(database, data), await belongsTogether(database, data)]).toEqual([true, true]);
  await writeFile(mark, 'another\n');
  expect(await belongsTogether(database, data)).toBe(false);
});
