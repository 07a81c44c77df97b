/** The plans of the statements that are run most, taken from the program itself: it is made to run them, and PostgreSQL explains what it was asked. */
import postgres from 'postgres';
import { DATABASE, ROLE } from '../server/postgres/cluster.ts';
import { openCustody } from '../server/store/custody.ts';
import type { Database, Sql } from '../server/store/database.ts';
import { openMailboxes } from '../server/store/mailboxes.ts';
import { openParcels } from '../server/store/parcels.ts';
import { openParts } from '../server/store/parts.ts';
import type { PartChange } from '../server/store/parts.ts';
import { openRetention } from '../server/store/retention.ts';
import { toHex } from '../shared/bytes/hex.ts';
import { MAX_MAILBOX_ITEMS } from '../shared/protocol/limits.ts';
import { random } from '../tests/kit/random-bytes.ts';
import { MIB } from '../tests/kit/sender.ts';
import type { Place } from './scale-calls.ts';

export interface Plan {
  readonly what: string;
  readonly lines: readonly string[];
}

const KEEP = { keepUnfinishedDays: 30, keepCollectedDays: 30, keepRepliesDays: 90 };

/** Plans on the database of a place. All but the change of a part, which is undone, reads only. */
export async function explain({ server, owners, unfinished, newest }: Place, day: string): Promise<Plan[]> {
  let asked: { query: string; parameters: unknown[] }[] = [];
  const sql: Sql = postgres({
    host: server.database.socketFolder,
    port: 5432,
    user: ROLE,
    database: DATABASE,
    max: 1,
    types: { bigint: postgres.BigInt },
    fetch_types: false,
    debug: (_connection, query, parameters) => void asked.push({ query, parameters: parameters as unknown[] }),
  });
  const run = <Result>(work: (pool: Sql) => Promise<Result>): Promise<Result> => work(sql);
  const database: Database = {
    run,
    persist: run,
    unhurried: (_mode, work) => sql.begin(work) as ReturnType<typeof work>,
    transaction: (work) => sql.begin(work) as ReturnType<typeof work>,
    close: () => sql.end(),
  };
  const [parcels, parts, mailboxes] = [openParcels(database), openParts(database), openMailboxes(database)];
  const [custody, retention] = [openCustody(database), openRetention(database, KEEP)];
  const { publicKey } = owners[0]!.key;
  const parcel = unfinished[0]!;
  const key = { direction: 'submission', parcel, part: 99 } as const;
  const state = { statement: 's', sha256: toHex(random(32)), size: 1000 };
  const begun = { ...state, received: 10, blobs: [{ name: toHex(random(16)), length: 10 }] };
  const whole = { ...state, received: 1000, blobs: [{ name: toHex(random(16)), length: 1000 }] };
  const change = (before: PartChange['before'], after: PartChange['after']) => () =>
    parts.change(key, { before, after, writer: 0, record: null, day });
  const other = {
    id: toHex(random(16)),
    direction: 'submission',
    mailbox: random(32),
    sender: random(32),
    opening: 'o',
  } as const;
  const only = (): Promise<void> => Promise.reject(new Error('only asking'));

  const statements: readonly (readonly [string, RegExp, () => Promise<unknown>])[] = [
    ['A part is looked up, before its bytes are read', /left join part/, () => parts.find(key)],
    ['A part is begun: its row, and its day', /insert into part/, change(null, begun)],
    ['A part gets on', /update part/, change(begun, whole)],
    ['A parcel is looked up', /from parcel/, () => parcels.find(parcel)],
    ['Its finished parts', /island/, () => parcels.finishedRanges(parcel)],
    [
      'An opening: what is promised, and whether the parcel is within the quotas',
      /from promise/,
      () => parcels.open({ ...other, partSize: MIB, size: MIB, parts: 1, day }, only).catch(() => undefined),
    ],
    ['A mailbox is looked into', /union all/, () => mailboxes.look(publicKey, MAX_MAILBOX_ITEMS)],
    ['A page of the courier’s list', /order by number/, () => parcels.list(Math.floor(newest / 2), 201)],
    ['The courier’s status', /filter/, () => custody.count()],
    ['The sweeper looks for what is due', /order by number/, () => retention.due(day, 100)],
  ];
  const plans: Plan[] = [];
  try {
    for (const [what, which, work] of statements) {
      asked = [];
      await work();
      const { query, parameters } = asked.find(({ query: text }) => which.test(text))!;
      const given = parameters.map((value) => (isBytes(value) ? Buffer.from(value.slice(2), 'hex') : value));
      const rows = await sql.unsafe<{ 'QUERY PLAN': string }[]>(`explain (costs off) ${query}`, given as never[]);
      // Ids, keys and names are different each time.
      const lines = rows.map((row) => row['QUERY PLAN'].replaceAll(/'(?:\\x)?[0-9a-f]{32}[^']*'/g, "'…'"));
      plans.push({ what, lines });
    }
    await sql`delete from part where parcel = ${Buffer.from(parcel, 'hex')} and seq = ${key.part}`;
    return plans;
  } finally {
    await sql.end();
  }
}

/** The library has written bytes as text by the time it tells of them. */
function isBytes(value: unknown): value is string {
  return typeof value === 'string' && /^\\x(?:[0-9a-f]{2})+$/.test(value);
}
