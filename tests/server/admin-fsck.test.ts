/** fsck: each fault that is planted is found and named, and nothing else; what is only in use, or was deleted meanwhile, is no fault. */
import { appendFile, mkdir, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkAll } from '../../server/admin/fsck/check-all.ts';
import type { Fault } from '../../server/admin/fsck/faults.ts';
import { openCustody } from '../../server/store/custody.ts';
import type { Query } from '../../server/store/database.ts';
import { belongsTogether } from '../../server/store/instance.ts';
import { openStoredRows } from '../../server/store/stored-rows.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { partRoute } from '../../shared/protocol/routes.ts';
import { signReceipt } from '../../shared/statements/receipt.ts';
import { admin } from '../kit/admin.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { createReplySender, deliverReply, signInAt } from '../kit/reply-sender.ts';
import { BODY_TYPE, createSender, MIB, openAt, sealAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const PARTS = [patternBytes(MIB), patternBytes(1000)];
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await belongsTogether(server.database.database, server.blobs);
});
afterAll(() => server[Symbol.asyncDispose]());

/** Gone after each test, so that no fault is found twice. */
const sent: Sender[] = [];
afterEach(async () => {
  for (const { parcel } of sent.splice(0)) await remove(parcel);
});
async function remove(parcel: string): Promise<void> {
  await openCustody(server.database.database).remove(parcel);
  await server.blobs.removeParcel(parcel);
}

async function submission(sealed: boolean): Promise<Sender> {
  const sender = await createSender({ parts: 2 });
  sent.push(sender);
  await openAt(server.sourceUrl, sender);
  for (const [part, bytes] of PARTS.slice(0, sealed ? 2 : 1).entries())
    await sendAt(server.sourceUrl, sender, part, bytes);
  if (sealed) expect((await sealAt(server.sourceUrl, sender, PARTS)).status).toBe(200);
  return sender;
}

const fsck = (...args: string[]) =>
  admin(server.database.data, ['fsck', ...args], { env: { POSTERN_DATABASE_URL: server.database.url } });

interface Report {
  readonly sound: boolean;
  readonly parcels: number;
  readonly parts: number;
  readonly bytes: number;
  readonly faults: readonly Fault[];
  readonly orphans: { readonly young: number; readonly old: number };
}
async function report(...args: string[]): Promise<Report> {
  const { code, out, err } = await fsck('--json', ...args);
  const found = JSON.parse(out) as Report;
  expect([code, err]).toEqual([found.sound ? 0 : 1, '']);
  return found;
}
/** What is found, in short: `kind` or `kind part`. */
async function found(sender: Sender, ...args: string[]): Promise<string[]> {
  const { faults } = await report(...args);
  expect(faults.every(({ parcel }) => parcel === sender.parcel || parcel === null)).toBe(true);
  return faults.map(({ kind, part }) => (part === null ? kind : `${kind} ${part}`));
}
const alter = (work: (sql: Query) => Promise<unknown>) => server.database.database.run(work);
const idOf = ({ parcel }: Sender): Buffer => Buffer.from(parcel, 'hex');
const folderOf = ({ parcel }: Sender): string => join(server.database.data, 'blobs', parcel);
/** The only blob of a part, as a file. */
async function blobOf(sender: Sender, part: number): Promise<string> {
  const row = await openStoredRows(server.database.database).part(sender.parcel, part);
  return join(folderOf(sender), row!.blobs.slice(0, 32));
}

test('what is sound is said to be: submissions whole and unfinished, a part half sent, a reply', async () => {
  await submission(true);
  const half = await submission(false);
  await fetch(server.sourceUrl + partRoute(half.parcel, 1), {
    method: 'POST',
    headers: { ...(await half.creation(1, PARTS[1]!)), ...BODY_TYPE, 'content-length': '0' },
  });
  await fetch(server.sourceUrl + partRoute(half.parcel, 1), {
    method: 'PATCH',
    headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', ...BODY_TYPE },
    body: Buffer.from(PARTS[1]!.subarray(0, 300)),
  });
  const { organisation, staffUrl } = server;
  const reply = createReplySender({ key: organisation.reply, mailbox: random(32) });
  await deliverReply(staffUrl, await signInAt(staffUrl, organisation.courier), reply, PARTS);
  const { faults, parcels, parts, bytes, orphans } = await report();
  expect({ faults, parcels, parts, bytes, orphans }).toEqual({
    faults: [],
    parcels: 3,
    parts: 6,
    bytes: 3 * MIB + 2000,
    orphans: { young: 0, old: 0 },
  });
  expect(await fsck()).toEqual({
    code: 0,
    err: '',
    out: '3 parcels with 6 parts, 3.1 MB read.\nAll of it is sound.\n',
  });
  await remove(reply.parcel);
});

