/** The log of receipts: as many leaves each day whatever came, every receipt in it once and provable, nothing of it after a deletion, one history. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkLog } from '../../server/admin/fsck/check-log.ts';
import type { Fault } from '../../server/admin/fsck/faults.ts';
import { publishReceipts } from '../../server/jobs/publish-receipts.ts';
import type { Publishing } from '../../server/jobs/publish-receipts.ts';
import { hashLeaf, rootOver } from '../../server/store/hash-tree.ts';
import { lockLog, openReceiptLog } from '../../server/store/receipt-log.ts';
import type { ReceiptLog } from '../../server/store/receipt-log.ts';
import { logProofIn, parseEnvelope } from '../../shared/protocol/envelope.ts';
import { deleteRoute, envelopeRoute, LOG_CHECKPOINT_ROUTE, LOG_TILES_ROUTE } from '../../shared/protocol/routes.ts';
import { SECURITY_HEADERS } from '../../shared/protocol/csp.ts';
import { openCheckpoint } from '../../shared/tlog/checkpoint.ts';
import { openLogProof, parseLogProof } from '../../shared/tlog/log-proof.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { postIn, signInAt } from '../kit/reply-sender.ts';
import { createSender, openAt, sealAt, sendAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const NO_QUOTAS = { parcel: 0, mailbox: 0, total: 0 };

let now = new Date('2026-11-01T12:00:00Z');
let server: TestServer;
let log: ReceiptLog;
let publishing: Publishing;
beforeAll(async () => {
  // Every look is a new one: what was seen some seconds ago is the business of the test that is about that.
  let ticks = 0;
  server = await startTestServer({ now: () => now, clock: () => (ticks += 6_000) });
  const { database } = server.database;
  log = openReceiptLog(database);
  publishing = { database, key: server.organisation.receipt, random, tilesPerDay: 1 };
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await server.database.database.run((sql) => sql`delete from parcel`);
  await log.forget();
});

const publish = (day: string, change: Partial<Publishing> = {}) => publishReceipts({ ...publishing, ...change }, day);
const size = async (): Promise<number> => (await log.head())?.size ?? 0;
const get = (path: string) => fetch(server.sourceUrl + path);
const bytesOf = async (path: string) => Buffer.from(await (await get(`${LOG_TILES_ROUTE}/${path}`)).arrayBuffer());
const pieces = (bytes: Buffer, length: number): Buffer[] =>
  Array.from({ length: bytes.length / length }, (_, i) => bytes.subarray(i * length, (i + 1) * length));

/** A submission that is sealed on the day. */
async function sendOn(day: string): Promise<string> {
  now = new Date(`${day}T12:00:00Z`);
  const sender = await createSender({ parts: 1 });
  await openAt(server.sourceUrl, sender);
  await sendAt(server.sourceUrl, sender, 0, patternBytes(900));
  expect((await sealAt(server.sourceUrl, sender, [patternBytes(900)])).status).toBe(200);
  return sender.parcel;
}

/** Rows as a seal on that day would leave them. */
async function putSealed(count: number, day: string): Promise<void> {
  await server.database.database.run(
    (sql) => sql`
      insert into parcel (id, direction, mailbox, opening, part_size, size, parts, opened, touched, seal, receipt, sealed)
      select substr(sha256(('p' || i || ${day}::text)::bytea), 1, 16), 'submission', sha256('m'), 'o', 65536, 16384, 1,
        ${day}::date, ${day}::date, 's', 'r' || i, ${day}::date
      from generate_series(1, ${count}::integer) i`,
  );
}

async function envelopeOf(parcel: string) {
  const session = await signInAt(server.staffUrl, server.organisation.courier);
  return parseEnvelope(await (await fetch(server.staffUrl + envelopeRoute(parcel), { headers: session })).text());
}

const faultsOfLog = async (): Promise<Fault[]> => {
  const faults: Fault[] = [];
  const { database } = server.database;
  const receiptKey = server.organisation.receipt.publicKey;
  await checkLog({ database, receiptKey, onFault: (fault) => faults.push(fault) });
  return faults;
};

