/** Disk that deleted ledgers took is given back: PostgreSQL by itself would keep it for ledgers for ever. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shrinkLedger } from '../../server/jobs/shrink-ledger.ts';
import { ledgerRoute, withdrawRoute } from '../../shared/protocol/routes.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import { MIB, createSender, openAt } from '../kit/sender.ts';
import { random } from '../kit/random-bytes.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

async function taken(): Promise<number> {
  const [row] = await server.database.database.run(
    (sql) => sql<{ bytes: string }[]>`select pg_total_relation_size('ledger')::text as bytes`,
  );
  return Number(row!.bytes);
}

test('after a flood of pages was withdrawn the disk is free again, and the ledgers of others are whole', async () => {
  const [flood, other] = [await createSender({ parts: 600 }), await createSender()];
  for (const sender of [flood, other]) await openAt(server.sourceUrl, sender);
  const id = Buffer.from(flood.parcel, 'hex');
  await server.database.database.run(
    (sql) => sql`
      insert into ledger (parcel, page, content) select ${id}, n, ${random(262_144)}::bytea from generate_series(0, 79) n`,
  );
  const [mine, theirs] = [
    await mailboxOwner(server.sourceUrl, other.mailbox),
    await mailboxOwner(server.sourceUrl, flood.mailbox),
  ];
  const page = random(70_000);
  expect((await mine.postBytes(ledgerRoute(other.parcel, 0), page)).status).toBe(204);
  const most = await taken();
  expect(most).toBeGreaterThan(20 * MIB);

  // While it is used it stays; and little is not worth it.
  await shrinkLedger(server.database.database, 8 * MIB);
  expect(await taken()).toBe(most);
  expect((await theirs.post(withdrawRoute(flood.parcel))).status).toBe(204);
  await shrinkLedger(server.database.database, 64 * MIB);
  expect(await taken()).toBeGreaterThan(20 * MIB);

  await shrinkLedger(server.database.database, 8 * MIB);
  expect(await taken()).toBeLessThan(MIB);
  const kept = await (await mine.get(ledgerRoute(other.parcel, 0))).arrayBuffer();
  expect(Buffer.compare(Buffer.from(kept), Buffer.from(page))).toBe(0);
});