test('a flipped bit, a blob cut short, grown or gone is found and named with what to do', async () => {
  const sender = await submission(true);
  const blob = await blobOf(sender, 1);
  const good = await readFile(blob);
  const bad = Buffer.from(good);
  bad[500]! ^= 1;
  await writeFile(blob, bad);
  expect(await found(sender)).toEqual(['bytes-differ 1']);
  expect(await found(sender, '--quick')).toEqual([]);
  await writeFile(blob, good);
  await truncate(blob, 999);
  expect(await found(sender)).toEqual(['blob-short 1']);
  await writeFile(blob, good);
  await appendFile(blob, 'x');
  expect(await found(sender, '--quick')).toEqual(['blob-long 1']);
  await rm(blob);
  expect(await found(sender)).toEqual(['blob-missing 1']);
  const { code, out } = await fsck();
  expect(code).toBe(1);
  expect(out).toMatch(
    new RegExp(`^parcel ${sender.parcel}, part 1, blob [0-9a-f]{32}: a blob is missing \\(blob-missing\\)$`, 'm'),
  );
  expect(out).toContain('Bring it back from a backup.');
  await writeFile(blob, good);
  expect(await found(sender)).toEqual([]);
});

test('a blob of an unfinished part is missed, too, and so is a whole folder', async () => {
  const [half, whole] = [await submission(false), await submission(true)];
  await rm(await blobOf(half, 0));
  expect(await found(half)).toEqual(['blob-missing 0']);
  await remove(half.parcel);
  await rm(folderOf(whole), { recursive: true });
  expect(await found(whole)).toEqual(['blob-missing 0', 'blob-missing 1']);
});

test('a row that was altered is found, the signed statement being believed before it', async () => {
  const sender = await submission(true);
  const id = idOf(sender);
  const rows = openStoredRows(server.database.database);
  const before = (await rows.part(sender.parcel, 1))!;
  const check = async (change: (sql: Query) => Promise<unknown>, expected: string[]): Promise<void> => {
    await alter(change);
    expect(await found(sender)).toEqual(expected);
  };
  await check(
    (sql) => sql`update part set sha256 = ${random(32)} where parcel = ${id} and seq = 1`,
    ['statement-differs 1'],
  );
  await alter(
    (sql) => sql`update part set sha256 = ${Buffer.from(before.sha256, 'hex')} where parcel = ${id} and seq = 1`,
  );
  await check((sql) => sql`update part set received = 7 where parcel = ${id} and seq = 1`, ['blobs-differ 1']);
  await alter((sql) => sql`update part set received = 1000 where parcel = ${id} and seq = 1`);
  await check(
    (sql) => sql`update part set blobs = 'x' where parcel = ${id} and seq = 1`,
    ['blobs-differ 1', 'parts-missing'],
  );
  await alter((sql) => sql`update part set blobs = ${before.blobs} where parcel = ${id} and seq = 1`);
  await check((sql) => sql`update parcel set parts = 3 where id = ${id}`, ['opening-differs']);
  await check(
    (sql) => sql`update parcel set parts = 2, mailbox = ${random(32)} where id = ${id}`,
    ['opening-differs', 'usage-differs'],
  );
  await alter((sql) => sql`update parcel set mailbox = ${sender.mailbox.publicKey} where id = ${id}`);
  await check((sql) => sql`delete from part where parcel = ${id} and seq = 0`, ['parts-missing']);
});

test('a part beyond the opening is found', async () => {
  const sender = await submission(false);
  const [beyond, bytes] = [2, PARTS[1]!];
  const statement = await sender.statement(beyond, bytes);
  await alter(
    (sql) => sql`
      insert into part (parcel, seq, statement, sha256, size, received, blobs)
      select parcel, ${beyond}, ${statement}, ${Buffer.from(/sha256 (\w+)/.exec(statement)![1]!, 'hex')}, 1000, 0, '' from part
      where parcel = ${idOf(sender)}`,
  );
  expect(await found(sender)).toEqual(['part-beyond 2']);
});

test('statements that were altered are found: of a part, opening, seal and receipt', async () => {
  const sender = await submission(true);
  const id = idOf(sender);
  const parcel = (await openStoredRows(server.database.database).parcel(sender.parcel))!;
  const other = await ed25519FromSeed(random(32));
  await alter(
    async (sql) =>
      sql`update part set statement = ${await sender.statement(1, PARTS[1]!, other)} where parcel = ${id} and seq = 1`,
  );
  expect(await found(sender)).toEqual(['statement-invalid 1']);
  await alter(
    async (sql) =>
      sql`update part set statement = ${await sender.statement(0, PARTS[1]!)} where parcel = ${id} and seq = 1`,
  );
  expect(await found(sender)).toEqual(['statement-invalid 1']);
  await alter(
    async (sql) =>
      sql`update part set statement = ${await sender.statement(1, PARTS[1]!)} where parcel = ${id} and seq = 1`,
  );

  await alter((sql) => sql`update parcel set opening = replace(opening, 'card 1', 'card 2') where id = ${id}`);
  expect(await found(sender)).toEqual(['opening-invalid']);
  await alter((sql) => sql`update parcel set opening = ${parcel.opening} where id = ${id}`);

  await alter((sql) => sql`update parcel set seal = replace(seal, 'parts 2', 'parts 3') where id = ${id}`);
  expect(await found(sender)).toEqual(['seal-invalid']);
  const otherSeal = await sender.seal([PARTS[1]!, PARTS[0]!]);
  await alter((sql) => sql`update parcel set seal = ${otherSeal} where id = ${id}`);
  expect(await found(sender)).toEqual(['seal-differs', 'receipt-differs']);
  await alter((sql) => sql`update parcel set seal = ${parcel.seal} where id = ${id}`);

  const root = /root (\w+)/.exec(parcel.seal!)![1]!;
  const receipt = { parcel: sender.parcel, root, received: '2026-11-24' };
  const forged = await signReceipt(receipt, other);
  await alter((sql) => sql`update parcel set receipt = ${forged} where id = ${id}`);
  expect(await found(sender)).toEqual(['receipt-invalid']);
  const late = await signReceipt({ ...receipt, received: '2020-01-01' }, server.organisation.receipt);
  await alter((sql) => sql`update parcel set receipt = ${late} where id = ${id}`);
  expect(await found(sender)).toEqual(['receipt-differs']);
});

