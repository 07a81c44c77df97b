/** The scrubber: planted rot is found, noted and told of by number; it reads no faster than it may, one process at a time, and goes on where it was. */
import { chmod, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createScrubTurn } from '../../server/jobs/scrub-turn.ts';
import type { ScrubTurnOptions } from '../../server/jobs/scrub-turn.ts';
import { startScrubber } from '../../server/jobs/scrubber.ts';
import type { LogLine } from '../../server/log-events.ts';
import type { BlobStore } from '../../server/store/blob-store.ts';
import { openCustody } from '../../server/store/custody.ts';
import { belongsTogether } from '../../server/store/instance.ts';
import { openScrub } from '../../server/store/scrub.ts';
import { openStoredRows } from '../../server/store/stored-rows.ts';
import { admin } from '../kit/admin.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { createSender, MIB, openAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { until } from '../kit/waiting.ts';

const DAY = 86_400_000;
const PARTS = [patternBytes(MIB), patternBytes(1000)];
let server: TestServer;
const senders: Sender[] = [];
let log: LogLine[];
let today: Date;
/** Milliseconds that were slept, and so the clock. */
let slept: number;

beforeAll(async () => {
  server = await startTestServer();
  await belongsTogether(server.database.database, server.blobs);
  for (let i = 0; i < 3; i++) {
    const sender = await createSender({ parts: 2 });
    senders.push(sender);
    await openAt(server.sourceUrl, sender);
    for (const [part, bytes] of PARTS.entries()) await sendAt(server.sourceUrl, sender, part, bytes);
  }
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  [log, slept, today] = [[], 0, new Date('2026-11-24T12:00:00Z')];
  const { database } = server.database;
  await database.run(
    (sql) => sql`update scrub set parcel = 0, part = -1, ended = null, holder = null, lease_until = null`,
  );
  await database.run((sql) => sql`delete from rot`);
});

/** What was read, as `parcel/blob`, by a store that counts. */
const readOf = (read: string[]): BlobStore => ({
  ...server.blobs,
  read(parcel, name, from, to) {
    read.push(`${parcel}/${name}`);
    return server.blobs.read(parcel, name, from, to);
  },
});
function turn(change: Partial<ScrubTurnOptions> = {}, holder = random(8)): () => Promise<void> {
  const { database } = server.database;
  return createScrubTurn({
    database,
    scrub: openScrub(database, holder),
    blobs: server.blobs,
    rate: 1e12,
    isBusy: () => false,
    now: () => today,
    clock: () => slept,
    sleep: (ms) => {
      slept += ms;
      return Promise.resolve();
    },
    log: (line) => void log.push(line),
    signal: new AbortController().signal,
    ...change,
  });
}
const noted = async (): Promise<string[]> => {
  const rot = await openScrub(server.database.database, random(8)).noted(100);
  return rot.map(({ parcel, part }) => `${senders.findIndex((sender) => sender.parcel === parcel)}/${part}`).sort();
};
async function blobOf(sender: number, part: number): Promise<string> {
  const { parcel } = senders[sender]!;
  const row = await openStoredRows(server.database.database).part(parcel, part);
  return join(server.database.data, 'blobs', parcel, row!.blobs.slice(0, 32));
}

test('a flipped bit, a short blob and a missing one are noted, told of by number alone, and forgotten when they are mended', async () => {
  const files = [await blobOf(0, 0), await blobOf(1, 1), await blobOf(2, 1)] as const;
  const good = await Promise.all(files.map((file) => readFile(file)));
  const bad = Buffer.from(good[0]!);
  bad[700_000]! ^= 16;
  await writeFile(files[0], bad);
  await truncate(files[1], 5);
  await rm(files[2]);
  await turn()();
  expect(await noted()).toEqual(['0/0', '1/1', '2/1']);
  expect(log).toEqual([{ event: 'rot-found', parts: 1 }]);
  const env = { POSTERN_DATABASE_URL: server.database.url };
  expect(await admin(server.database.data, ['stats'], { env })).toMatchObject({
    code: 1,
    out: expect.stringContaining('The scrubber has found 3 parts that are not what was stored'),
  });
  const quick = await admin(server.database.data, ['fsck', '--quick'], { env });
  expect(quick.out).toContain(`parcel ${senders[0]!.parcel}, part 0: the scrubber found its bytes gone or changed`);

  // The same turn on the same day: the round is over, but what was noted is looked at again.
  await writeFile(files[0], good[0]!);
  await writeFile(files[1], good[1]!);
  await turn()();
  expect(await noted()).toEqual(['2/1']);
  await writeFile(files[2], good[2]!);
  await turn()();
  expect(await noted()).toEqual([]);
  expect(await admin(server.database.data, ['stats'], { env })).toMatchObject({ code: 0 });
});