test('each day adds one tile, whether nothing came, or something, or more than fits', async () => {
  await publish('2026-11-01');
  expect(await size()).toBe(256);
  await putSealed(3, '2026-11-01');
  await publish('2026-11-02');
  expect(await size()).toBe(512);
  await putSealed(300, '2026-11-02');
  await publish('2026-11-03');
  expect(await size()).toBe(768);
  expect(await log.waiting()).toBe(44);
  await publish('2026-11-04');
  expect([await size(), await log.waiting()]).toEqual([1024, 0]);
  expect(await faultsOfLog()).toEqual([]);
});

test('a day is published once, by one of several processes that try at once', async () => {
  await publish('2026-11-01');
  await putSealed(20, '2026-11-01');
  const others = [1, 2, 3, 4].map(() => server.database.open(NO_QUOTAS));
  // All of them come to where they wait for each other, before the first may begin.
  const held = await publishing.database.transaction(async (sql) => {
    await lockLog(sql);
    const trying = others.map((database) => publish('2026-11-02', { database }));
    expect(await Promise.race([Promise.any(trying), sleep(500, 'nothing yet')])).toBe('nothing yet');
    return { trying };
  });
  const tried = await Promise.all(held.trying);
  await Promise.all(others.map((database) => database.close()));
  expect(tried.filter((isDone) => isDone)).toHaveLength(1);
  expect([await size(), await publish('2026-11-02'), await size()]).toEqual([512, false, 512]);
  expect(await faultsOfLog()).toEqual([]);
});

test('after a pause the missed days come as full tiles, with receipts anywhere among them', async () => {
  await publish('2026-11-01');
  await putSealed(200, '2026-11-01');
  await publish('2026-11-05');
  expect(await size()).toBe(256 * 5);
  const rows = await publishing.database.run(
    (sql) => sql<{ leaf: bigint }[]>`select leaf from log_receipt order by leaf`,
  );
  expect(rows).toHaveLength(200);
  // By chance all of 200 lie in one of four tiles in fewer than one of 10^100 runs.
  expect(new Set(rows.map(({ leaf }) => leaf / 256n)).size).toBeGreaterThan(1);
  expect(rows[0]!.leaf).toBeGreaterThanOrEqual(256n);
});

test('a clock that was years ahead, or is a little behind, makes no great leap and no standstill', async () => {
  await publish('2026-11-01');
  await publish('2099-01-01');
  expect(await size()).toBe(256 * 513);
  await publish('2026-11-02');
  expect(await size()).toBe(256 * 514);
  expect(await publish('2026-11-01')).toBe(false);
  await publish('2026-11-03');
  expect(await size()).toBe(256 * 515);
}, 30_000);

test('a receipt is in the log from the day after, and its envelope proves it', async () => {
  await publish('2026-11-01');
  const parcel = await sendOn('2026-11-02');
  await publish('2026-11-02');
  const before = await envelopeOf(parcel);
  expect([before.version, logProofIn(before)]).toEqual([2, null]);
  await publish('2026-11-03');
  for (const later of ['2026-11-03', '2026-11-04', '2026-11-08']) {
    await publish(later);
    const envelope = await envelopeOf(parcel);
    const proof = logProofIn(envelope);
    const place = await openLogProof(proof!, envelope.receipt!, server.organisation.receipt.publicKey);
    expect(place.checkpoint.size).toBe(await size());
    expect(place.index).toBe((await log.placeOf(parcel))!.leaf);
  }
});