test('wrong counts are found, and counted anew when asked', async () => {
  const sender = await submission(true);
  await alter((sql) => sql`update parcel set stored = stored + 1 where id = ${idOf(sender)}`);
  expect(await found(sender)).toEqual(['count-differs', 'usage-differs']);
  await alter((sql) => sql`update parcel set stored = stored - 1 where id = ${idOf(sender)}`);
  await alter((sql) => sql`update mailbox_usage set bytes = bytes + 1 where mailbox = ${sender.mailbox.publicKey}`);
  expect(await found(sender)).toEqual(['usage-differs']);
  expect(await found(sender, '--recount')).toEqual([]);
});

test('blobs that no row names are counted by age, and are no fault', async () => {
  const sender = await submission(true);
  const old = new Date(Date.now() - 3 * 86_400_000);
  const stray = join(server.database.data, 'blobs', 'f'.repeat(32));
  await mkdir(stray);
  for (const [file, isOld] of [
    [join(folderOf(sender), 'a'.repeat(32)), true],
    [join(folderOf(sender), `${'b'.repeat(32)}.part`), false],
    [join(stray, 'c'.repeat(32)), true],
  ] as const) {
    await writeFile(file, 'x');
    if (isOld) await utimes(file, old, old);
  }
  const { sound, orphans } = await report();
  expect([sound, orphans]).toEqual([true, { young: 1, old: 2 }]);
  await rm(stray, { recursive: true });
});

test.each(['before its row is read', 'after its row was read'])(
  'a part that moves %s, and a parcel that is deleted while it is looked at, are no fault',
  async (when) => {
    const [moving, deleted] = [await submission(false), await submission(true)];
    const { database } = server.database;
    const rows = openStoredRows(database);
    const faults: Fault[] = [];
    let moves = 0;
    const move = async (): Promise<void> => {
      const [blob] = await readdir(folderOf(moving));
      const name = String(++moves).padStart(32, '0');
      await writeFile(join(folderOf(moving), name), await readFile(join(folderOf(moving), blob!)));
      await alter((sql) => sql`update part set blobs = ${`${name}:${MIB}`} where parcel = ${idOf(moving)}`);
      await rm(join(folderOf(moving), blob!));
    };
    await checkAll({
      database,
      rows: {
        ...rows,
        async parts(parcel, after, limit) {
          if (parcel === moving.parcel && when.startsWith('before')) await move();
          const page = await rows.parts(parcel, after, limit);
          if (parcel === moving.parcel && when.startsWith('after')) await move();
          if (parcel === deleted.parcel) await remove(parcel);
          return page;
        },
      },
      blobs: server.blobs,
      receiptKey: server.organisation.receipt.publicKey,
      now: () => new Date(),
      quick: false,
      pace: () => Promise.resolve(),
      onFault: (fault) => faults.push(fault),
      progress: { parcels: () => undefined, parts: () => undefined, bytes: () => undefined },
      signal: new AbortController().signal,
    });
    expect([moves, faults]).toEqual([1, []]);
  },
);

test('it reads no faster than it is told, and stops when it is asked to', async () => {
  await submission(true);
  let clock = 0;
  const waits: number[] = [];
  const effects = {
    clock: () => clock,
    sleep: (ms: number) => {
      waits.push(ms);
      clock += ms;
      return Promise.resolve();
    },
    env: { POSTERN_DATABASE_URL: server.database.url },
  };
  expect(await admin(server.database.data, ['fsck', '--rate', '100k'], effects)).toMatchObject({ code: 0 });
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(9_000);
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(11_000);

  const stop = new AbortController();
  const stopping = {
    ...effects,
    signal: stop.signal,
    sleep: () => Promise.reject((stop.abort(), new Error('stopped'))),
  };
  expect(await admin(server.database.data, ['fsck', '--rate', '100k'], stopping)).toMatchObject({
    code: 130,
    err: 'admin: Stopped.\n',
  });
});

test('it does not judge blobs that belong to another database', async () => {
  const mark = join(server.database.data, 'blobs', 'instance');
  const good = await readFile(mark);
  await writeFile(mark, 'another\n');
  expect(await fsck()).toMatchObject({ code: 3, err: expect.stringContaining('does not belong to these blobs') });
  await writeFile(mark, good);
});