test('everything is read once, and again a week later', async () => {
  const read: string[] = [];
  const blobs = readOf(read);
  await turn({ blobs })();
  expect(new Set(read).size).toBe(6);
  expect(read).toHaveLength(6);
  today = new Date(today.getTime() + 6 * DAY);
  await turn({ blobs })();
  expect(read).toHaveLength(6);
  today = new Date(today.getTime() + DAY);
  await turn({ blobs })();
  expect(read).toHaveLength(12);
});

test('it reads no faster than it may, and slower while uploads are busy', async () => {
  await turn({ rate: 100_000 })();
  const seconds = (3 * (MIB + 1000)) / 100_000;
  expect(slept / 1000).toBeGreaterThan(seconds - 2);
  expect(slept / 1000).toBeLessThan(seconds + 2);
  await server.database.database.run((sql) => sql`update scrub set ended = null`);
  slept = 0;
  await turn({ rate: 100_000, isBusy: () => true })();
  expect(slept / 1000).toBeGreaterThan(2 * seconds);
});

test('one that is stopped goes on where it was, in this process or the next', async () => {
  const read: string[] = [];
  const stop = new AbortController();
  const blobs: BlobStore = {
    ...server.blobs,
    read(parcel, name, from, to) {
      if (read.length === 3) stop.abort();
      return readOf(read).read(parcel, name, from, to);
    },
  };
  await expect(turn({ blobs, signal: stop.signal })()).rejects.toThrow();
  expect(read).toHaveLength(4);
  await turn({ blobs: readOf(read) })();
  // The part that it was stopped in is begun anew.
  expect([read.length, new Set(read).size]).toEqual([7, 6]);
});

test('of two processes one reads; when it is gone without a word, the other goes on after its lease', async () => {
  const { database } = server.database;
  const dead = openScrub(database, random(8));
  const number = (await openStoredRows(database).parcel(senders[1]!.parcel))!.number;
  expect(await dead.take(400, '2026-11-24')).not.toBeNull();
  expect(await dead.keep(400, { parcel: number, part: 0 })).toBe(true);
  const read: string[] = [];
  const other = turn({ blobs: readOf(read) });
  await other();
  expect(read).toEqual([]);
  await until('the lease is over', 10_000, async () => {
    await other();
    return read.length > 0;
  });
  expect(read).toHaveLength(3);
  expect(await dead.keep(400, { parcel: 0, part: -1 })).toBe(false);
});

test('one whose lease was taken over stops, and takes nothing back', async () => {
  const { database } = server.database;
  const read: string[] = [];
  const blobs: BlobStore = {
    ...server.blobs,
    read(parcel, name, from, to) {
      if (read.length === 1)
        return (async function* () {
          await database.run(
            (sql) => sql`update scrub set holder = ${random(8)}, parcel = 77, lease_until = now() + '1h'`,
          );
          slept += 60_000;
          yield* server.blobs.read(parcel, name, from, to);
        })();
      return readOf(read).read(parcel, name, from, to);
    },
  };
  await turn({ blobs })();
  expect(read).toHaveLength(1);
  const [row] = await database.run(
    (sql) => sql<{ parcel: bigint }[]>`select parcel from scrub where holder is not null`,
  );
  expect(row?.parcel).toBe(77n);
});

test('a part that is deleted while it is read is no rot', async () => {
  const sender = await createSender({ parts: 2 });
  await openAt(server.sourceUrl, sender);
  await sendAt(server.sourceUrl, sender, 0, PARTS[0]!);
  const { database } = server.database;
  const blobs: BlobStore = {
    ...server.blobs,
    async *read(parcel, name, from, to) {
      if (parcel === sender.parcel) {
        await openCustody(database).remove(parcel);
        await server.blobs.removeParcel(parcel);
      }
      yield* server.blobs.read(parcel, name, from, to);
    },
  };
  await turn({ blobs })();
  expect([await noted(), log]).toEqual([[], []]);
});

test('blobs of another database are not judged', async () => {
  const mark = join(server.database.data, 'blobs', 'instance');
  const good = await readFile(mark);
  await chmod(mark, 0o600);
  await writeFile(mark, 'another\n');
  const read: string[] = [];
  await turn({ blobs: readOf(read) })();
  await writeFile(mark, good);
  expect(read).toEqual([]);
});

test('a running one stops at once, in the middle of a slow read, and leaves the turn to others', async () => {
  const { database } = server.database;
  const read: string[] = [];
  const sleeping = new Set<() => void>();
  const scrubber = startScrubber({
    database,
    blobs: readOf(read),
    rate: 1,
    isBusy: () => false,
    random,
    now: () => today,
    clock: () => 0,
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        const stop = (): void => reject(new Error('stopped'));
        sleeping.add(stop);
        signal.addEventListener('abort', stop);
      }),
    log: (line) => void log.push(line),
  });
  await until('it sleeps', 10_000, () => sleeping.size > 0, 10);
  await scrubber.stop();
  expect([read.length, log]).toEqual([1, []]);
  expect(await openScrub(database, random(8)).take(1000, '2026-11-24')).not.toBeNull();
});