test('what is published is a tlog-tiles log: entries, tiles of every level and checkpoint fit each other', async () => {
  await publish('2026-11-01');
  await publish('2026-12-30', { tilesPerDay: 5 });
  await publish('2026-12-31', { tilesPerDay: 64 });
  const checkpoint = await get(LOG_CHECKPOINT_ROUTE);
  expect(checkpoint.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const { size: leaves, root } = await openCheckpoint(await checkpoint.text(), server.organisation.receipt.publicKey);
  const tiles = leaves / 256;
  expect(tiles).toBeGreaterThan(256);
  const full = pieces(await bytesOf('1/000'), 32);
  const rest = pieces(await bytesOf(`1/001.p/${tiles - 256}`), 32);
  expect(pieces(await bytesOf('2/000.p/1'), 32)).toEqual([rootOver(full)]);
  expect(rootOver([...full, ...rest])).toEqual(Buffer.from(root));
  for (const tile of [0, 17, 255, 256]) {
    const number = String(tile).padStart(3, '0');
    const hashes = pieces(await bytesOf(`0/${number}`), 32);
    expect(rootOver(hashes)).toEqual([...full, ...rest][tile]);
    const entries = pieces(await bytesOf(`entries/${number}`), 34);
    expect(entries.every((entry) => entry.readUInt16BE(0) === 32)).toBe(true);
    expect(entries.map((entry) => Buffer.from(hashLeaf(entry.subarray(2))))).toEqual(hashes);
  }
  // Of a partial tile every width up to now, as tiles for older checkpoints.
  expect(pieces(await bytesOf('1/001.p/1'), 32)).toEqual(rest.slice(0, 1));
  const beyond = [
    `0/${String(tiles).padStart(3, '0')}`,
    `1/001.p/${tiles - 255}`,
    '1/001',
    '2/000.p/2',
    '3/000.p/1',
    '0/000.p/9',
    '0/0000',
  ];
  for (const path of beyond) expect((await get(`${LOG_TILES_ROUTE}/${path}`)).status, path).toBe(404);
  const tile = await get(`${LOG_TILES_ROUTE}/0/000`);
  expect(tile.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(tile.headers.get(name)).toBe(value);
});

test('before the first publication there is no checkpoint', async () => {
  expect((await get(LOG_CHECKPOINT_ROUTE)).status).toBe(404);
  expect((await get(`${LOG_TILES_ROUTE}/0/000`)).status).toBe(404);
});

test('of a parcel that is deleted the leaf stays, and nothing that leads from it', async () => {
  await publish('2026-11-01');
  const parcel = await sendOn('2026-11-02');
  await publish('2026-11-03');
  const { blinding, checkpoint } = parseLogProof(logProofIn(await envelopeOf(parcel))!);
  const session = await signInAt(server.staffUrl, server.organisation.courier);
  expect((await postIn(session, server.staffUrl + deleteRoute(parcel), {})).status).toBe(204);
  expect((await log.head())!.checkpoint).toBe(checkpoint);
  expect(await log.placeOf(parcel)).toBeNull();
  expect(await faultsOfLog()).toEqual([]);
  const hex = Buffer.from(blinding).toString('hex');
  for (const table of ['log', 'log_tile', 'log_receipt', 'parcel']) {
    const rows = await publishing.database.run((sql) => sql.unsafe(`select t::text as text from ${table} t`));
    for (const { text } of rows) {
      expect(text).not.toContain(hex);
      expect(text).not.toContain(parcel);
    }
  }
});

test('while it is suspended nothing is published; it goes on, or another log begins with all receipts in it', async () => {
  await publish('2026-11-01');
  const parcel = await sendOn('2026-11-02');
  await publish('2026-11-03');
  const { start } = (await log.head())!;
  await publishing.database.run((sql) => sql`update log set suspended = true`);
  expect([await publish('2026-11-04'), await size()]).toEqual([false, 768]);
  await log.resume();
  expect([await publish('2026-11-04'), await size()]).toEqual([true, 1024]);
  await log.forget();
  await publish('2026-11-05');
  const head = (await log.head())!;
  expect([head.size, Buffer.from(head.start).equals(start)]).toEqual([256, false]);
  const envelope = await envelopeOf(parcel);
  await openLogProof(logProofIn(envelope)!, envelope.receipt!, server.organisation.receipt.publicKey);
});

test('fsck finds a leaf, a place or a checkpoint that was altered', async () => {
  await publish('2026-11-01');
  await sendOn('2026-11-02');
  await publish('2026-11-03');
  const { database } = publishing;
  const after = async (change: string): Promise<string[]> => {
    await database.run((sql) => sql.unsafe(change));
    return (await faultsOfLog()).map(({ kind }) => kind);
  };
  expect(await after('update log set size = size - 256')).toEqual(['log-differs']);
  expect(await after('update log set size = size + 256')).toEqual([]);
  expect(await after('update log_receipt set leaf = leaf - 1')).toEqual(['log-place-differs']);
  expect(await after('update log_receipt set leaf = leaf + 1')).toEqual([]);
  expect(await after('update log_tile set entries = sha256(entries) || substr(entries, 33) where number = 0')).toEqual([
    'log-differs',
  ]);
});
