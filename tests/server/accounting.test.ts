/** What is stored is counted by the database itself, however it comes and goes, and whatever happens at once. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openCustody } from '../../server/store/custody.ts';
import type { Database } from '../../server/store/database.ts';
import { openMailboxes } from '../../server/store/mailboxes.ts';
import { openParcels } from '../../server/store/parcels.ts';
import type { NewParcel } from '../../server/store/parcels.ts';
import { openParts } from '../../server/store/parts.ts';
import type { PartState } from '../../server/store/parts.ts';
import { openRetention } from '../../server/store/retention.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Direction } from '../../shared/statements/direction.ts';
import { random } from '../kit/random-bytes.ts';
import { MIB } from '../kit/sender.ts';
import { startTestDatabase } from '../kit/test-database.ts';
import type { TestDatabase } from '../kit/test-database.ts';

const DAY = '2026-11-24';
const KEEP = { keepUnfinishedDays: 30, keepCollectedDays: 30, keepRepliesDays: 90 };
let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase();
  database = postgres.database;
});
afterAll(() => postgres[Symbol.asyncDispose]());
beforeEach(() => database.run((sql) => sql`delete from parcel`));

const hexId = (): string => toHex(random(16));

async function opened(mailbox = random(32), direction: Direction = 'submission', parts = 50): Promise<NewParcel> {
  const kind = { id: hexId(), direction, mailbox, sender: direction === 'reply' ? random(32) : mailbox };
  const parcel = { ...kind, opening: 'note', partSize: MIB, size: parts * MIB, parts, day: DAY };
  await openParcels(database).open(parcel, () => Promise.resolve());
  return parcel;
}

/** Brings a part to so many bytes of `size`; gives what it is then. */
async function bring(
  { id, direction }: NewParcel,
  part: number,
  received: number,
  { size = 100, before = null, writer = 0 }: { size?: number; before?: PartState | null; writer?: number } = {},
): Promise<PartState | null> {
  const blobs = received === 0 ? [] : [{ name: hexId(), length: received }];
  const after = { statement: `${part}`, sha256: before?.sha256 ?? toHex(random(32)), size, received, blobs };
  const change = { before, after, writer, record: null, day: DAY };
  return (await openParts(database).change({ direction, parcel: id, part }, change)) ? after : null;
}

/** What is counted, after checking that it is what the parts say. */
async function counted(): Promise<{ total: number; mailboxes: number[]; parcels: [number, number][] }> {
  const [row] = await database.run(
    (sql) => sql<{ total: string; mailboxes: string[]; parcels: [number, number][]; wrong: boolean }[]>`
      with reckoned as (
        select p.id, p.mailbox, p.direction, p.number, p.stored, p.finished, coalesce(sum(q.received), 0) as bytes,
          count(*) filter (where q.received = q.size) as done
        from parcel p left join part q on q.parcel = p.id group by p.id),
      owned as (select mailbox, sum(bytes) as bytes from reckoned where direction = 'submission' group by mailbox having sum(bytes) > 0)
      select total_bytes()::text as total,
        (select coalesce(json_agg(bytes order by bytes), '[]') from mailbox_usage) as mailboxes,
        (select coalesce(json_agg(json_build_array(stored, finished) order by number), '[]') from reckoned) as parcels,
        exists (select from reckoned where (stored, finished) <> (bytes, done))
          or total_bytes() <> (select coalesce(sum(bytes), 0) from reckoned)
          or exists (select from owned full join mailbox_usage u using (mailbox) where u.bytes is distinct from owned.bytes)
          or exists (
            select from (
              select promised_until(p) as until, promised(p) as bytes from parcel p where seal is null
              union all select until, -bytes from promise) q
            group by until having sum(bytes) <> 0) as wrong`,
  );
  expect(row!.wrong).toBe(false);
  return { total: Number(row!.total), mailboxes: row!.mailboxes.map(Number), parcels: row!.parcels };
}

test('parts are counted as they come, are begun anew, turn out damaged, and are finished', async () => {
  const parcel = await opened();
  expect(await counted()).toEqual({ total: 0, mailboxes: [], parcels: [[0, 0]] });
  const begun = await bring(parcel, 0, 0);
  const half = await bring(parcel, 0, 50, { before: begun });
  expect(await counted()).toEqual({ total: 50, mailboxes: [50], parcels: [[50, 0]] });
  const anew = await bring(parcel, 0, 70, { before: half, size: 90 });
  expect(await counted()).toMatchObject({ total: 70, parcels: [[70, 0]] });
  const damaged = await bring(parcel, 0, 0, { before: anew, size: 90 });
  expect(await counted()).toEqual({ total: 0, mailboxes: [], parcels: [[0, 0]] });
  await bring(parcel, 0, 90, { before: damaged, size: 90 });
  const most = await bring(parcel, 1, 60);
  // Not a byte more is here, and yet the part is whole.
  await bring(parcel, 1, 60, { before: most, size: 60 });
  await bring(parcel, 2, 100);
  expect(await counted()).toEqual({ total: 250, mailboxes: [250], parcels: [[250, 3]] });
});

