/** A database as it is after years: mailboxes, parcels and parts made by SQL, without signatures, since no query looks at those. */
import postgres from 'postgres';
import { DATABASE, ROLE } from '../server/postgres/cluster.ts';

export interface ScaleSizes {
  readonly mailboxes: number;
  readonly parcels: number;
  readonly parts: number;
}

/** Parcels of one mailbox that is asked for: an unfinished one, two sealed ones, a reply. */
const EACH = 4;
/** Bytes of a part, as it would be. */
const PART = 1_050_000;

/**
 * Fills an empty database. Of ten parcels one is a reply and one is unfinished, touched within the last 30 days; of the sealed ones half were
 * collected. Parcels of some mailboxes are given to those of `keys`. Mailboxes beyond those of the parcels are such as were forgotten.
 * Gives for each key the number of its unfinished parcel.
 */
export async function makeRows(
  socketFolder: string,
  sizes: ScaleSizes,
  { keys, today }: { keys: readonly Uint8Array[]; today: string },
): Promise<string[]> {
  const { mailboxes, parcels, parts } = sizes;
  const each = Math.floor(parts / parcels);
  const owners = Math.ceil((parcels * 3) / 4);
  if (parcels < keys.length * 10) throw new Error(`at least ${keys.length * 10} parcels are needed`);
  // A connection of its own: these statements may take minutes.
  const sql = postgres({
    host: socketFolder,
    port: 5432,
    user: ROLE,
    database: DATABASE,
    max: 1,
    onnotice: () => undefined,
  });
  try {
    await sql.begin(async (all) => {
      // Neither triggers nor foreign keys: with them each row of a part would change that of its parcel.
      await all`set local session_replication_role = replica`;
      await all`set local maintenance_work_mem = '256MB'`;
      await all`
        insert into parcel (id, mailbox, opening, part_size, size, parts, opened, touched, direction, reply_key, seal, receipt, sealed, collected,
          stored, finished)
        select decode(md5('parcel' || n), 'hex'),
          decode(md5('mailbox' || n % ${owners}::integer) || md5('box' || n % ${owners}::integer), 'hex'),
          repeat('o', 400), 1048576, 1048576::bigint * parts, parts, day - 40, day, direction,
          case when direction = 'reply' then decode(repeat('07', 32), 'hex') end,
          case when sealed then repeat('s', 330) end, case when sealed then repeat('r', 330) end, case when sealed then day end,
          case when sealed and direction = 'submission' and n % 2 = 0 then day end,
          ${PART}::bigint * ${each}::integer, ${each}::integer
        from (
          select n, n % 10 <> 1 as sealed, case when n % 10 = 0 then 'reply' else 'submission' end as direction,
            case when n % 10 = 1 then 5000 else ${each}::integer end as parts,
            ${today}::date - (n / 10 % 30)::integer as day
          from generate_series(1, ${parcels}::integer) n) made
        order by n`;
      await all`alter table part drop constraint part_pkey`;
      await all`
        insert into part (parcel, seq, statement, sha256, size, received, blobs)
        select id, seq, repeat('s', 330), decode(md5(number || '/' || seq) || md5(seq || '/' || number), 'hex'), ${PART}, ${PART},
          md5(number || ':' || seq) || ':1050000'
        from parcel, generate_series(0, ${each}::integer - 1) seq`;
      await all`alter table part add constraint part_pkey primary key (parcel, seq)`;
      await all`
        insert into forgotten select decode(md5('gone' || n) || md5('away' || n), 'hex'), ${today}::date - (n % 300)::integer
        from generate_series(1, greatest(${mailboxes}::integer - ${owners}::integer, 0)) n`;
      // Spread over all of the table, so that what is asked for does not lie together.
      for (const [at, key] of keys.entries()) {
        const tens = Math.floor((at * parcels) / 10 / keys.length) * 10;
        await all`update parcel set mailbox = ${key} where number in (${tens + 1}, ${tens + 2}, ${tens + 3}, ${tens + 10})`;
      }
      await all`select recount_usage()`;
    });
    await sql`vacuum (analyze)`;
    const rows = await sql<{ mailbox: Uint8Array; id: Uint8Array }[]>`
      select mailbox, id from parcel where mailbox in ${sql(keys.map((key) => Buffer.from(key)))} and seal is null`;
    const found = new Map(
      rows.map(({ mailbox, id }) => [Buffer.from(mailbox).toString('hex'), Buffer.from(id).toString('hex')]),
    );
    return keys.map((key) => found.get(Buffer.from(key).toString('hex'))!);
  } finally {
    await sql.end();
  }
}

/** As few parcels as hold those that are asked for. */
export function fewest(keys: number, { parts, parcels }: ScaleSizes): ScaleSizes {
  const few = keys * 10;
  return { mailboxes: 0, parcels: few, parts: few * Math.min(EACH, Math.floor(parts / parcels)) };
}
