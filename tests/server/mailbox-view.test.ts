/**
 * The server's view of a mailbox, field by field: all that a stolen database says. A new column of any table fails this test until
 * it is written down here with what it tells, and in docs/protocol.md, "What the server writes down".
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDatabase } from '../kit/test-database.ts';
import type { TestDatabase } from '../kit/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const VIEW: Readonly<Record<string, string>> = {
  // What bears the key of a mailbox, or the number of a parcel that does.
  'parcel.id': 'bytea: random number of the parcel, drawn by its sender',
  'parcel.number': 'bigint: which opening it was, in order',
  'parcel.mailbox': 'bytea: public key of the mailbox that sent it, or that a reply is for',
  'parcel.opening':
    'text: signed note: number, mailbox, serial of the card, part size, padded size; of a reply also its number and day',
  'parcel.part_size': 'integer: as in the opening',
  'parcel.size': 'bigint: as in the opening, padded',
  'parcel.parts': 'integer: follows from these two',
  'parcel.opened': 'date: day of the opening',
  'parcel.touched': 'date: day of the last part',
  'parcel.seal': 'text: signed note: number, part size, parts, root of hashes',
  'parcel.receipt': 'text: our signed note: number, root, day',
  'parcel.sealed': 'date: day of the seal',
  'parcel.direction': 'text: submission or reply',
  'parcel.reply_key': 'bytea: the key of the card that signed a reply',
  'parcel.collected': 'date: day on which staff said that they have it',
  'parcel.forgotten': 'boolean: its source asked that the codename show it no more',
  'parcel.dismissed': 'boolean: its source put the receipt away',
  'parcel.writer': 'integer: how often it was taken up again',
  'parcel.claimed_by': 'bytea: random number of the sign-in that took it up last; gone at the seal',
  'parcel.stored': 'bigint: bytes that are here, as its parts say',
  'parcel.finished': 'integer: whole parts that are here, as they say too',
  'part.parcel': 'bytea: the parcel',
  'part.seq': 'integer: its number in the parcel',
  'part.statement': 'text: signed note: parcel, number, size and hash of the ciphertext',
  'part.sha256': 'bytea: as in the statement',
  'part.size': 'integer: as in the statement',
  'part.received': 'integer: bytes that are here',
  'part.blobs': 'text: random names and lengths of the files that hold them',
  'part.record': 'bytea: sealed under the codename, 3,200 bytes whatever is in it; gone at the seal',
  'ledger.parcel': 'bytea: the parcel',
  'ledger.page': 'integer: number of the page',
  'ledger.content': 'bytea: sealed under the codename, filled up to a power of two; gone at the seal',
  'forgotten.mailbox': 'bytea: public key of a mailbox whose source asked to be forgotten',
  'forgotten.day': 'date: day on which it did',
  'mailbox_usage.mailbox': 'bytea: public key of a mailbox that sent something which is here',
  'mailbox_usage.bytes': 'bigint: how much that is, as its parcels say; no row when there is nothing',
  'deleted_reply.id': 'bytea: random number of a reply that was here whole and is no more; not whose it was',
  'rot.parcel': 'bytea: a parcel of which something that is stored is not what it was',
  'rot.part': 'integer: the part of it',
  'rot.fault': 'text: in which way',
  'rot.found': 'date: day on which that was seen',
  'log_receipt.parcel': 'bytea: the parcel, whose receipt is in the log',
  'log_receipt.leaf': 'bigint: at this place, which was drawn by lot',
  'log_receipt.blinding': 'bytea: random, without which nobody finds it there',
  // What does not.
  'log.single': 'boolean: always true',
  'log.start': 'bytea: random, the name of the log of receipts',
  'log.size': 'bigint: leaves in it, the same number for each day',
  'log.checkpoint': 'text: our signed note: name, size and root of the log',
  'log.day': 'date: day on which it was last published',
  'log.suspended': 'boolean: nothing is published since a restore',
  'log_tile.number': 'bigint: counts pieces of the log',
  'log_tile.entries': 'bytea: 256 leaves, random or not to be told from it',
  'log_tile.root': 'bytea: hash over them',
  'scrub.single': 'boolean: always true',
  'scrub.parcel': 'bigint: up to which parcel the stored bytes were read again',
  'scrub.part': 'integer: and up to which part of it',
  'scrub.ended': 'date: day on which all had been read',
  'scrub.holder': 'bytea: random, the process that reads',
  'scrub.lease_until': 'timestamp with time zone: of that process, no act of a source',
  'challenge.challenge': 'bytea: random, for the sign-in of couriers',
  'challenge.expires': 'timestamp with time zone: of couriers',
  'session.token_sha256': 'bytea: hash of a courier’s token',
  'session.courier': 'bytea: public key of the courier',
  'session.expires': 'timestamp with time zone: of couriers',
  'promise.until':
    'date: last day on which room is kept for those who sent or opened something seven days, or one, before',
  'promise.slot': 'integer: from 0 to 63',
  'promise.bytes': 'bigint: how much that is for all of them, together with the other rows',
  'total_usage.slot': 'integer: from 0 to 63',
  'total_usage.bytes': 'bigint: how much of everybody is here, together with the other rows',
  'instance.single': 'boolean: always true',
  'instance.id': 'uuid: random, which data folder this database belongs to',
  'schema_version.version': 'integer: migrations that have run',
};

test('the server’s view of a mailbox is these fields and no others', async () => {
  const columns = await database.database.run(
    (sql) => sql<{ name: string; type: string }[]>`
      select table_name || '.' || column_name as name, data_type as type from information_schema.columns
      where table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const seen = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
  const told = Object.fromEntries(Object.entries(VIEW).map(([name, text]) => [name, text.slice(0, text.indexOf(':'))]));
  expect(seen).toEqual(told);
});

test('no view, function, trigger or comment keeps more of it elsewhere than these', async () => {
  const others = await database.database.run(
    (sql) => sql<{ name: string }[]>`
      select 'view ' || table_name as name from information_schema.views where table_schema = 'public'
      union all select 'function ' || routine_name from information_schema.routines where routine_schema = 'public'
      union all select 'trigger ' || trigger_name from information_schema.triggers
      union all select 'materialized view ' || matviewname from pg_matviews
      order by 1`,
  );
  expect(others.map(({ name }) => name)).toEqual([
    'function announced',
    'function count_part',
    'function give_back_usage',
    'function move_promise',
    'function promised',
    'function promised_until',
    'function quota',
    'function quota_room',
    'function recount_usage',
    'function refuse_beyond',
    'function remember_deleted_reply',
    'function take_usage',
    'function total_bytes',
    'function total_slot',
    'function uncount_parcels',
    'function uncount_parts',
    'trigger count_new_part',
    'trigger count_part',
    'trigger promise_moved',
    'trigger promise_new',
    'trigger promise_no_more',
    'trigger remember_deleted_reply',
    'trigger uncount_parcels',
    'trigger uncount_parts',
  ]);
});
