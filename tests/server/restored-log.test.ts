/** A log of receipts that comes from a backup: it publishes nothing until the operator says how it goes on, and never a second history. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBackup } from '../../server/backup/check-backup.ts';
import { restoreBackup } from '../../server/backup/restore-backup.ts';
import { takeBackup } from '../../server/backup/take-backup.ts';
import { publishReceipts } from '../../server/jobs/publish-receipts.ts';
import { createDiskBlobs } from '../../server/store/blobs-disk.ts';
import type { Database } from '../../server/store/database.ts';
import { openReceiptLog } from '../../server/store/receipt-log.ts';
import { admin } from '../kit/admin.ts';
import { random } from '../kit/random-bytes.ts';
import { startTestDatabase } from '../kit/test-database.ts';
import type { TestDatabase } from '../kit/test-database.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const now = (): Date => new Date('2026-11-24T13:14:15Z');
const pace = (): Promise<void> => Promise.resolve();

let server: TestServer;
let restored: TestDatabase;
/** Checkpoints as couriers have them: before the backup, at it, and after it. */
const kept: string[] = [];

const publish = (database: Database, day: string): Promise<boolean> =>
  publishReceipts({ database, key: server.organisation.receipt, random, tilesPerDay: 1 }, day);
const headOf = async (database: Database) => (await openReceiptLog(database).head())!;

beforeAll(async () => {
  [server, restored] = await Promise.all([startTestServer({ now }), startTestDatabase()]);
  const { database, data } = server.database;
  const folder = join(data, 'backup');
  for (const day of ['2026-11-01', '2026-11-02', '2026-11-03']) {
    if (day === '2026-11-03') await takeBackup({ database, blobs: server.blobs, data, folder, random, now, pace });
    await publish(database, day);
    kept.push(join(data, `${day}.note`));
    await writeFile(kept.at(-1)!, (await headOf(database)).checkpoint);
  }
  await mkdir(join(restored.data, 'blobs'));
  const blobs = createDiskBlobs({ folder: join(restored.data, 'blobs'), random, now });
  const backup = await checkBackup(folder, { pace });
  await restoreBackup({ ...restored, blobs, folder, backup, pace });
}, 60_000);
afterAll(async () => {
  await restored[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const log = (...args: readonly string[]) =>
  admin(restored.data, ['log', ...args], { env: { POSTERN_DATABASE_URL: restored.url } });

test('it is suspended, and a checkpoint beyond the backup does not let it go on', async () => {
  expect(await publish(restored.database, '2026-11-04')).toBe(false);
  const shown = await log();
  expect(shown.code).toBe(1);
  expect(shown.out).toContain('512 leaves, last published on 2026-11-02');
  expect(shown.out).toContain('suspended since a restore');
  const refused = await log('resume', kept[2]!);
  expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('more was published than the backup knows')]);
  await writeFile(join(restored.data, 'no.note'), 'nothing\n');
  expect((await log('resume', join(restored.data, 'no.note'))).code).toBe(3);
  expect((await log('resume')).code).toBe(2);
  expect(await publish(restored.database, '2026-11-04')).toBe(false);
});

test('with one that it knows it goes on where it was', async () => {
  for (const note of [kept[0]!, kept[1]!]) {
    await restored.database.run((sql) => sql`update log set suspended = true`);
    expect((await log('resume', note)).code).toBe(0);
  }
  expect(await publish(restored.database, '2026-11-03')).toBe(true);
  const [there, here] = [await headOf(server.database.database), await headOf(restored.database)];
  expect([here.size, Buffer.from(here.start).equals(there.start)]).toEqual([there.size, true]);
  // Two that both went on are two histories, of which this one is then refused.
  expect((await log('resume', kept[2]!)).code).toBe(3);
});

test('or another log begins, under another name', async () => {
  const before = await headOf(restored.database);
  expect((await log('new')).out).toContain('There is no log of receipts yet');
  expect(await publish(restored.database, '2026-11-05')).toBe(true);
  const after = await headOf(restored.database);
  expect([after.size, Buffer.from(after.start).equals(before.start)]).toEqual([256, false]);
  const shown = await admin(restored.data, ['log', '--json'], { env: { POSTERN_DATABASE_URL: restored.url } });
  expect(JSON.parse(shown.out)).toMatchObject({ size: 256, suspended: false, waiting: 0 });
});
