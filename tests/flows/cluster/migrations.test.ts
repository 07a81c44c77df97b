/** Five servers that start at the same moment: one of them brings the database forward, the others wait for it, and all of them serve. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { migrate, schemaVersions } from '../../../server/store/migrate.ts';
import { CARD_ROUTE, READY_ROUTE } from '../../../shared/protocol/routes.ts';
import { makeOrganisation } from '../../kit/organisation.ts';
import { patternBytes, random } from '../../kit/random-bytes.ts';
import { createSender, openAt, sealAt, sendAt } from '../../kit/sender.ts';
import { startServerProcess } from '../../kit/server-process.ts';
import type { ServerProcess } from '../../kit/server-process.ts';
import { startTestDatabase } from '../../kit/test-database.ts';
import type { TestDatabase } from '../../kit/test-database.ts';
import { victimSettings } from '../../kit/victim.ts';

const SERVERS = 5;
/** Longer than any statement of a request may take. */
const HELD_UP_MS = 11_500;

let database: TestDatabase;
let servers: ServerProcess[] = [];
beforeAll(async () => {
  database = await startTestDatabase();
  await makeOrganisation(database.data);
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.running.kill()));
  servers = [];
});
afterAll(() => database[Symbol.asyncDispose]());

/** The database as it was at this version; 0: before everything. */
async function backTo(version: number): Promise<void> {
  await database.database.run((sql) => sql`drop schema public cascade`);
  await database.database.run((sql) => sql`create schema public`);
  if (version > 0) await migrate(database.database, undefined, version);
}

async function startAll(): Promise<void> {
  const settings = victimSettings(database.data, database.url);
  servers = await Promise.all(Array.from({ length: SERVERS }, () => startServerProcess(settings)));
}

/** All are ready and serve, it was done once, and each ends in good order without having complained of anything. */
async function expectWell(): Promise<void> {
  const { database: version, program } = await schemaVersions(database.database);
  expect(version).toBe(program);
  const [rows] = await database.database.run(
    (sql) => sql<object[]>`
      select (select count(*)::integer from schema_version) as versions, (select count(*)::integer from total_usage) as sums`,
  );
  expect(rows).toEqual({ versions: 1, sums: 64 });
  const sender = await createSender({ parts: SERVERS });
  const parts = Array.from({ length: SERVERS }, (_, part) => patternBytes(900, part + 1));
  await openAt(servers[0]!.source, sender);
  for (const [index, { source, ops }] of servers.entries()) {
    expect((await fetch(ops + READY_ROUTE)).status).toBe(200);
    expect((await fetch(source + CARD_ROUTE)).status).toBe(200);
    expect((await sendAt(source, sender, index, parts[index]!)).status).toBe(201);
  }
  expect((await sealAt(servers.at(-1)!.source, sender, parts)).status).toBe(200);
  for (const { running } of servers) {
    expect(running.err()).toBe('');
    expect(running.out()).not.toMatch(/internal-error|database-away|storage-away/);
  }
  expect((await Promise.all(servers.map((server) => server.stop()))).map(({ code }) => code)).toEqual(
    servers.map(() => 0),
  );
}

test('on an empty database', async () => {
  await backTo(0);
  await startAll();
  await expectWell();
});

test('on one of an older version with something in it, where it takes longer than any request may', async () => {
  await backTo(2);
  const id = random(16);
  await database.database.transaction(async (sql) => {
    await sql`
      insert into parcel (id, mailbox, opening, part_size, size, parts, opened, touched)
      values (${id}, ${random(32)}, 'note', 1048576, 5, 1, '2026-11-01', '2026-11-02')`;
    await sql`
      insert into part (parcel, seq, statement, sha256, size, received, blobs)
      values (${id}, 0, 'statement', ${random(32)}, 9, 9, '')`;
  });
  const held = database.database.unhurried('write', async (sql) => {
    await sql`lock table parcel in access share mode`;
    await new Promise((resolve) => setTimeout(resolve, HELD_UP_MS));
  });
  await startAll();
  await held;
  const [parcel] = await database.database.run(
    (sql) => sql<object[]>`select stored::integer, finished from parcel where id = ${id}`,
  );
  expect(parcel).toEqual({ stored: 9, finished: 1 });
  await expectWell();
});
