/** A database of an older version is brought forward with all that is in it, and goes on as if it had been new. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../server/store/migrate.ts';
import { openParcels } from '../../server/store/parcels.ts';
import { PROJECT } from '../kit/programs.ts';
import { random } from '../kit/random-bytes.ts';
import { startTestDatabase } from '../kit/test-database.ts';
import type { TestDatabase } from '../kit/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

test('parcels from before mailboxes are submissions of the first writer, not collected, not forgotten', async () => {
  const texts = await Promise.all(
    ['0001-parcels.sql', '0002-staff.sql'].map((name) =>
      readFile(join(PROJECT, 'server/store/migrations', name), 'utf8'),
    ),
  );
  const [id, mailbox] = [random(16), random(32)];
  await database.database.transaction(async (sql) => {
    await sql.unsafe(
      'drop schema public cascade; create schema public; create table schema_version (version integer);',
    );
    for (const text of texts) await sql.unsafe(text);
    await sql`insert into schema_version values (2)`;
    await sql`
      insert into parcel (id, mailbox, opening, part_size, size, parts, opened, touched)
      values (${id}, ${mailbox}, 'note', 1048576, 5, 1, '2026-11-01', '2026-11-02')`;
    await sql`
      insert into part (parcel, seq, statement, sha256, size, received, blobs)
      values (${id}, 0, 'statement', ${random(32)}, 9, 9, '')`;
  });
  await migrate(database.database);
  await migrate(database.database);
  const parcels = openParcels(database.database);
  const parcel = Buffer.from(id).toString('hex');
  const same = { id: parcel, direction: 'submission', mailbox, sender: mailbox, opening: 'note', seal: null };
  expect(await parcels.find(parcel)).toMatchObject(same);
  expect(await parcels.list(0, 9)).toMatchObject([{ parcel, day: '2026-11-01', finished: 1, collected: false }]);
  const [row] = await database.database.run(
    (sql) => sql<object[]>`select writer, forgotten, dismissed, reply_key, touched::text from parcel`,
  );
  const touched = '2026-11-02';
  const [held] = await database.database.run(
    (sql) => sql<object[]>`
      select p.stored::integer, p.finished, u.mailbox = p.mailbox as same, u.bytes::integer, total_bytes()::integer as total
      from parcel p, mailbox_usage u`,
  );
  expect(held).toEqual({ stored: 9, finished: 1, same: true, bytes: 9, total: 9 });
  expect(row).toEqual({ writer: 0, forgotten: false, dismissed: false, reply_key: null, touched });
});