test('whoever takes something away takes it off, and of a mailbox with nothing here no row is left', async () => {
  const [custody, retention, mailboxes] = [
    openCustody(database),
    openRetention(database, KEEP),
    openMailboxes(database),
  ];
  const mine = random(32);
  const [claimed, withdrawn, removed, due] = [
    await opened(mine),
    await opened(mine),
    await opened(),
    await opened(),
  ] as const;
  const replies = [await opened(mine, 'reply'), await opened(mine, 'reply'), await opened(mine, 'reply')] as const;
  const all = [claimed, withdrawn, removed, due, ...replies];
  for (const parcel of all) await bring(parcel, 0, 100);
  await bring(claimed, 1, 30);
  await bring(claimed, 2, 40);
  const rest = all.slice(1).map((): [number, number] => [100, 1]);
  expect(await counted()).toEqual({ total: 770, mailboxes: [100, 100, 270], parcels: [[170, 1], ...rest] });

  await mailboxes.claim(mine, claimed.id, { writer: 1, session: random(8), day: '2026-11-24' });
  expect(await counted()).toEqual({ total: 700, mailboxes: [100, 100, 200], parcels: [[100, 1], ...rest] });
  await mailboxes.withdraw(mine, withdrawn.id);
  await custody.remove(removed.id);
  expect(await counted()).toMatchObject({ total: 500, mailboxes: [100, 100] });
  await retention.removeDue(due.id, '2027-01-01');
  await mailboxes.deleteReply(mine, replies[0].id);
  expect(await counted()).toMatchObject({ total: 300, mailboxes: [100] });
  // What is forgotten is still here; the replies are not.
  await mailboxes.forget(mine, DAY);
  expect(await counted()).toMatchObject({ total: 100, mailboxes: [100] });
  await custody.remove(claimed.id);
  expect(await counted()).toEqual({ total: 0, mailboxes: [], parcels: [] });
});

test('a parcel of very many parts goes in one statement, well within its deadline', async () => {
  const parcel = await opened(random(32), 'submission', 99_000);
  const id = Buffer.from(parcel.id, 'hex');
  await database.transaction(async (sql) => {
    await sql`alter table part disable trigger user`;
    await sql`
      insert into part (parcel, seq, statement, sha256, size, received, blobs)
      select ${id}, n, repeat('s', 300), decode(repeat('00', 32), 'hex'), 100, 100, repeat('b', 41) from generate_series(0, 98999) n`;
    await sql`alter table part enable trigger user`;
    await sql`select recount_usage()`;
  });
  expect(await counted()).toEqual({ total: 9_900_000, mailboxes: [9_900_000], parcels: [[9_900_000, 99_000]] });
  await openCustody(database).remove(parcel.id);
  expect(await counted()).toEqual({ total: 0, mailboxes: [], parcels: [] });
});

test('parts, claims, seals, withdrawals and removals at once never wait for each other in a circle, and all is counted', async () => {
  const [parcels, mailboxes, custody] = [openParcels(database), openMailboxes(database), openCustody(database)];
  const owners = [random(32), random(32)];
  const deadlocks = async (): Promise<unknown> =>
    database.run((sql) => sql`select pg_stat_clear_snapshot(), sum(deadlocks)::integer as n from pg_stat_database`);
  const before = await deadlocks();
  for (let round = 0; round < 4; round++) {
    const there = await Promise.all(
      [0, 1, 2, 3].map((n) => opened(owners[n % 2], n === 3 ? 'reply' : 'submission', 24)),
    );
    const lane = async (parcel: NewParcel, first: number): Promise<void> => {
      for (let part = first; part < 24; part += 4) {
        const half = await bring(parcel, part, 40);
        if (half === null) continue;
        if (part % 3 === 0) await bring(parcel, part, 0, { before: half });
        else await bring(parcel, part, 100, { before: half });
      }
    };
    const lanes = there.flatMap((parcel) => [0, 1, 2, 3].map((first) => lane(parcel, first)));
    const others = there.map(async ({ id, mailbox }, n) => {
      await new Promise((resolve) => setTimeout(resolve, 10 * round));
      await mailboxes.claim(mailbox, id, { writer: 1, session: random(8), day: '2026-11-24' });
      if (n === 0) await parcels.seal(id, 'seal', 'receipt', DAY);
      if (n === 1) await mailboxes.withdraw(mailbox, id);
      if (n === 2) await custody.remove(id);
      if (n === 3) await mailboxes.forget(mailbox, DAY);
    });
    await Promise.all([...lanes, ...others]);
    await counted();
    await database.run((sql) => sql`delete from forgotten`);
  }
  expect(await deadlocks()).toEqual(before);
});
