/** Backup and restore over real stores: what comes back is what was there, what is damaged is found, what was deleted is gone, and a cut leaves the last one. */
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBackup } from '../../server/backup/check-backup.ts';
import { restoreBackup } from '../../server/backup/restore-backup.ts';
import { BACKUP_TABLES } from '../../server/backup/tables.ts';
import { takeBackup } from '../../server/backup/take-backup.ts';
import type { BackupReport } from '../../server/backup/take-backup.ts';
import type { BlobStore } from '../../server/store/blob-store.ts';
import { createDiskBlobs } from '../../server/store/blobs-disk.ts';
import { openDatabase } from '../../server/store/database.ts';
import type { Database } from '../../server/store/database.ts';
import { ROLE } from '../../server/postgres/cluster.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { ledgerRoute, parcelRoute, partRoute } from '../../shared/protocol/routes.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import { run } from '../kit/programs.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { createReplySender, deliverReply, signInAt } from '../kit/reply-sender.ts';
import { BODY_TYPE, createSender, MIB, openAt, sealAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

/** Tables that no backup holds: what is gone within the hour, what belongs to one database, and what is reckoned from the others. */
const LEFT_OUT = [
  'challenge',
  'instance',
  'mailbox_usage',
  'promise',
  'rot',
  'schema_version',
  'scrub',
  'session',
  'total_usage',
  'used_work',
];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const now = (): Date => new Date('2026-11-24T13:14:15Z');
const pace = (): Promise<void> => Promise.resolve();

function back(folder: string, blobs: BlobStore = server.blobs): Promise<BackupReport> {
  const { database, data } = server.database;
  return takeBackup({ database, blobs, data, folder, random, now, pace });
}

async function sendSealed(parts = 2): Promise<Sender> {
  const sender = await createSender({ parts });
  await openAt(server.sourceUrl, sender);
  const all = Array.from({ length: parts }, (_none, part) => patternBytes(part === parts - 1 ? 1000 : MIB, part));
  for (const [part, bytes] of all.entries()) await sendAt(server.sourceUrl, sender, part, bytes);
  expect((await sealAt(server.sourceUrl, sender, all)).status).toBe(200);
  return sender;
}

/** A parcel with one whole part and half of another, in two blobs. */
async function sendHalf(): Promise<Sender> {
  const sender = await createSender({ parts: 3 });
  await openAt(server.sourceUrl, sender);
  await sendAt(server.sourceUrl, sender, 0, patternBytes(MIB));
  const bytes = patternBytes(MIB, 7);
  const url = server.sourceUrl + partRoute(sender.parcel, 1);
  await fetch(url, { method: 'POST', headers: await sender.creation(1, bytes) });
  for (const [from, to] of [
    [0, 1000],
    [1000, 5000],
  ] as const) {
    const headers = { 'tus-resumable': '1.0.0', 'upload-offset': String(from), ...BODY_TYPE };
    expect((await fetch(url, { method: 'PATCH', headers, body: bytes.slice(from, to) })).status).toBe(204);
  }
  return sender;
}

const remove = (sender: Sender): Promise<unknown> =>
  server.database.database
    .run((sql) => sql`delete from parcel where id = ${Buffer.from(sender.parcel, 'hex')}`)
    .then(() => server.blobs.removeParcel(sender.parcel));

let places = 0;
/** A database without a table, in the cluster of the server, and a data folder. */
async function emptyPlace(): Promise<{ readonly database: Database; readonly data: string } & AsyncDisposable> {
  const folder = await temporaryFolder();
  const name = `place${++places}`;
  await server.database.database.run((sql) => sql.unsafe(`create database ${name}`));
  const database = openDatabase({ socketFolder: server.database.socketFolder, user: ROLE, database: name });
  return {
    database,
    data: folder.path,
    async [Symbol.asyncDispose]() {
      await database.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** All that a restore must bring back, table by table. */
async function rowsOf(database: Database): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const { name, key } of [...BACKUP_TABLES, { name: 'mailbox_usage', key: ['mailbox'] }]) {
    const order = key.join(', ');
    const [there] = await database.run(
      (sql) => sql<{ yes: boolean }[]>`select to_regclass(${name}) is not null as yes`,
    );
    if (there!.yes)
      all[name] = [...(await database.run((sql) => sql.unsafe(`select * from ${name} order by ${order}`)))];
  }
  // Which row of these holds how much is of no account.
  all['sums'] = [
    ...(await database.run(
      (sql) => sql`
        select 'total', total_bytes()::text as bytes
        union all select until::text, sum(bytes)::text from promise group by until having sum(bytes) <> 0 order by 1`,
    )),
  ];
  return all;
}

/** Checks a backup and restores it into an empty place. */
async function restoreInto(
  folder: string,
  { database, data }: { database: Database; data: string },
): Promise<BlobStore> {
  await mkdir(join(data, 'blobs'), { recursive: true });
  const blobs = createDiskBlobs({ folder: join(data, 'blobs'), random, now });
  await restoreBackup({ database, data, blobs, folder, backup: await checkBackup(folder, { pace }), pace });
  return blobs;
}

async function bytesOf(store: BlobStore, parcel: string, name: string, length: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.read(parcel, name, 0, length)) pieces.push(piece);
  return Buffer.concat(pieces);
}

test('every table is in the backup or is known not to be', async () => {
  const rows = await server.database.database.run(
    (sql) =>
      sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = current_schema() order by 1`,
  );
  const kept = BACKUP_TABLES.map(({ name }) => name);
  expect(rows.map(({ name }) => name).filter((name) => !kept.includes(name) && !LEFT_OUT.includes(name))).toEqual([]);
});

test('rows, blobs, key, card and couriers come back as they were; sha256sum reads the manifest; numbers go on', async () => {
  await using place = await temporaryFolder();
  const folder = join(place.path, 'backup');
  const { database, data } = server.database;
  const sealed = await sendSealed(3);
  const half = await sendHalf();
  const owner = await mailboxOwner(server.sourceUrl);
  const unsealed = await createSender({ mailbox: owner.key });
  await openAt(server.sourceUrl, unsealed);
  await owner.postBytes(ledgerRoute(unsealed.parcel, 0), random(1000));
  const session = await signInAt(server.staffUrl, server.organisation.courier);
  const reply = createReplySender({ key: server.organisation.reply, mailbox: owner.key.publicKey, parts: 1 });
  await deliverReply(server.staffUrl, session, reply, [patternBytes(500)]);
  await database.run((sql) => sql`insert into forgotten values (${random(32)}, '2026-11-20')`);
  await database.run((sql) => sql`insert into deleted_reply values (${random(16)})`);

  await back(folder);
  const summed = await run('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: folder });
  expect(summed).toMatchObject({ code: 0, out: '' });
  const checked = await checkBackup(folder, { pace });
  expect(checked).toMatchObject({ parcels: 4, sealed: 2, parts: 6, damaged: { files: 0, parts: 0, seals: 0 } });
  const key = await stat(join(folder, checked.state, 'receipt.key'));
  expect([key.mode & 0o777, key.mtime.toISOString()]).toEqual([0o600, '2026-11-24T00:00:00.000Z']);

  await using target = await emptyPlace();
  const blobs = await restoreInto(folder, target);
  expect(await rowsOf(target.database)).toEqual(await rowsOf(database));
  for (const name of ['receipt.key', 'root.pub', 'card.note', 'couriers.txt'])
    expect(await readFile(join(target.data, name), 'utf8')).toBe(await readFile(join(data, name), 'utf8'));
  for (const { parcel } of [sealed, half, reply])
    for (const { name } of await server.blobs.list(parcel)) {
      const length = (await stat(join(data, 'blobs', parcel, name))).size;
      const [was, is] = [await bytesOf(server.blobs, parcel, name, length), await bytesOf(blobs, parcel, name, length)];
      expect(is.equals(was)).toBe(true);
    }

  const again = await server.again({ database: target.database, blobs });
  const asked = await fetch(again.sourceUrl + partRoute(half.parcel, 1), {
    method: 'HEAD',
    headers: { 'tus-resumable': '1.0.0' },
  });
  expect(asked.headers.get('upload-offset')).toBe('5000');
  const fresh = await createSender();
  await openAt(again.sourceUrl, fresh);
  const numbers = await target.database.run(
    (sql) => sql<{ id: Uint8Array }[]>`select id from parcel order by number desc limit 1`,
  );
  expect(Buffer.from(numbers[0]!.id).toString('hex')).toBe(fresh.parcel);
});

test('a second backup copies only what is new; what was deleted goes from it, and a blob that rotted on the server does not come in', async () => {
  await using place = await temporaryFolder();
  const folder = join(place.path, 'backup');
  const [stays, goes] = [await sendSealed(), await sendSealed()];
  const first = await back(folder);
  expect(first.copiedBlobs).toBeGreaterThanOrEqual(4);
  expect(await back(folder)).toMatchObject({ copiedBlobs: 0, removedBlobs: 0, damaged: 0 });

  const [name] = await readdir(join(server.database.data, 'blobs', stays.parcel));
  await writeFile(join(server.database.data, 'blobs', stays.parcel, name!), 'rotten');
  await remove(goes);
  const added = await sendSealed(1);
  const rotten = await sendSealed(1);
  const [bad] = await readdir(join(server.database.data, 'blobs', rotten.parcel));
  const path = join(server.database.data, 'blobs', rotten.parcel, bad!);
  const bytes = await readFile(path);
  bytes[500]! ^= 1;
  await writeFile(path, bytes);
  expect(await back(folder)).toMatchObject({ copiedBlobs: 2, copiedBytes: 2000, removedBlobs: 3, damaged: 1 });
  expect(await readdir(join(folder, 'blobs'))).toContain(added.parcel);
  expect(await readdir(join(folder, 'blobs'))).not.toContain(goes.parcel);
  expect(await readFile(join(folder, 'SHA256SUMS'), 'utf8')).not.toContain(goes.parcel);
  // What the backup had whole it keeps; of the other it has nothing, and says so.
  expect((await checkBackup(folder, { pace })).damaged).toEqual({ files: 0, parts: 1, seals: 0 });
  await remove(rotten);
  await remove(stays);
});

test('a parcel that is deleted while the backup runs is not in it; a part that moves on is in it as far as it goes', async () => {
  await using place = await temporaryFolder();
  const folder = join(place.path, 'backup');
  const [gone, goneLate, moves] = [await sendSealed(), await sendSealed(), await sendHalf()];
  const database = server.database.database;
  const meddle = async (): Promise<void> => {
    await remove(gone);
    const [late, id] = [goneLate, moves].map(({ parcel }) => Buffer.from(parcel, 'hex'));
    await database.run((sql) => sql`delete from parcel where id = ${late!}`);
    const [row] = await database.run(
      (sql) => sql<{ blobs: string }[]>`select blobs from part where parcel = ${id!} and seq = 1`,
    );
    await database.run((sql) => sql`update part set blobs = '', received = 0 where parcel = ${id!} and seq = 1`);
    await server.blobs.remove(moves.parcel, [row!.blobs.slice(-37, -5)]);
  };
  let meddled: Promise<void> | undefined;
  const meddling: BlobStore = {
    ...server.blobs,
    async *read(parcel, name, from, to) {
      await (meddled ??= meddle());
      yield* server.blobs.read(parcel, name, from, to);
    },
  };
  expect(await back(folder, meddling)).toMatchObject({ deletedMeanwhile: 2, shortened: 1, damaged: 0 });
  const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8');
  expect([gone, goneLate].filter(({ parcel }) => sums.includes(parcel))).toEqual([]);
  expect(await readdir(join(folder, 'blobs'))).not.toContain(goneLate.parcel);

  await using target = await emptyPlace();
  await restoreInto(folder, target);
  const [row] = await target.database.run(
    (sql) => sql<object[]>`select received from part where parcel = ${Buffer.from(moves.parcel, 'hex')} and seq = 1`,
  );
  expect(row).toEqual({ received: 1000 });
  await remove(goneLate);
});

test('a backup that is cut off leaves the last one valid, and the next goes on where it was', async () => {
  await using place = await temporaryFolder();
  const folder = join(place.path, 'backup');
  await sendSealed();
  await back(folder);
  const before = await readFile(join(folder, 'SHA256SUMS'));
  await sendSealed(4);
  let reads = 0;
  const failing: BlobStore = {
    ...server.blobs,
    async *read(...args) {
      if (++reads > 2) throw new Problem('storage-away');
      yield* server.blobs.read(...args);
    },
  };
  await expect(back(folder, failing)).rejects.toMatchObject({ code: 'storage-away' });
  expect((await readFile(join(folder, 'SHA256SUMS'))).equals(before)).toBe(true);
  expect((await checkBackup(folder, { pace })).damaged).toEqual({ files: 0, parts: 0, seals: 0 });
  expect((await back(folder)).copiedBlobs).toBe(2);
  expect((await checkBackup(folder, { pace })).damaged).toEqual({ files: 0, parts: 0, seals: 0 });
});

test('what was changed in a backup is found; what leads out of it is not followed', async () => {
  await using place = await temporaryFolder();
  const folder = join(place.path, 'backup');
  const sender = await sendSealed(1);
  await back(folder);
  const { state } = await checkBackup(folder, { pace });
  const [name] = await readdir(join(folder, 'blobs', sender.parcel));
  const blob = join(folder, 'blobs', sender.parcel, name!);
  const was = await readFile(blob);
  const other = Buffer.from(was);
  other[10]! ^= 1;
  for (const spoil of [() => writeFile(blob, other), () => writeFile(blob, was.subarray(1)), () => rm(blob)]) {
    await spoil();
    expect((await checkBackup(folder, { pace })).damaged).toEqual({ files: 1, parts: 1, seals: 0 });
  }
  await writeFile(blob, was);

  const rows = join(folder, state, 'part.rows');
  const text = await readFile(rows, 'utf8');
  await writeFile(rows, text.replace(/\b1000\t1000\b/, '1000\t0'));
  await expect(checkBackup(folder, { pace })).rejects.toThrow('The file part.rows of the backup is not what');
  await writeFile(rows, text);
  expect((await checkBackup(folder, { pace })).damaged.parts).toBe(0);

  const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8');
  for (const line of [
    `${'0'.repeat(64)}  blobs/../../x`,
    `${'0'.repeat(64)}  /etc/passwd`,
    'x',
    `${'0'.repeat(64)}  state-0000000000000000/about`,
  ]) {
    await writeFile(join(folder, 'SHA256SUMS'), `${line}\n${sums}`);
    await expect(checkBackup(folder, { pace }), line).rejects.toThrow('is not that of a backup, or is damaged');
  }
  await writeFile(join(folder, 'SHA256SUMS'), sums.slice(0, -1));
  await expect(checkBackup(folder, { pace })).rejects.toThrow('cut off');
});

test('a damaged backup gives back all that is whole, and asks sources of unfinished parcels for the rest', async () => {
  await using place = await temporaryFolder();
  const folder = join(place.path, 'backup');
  const [sealed, half] = [await sendSealed(2), await sendHalf()];
  await back(folder);
  const [lost] = await readdir(join(folder, 'blobs', half.parcel));
  await rm(join(folder, 'blobs', half.parcel, lost!));
  await using target = await emptyPlace();
  const blobs = await restoreInto(folder, target);
  const again = await server.again({ database: target.database, blobs });
  expect((await fetch(again.sourceUrl + parcelRoute(sealed.parcel))).status).toBe(409);
  const parts = [patternBytes(MIB), patternBytes(MIB, 7), patternBytes(1000)];
  for (const [part, bytes] of parts.entries()) await sendAt(again.sourceUrl, half, part, bytes);
  const url = again.sourceUrl + partRoute(half.parcel, 1);
  const asked = await fetch(url, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
  const offset = asked.headers.get('upload-offset')!;
  const headers = { 'tus-resumable': '1.0.0', 'upload-offset': offset, ...BODY_TYPE };
  await fetch(url, { method: 'PATCH', headers, body: parts[1]!.slice(Number(offset)) });
  expect((await sealAt(again.sourceUrl, half, parts)).status).toBe(200);
});

test('a restore into a place that is not empty, and a backup over that of another server, are refused in words', async () => {
  await using place = await temporaryFolder();
  const folder = join(place.path, 'backup');
  await sendSealed(1);
  await back(folder);
  await expect(restoreInto(folder, server.database)).rejects.toThrow('database is not empty');

  await using other = await emptyPlace();
  await writeFile(join(other.data, 'receipt.key'), 'another\n');
  await expect(restoreInto(folder, other)).rejects.toThrow('The data folder has a receipt.key of its own');
  await rm(join(other.data, 'receipt.key'));
  await mkdir(join(other.data, 'blobs', 'a'), { recursive: true });
  await expect(restoreInto(folder, other)).rejects.toThrow('The store of blobs is not empty');
  expect(await rowsOf(other.database)).toMatchObject({ parcel: [], part: [] });

  const before = await readFile(join(folder, 'SHA256SUMS'));
  const stranger = {
    database: other.database,
    blobs: server.blobs,
    data: other.data,
    folder,
    random,
    now,
    pace,
  };
  await expect(takeBackup(stranger)).rejects.toThrow('the backup of another database');
  expect((await readFile(join(folder, 'SHA256SUMS'))).equals(before)).toBe(true);
  await expect(back(server.database.data)).rejects.toThrow('something else in this folder');
  await appendFile(join(folder, 'note.txt'), 'x');
  await expect(back(folder)).rejects.toThrow('something else in this folder');
});
