/** What a codename opens: the parcels of one mailbox and the replies to it, as its source may see them and do away with them. */
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { MailboxAnswer } from '../../shared/protocol/messages.ts';
import { clearLedger } from './clear-ledger.ts';
import { passOn } from './crash-points.ts';
import type { Database, Sql } from './database.ts';
import { OPENING_LOCK } from './parcels.ts';

/** What a mailbox may know of one submission of its own. */
export interface OwnParcel {
  readonly sealed: boolean;
  readonly collected: boolean;
  /** Bytes of the padded stream, as its opening announces. */
  readonly size: number;
  readonly writer: number;
  /** The sign-in that made the last claim, if there was one. */
  readonly claimedBy: Uint8Array | null;
}

export interface Claim {
  readonly writer: number;
  /** The sign-in that makes it. */
  readonly session: Uint8Array;
  /** Today: the parcel is kept for its days from now on. */
  readonly day: string;
}

export interface MailboxesTable {
  /** The newest `limit` of each kind. */
  look(mailbox: Uint8Array, limit: number): Promise<Omit<MailboxAnswer, 'padding'>>;
  /** A submission of this mailbox; null when it is unknown, another's, or forgotten. */
  own(mailbox: Uint8Array, parcel: string): Promise<OwnParcel | null>;
  /**
   * Makes `writer` the one who goes on with an unsealed parcel, if the one before it was. Forgets the parts that were begun and not finished,
   * and gives the blobs of those. Null when it was not so: nothing has changed then.
   */
  claim(mailbox: Uint8Array, parcel: string, claim: Claim): Promise<string[] | null>;
  /** Removes a submission that has not been collected. False when it is still there after that. */
  withdraw(mailbox: Uint8Array, parcel: string): Promise<boolean>;
  /** Shows the receipt no more. */
  dismiss(mailbox: Uint8Array, parcel: string): Promise<void>;
  /** Hides all submissions, deletes all replies, and takes no more of those. Gives the ids of the replies that were there. */
  forget(mailbox: Uint8Array, day: string): Promise<string[]>;
  /** Removes a reply to this mailbox; false when there is none. */
  deleteReply(mailbox: Uint8Array, reply: string): Promise<boolean>;
}

interface Shown {
  kind: 'unfinished' | 'sealed' | 'reply';
  id: Uint8Array;
  /** The opening; of what is sealed the receipt, unless it was dismissed. */
  note: string | null;
  writer: number;
  day: string | null;
  collected: boolean;
  finished: number;
  pages: number;
}

/** The mailboxes of a database. */
export function openMailboxes(database: Database, reach = passOn): MailboxesTable {
  const isOwn = (sql: Sql, mailbox: Uint8Array, parcel: string) =>
    sql`id = ${fromHex(parcel, 16)} and mailbox = ${mailbox} and direction = 'submission' and not forgotten`;
  const idsOf = async (query: (sql: Sql) => Promise<{ id: Uint8Array }[]>): Promise<string[]> =>
    (await database.run(query)).map(({ id }) => toHex(id));
  const replies = (mailbox: Uint8Array): Promise<string[]> =>
    idsOf((sql) => sql`select id from parcel where mailbox = ${mailbox} and direction = 'reply'`);
  const withLedger = (mailbox: Uint8Array): Promise<string[]> =>
    idsOf(
      (sql) => sql`
        select id from parcel p where mailbox = ${mailbox} and direction = 'submission' and seal is null
          and (exists (select from ledger where parcel = p.id)
            or exists (select from part where parcel = p.id and record is not null))`,
    );
  const exists = async (id: string): Promise<boolean> =>
    (await database.run((sql) => sql`select from parcel where id = ${fromHex(id, 16)}`)).length > 0;

  return {
    look: async (mailbox, limit) => {
      // One statement, so that a parcel that is being sealed is seen once.
      const rows = await database.run(
        (sql) => sql<Shown[]>`
          (select 'unfinished' as kind, number, opening as note, id, writer, null::text as day, false as collected, finished,
              (select count(*) from ledger l where l.parcel = p.id)::integer as pages
            from parcel p where mailbox = ${mailbox} and direction = 'submission' and not forgotten and seal is null
            order by number desc limit ${limit})
          union all
          (select 'sealed', number, case when dismissed then null else receipt end, id, 0, sealed::text, collected is not null, 0, 0
            from parcel where mailbox = ${mailbox} and direction = 'submission' and not forgotten and seal is not null
            order by number desc limit ${limit})
          union all
          (select 'reply', number, opening, id, 0, null, false, 0, 0
            from parcel where mailbox = ${mailbox} and direction = 'reply' and seal is not null
            order by number desc limit ${limit})
          order by kind, number desc`,
      );
      const of = (wanted: Shown['kind']): Shown[] => rows.filter(({ kind }) => kind === wanted);
      return {
        unfinished: of('unfinished').map(({ note, finished, pages, writer }) => ({
          opening: note!,
          finished,
          pages,
          writer,
        })),
        sealed: of('sealed').map(({ id, day, collected, note }) => ({
          parcel: toHex(id),
          day: day!,
          collected,
          receipt: note,
        })),
        replies: of('reply').map(({ note }) => note!),
      };
    },
    own: async (mailbox, parcel) => {
      const [row] = await database.run(
        (sql) => sql<(Omit<OwnParcel, 'size' | 'claimedBy'> & { size: bigint; claimed_by: Uint8Array | null })[]>`
          select seal is not null as sealed, collected is not null as collected, size, writer, claimed_by
          from parcel where ${isOwn(sql, mailbox, parcel)}`,
      );
      if (row === undefined) return null;
      const { claimed_by: claimedBy, size, ...rest } = row;
      return { ...rest, size: Number(size), claimedBy: claimedBy && Uint8Array.from(claimedBy) };
    },
    claim: async (mailbox, parcel, { writer, session, day }) => {
      const forgotten = await database.persist((pool) =>
        pool.begin(async (sql) => {
          // First the parcel's row, then its parts: what is begun after this is begun by the new writer alone.
          const moved = await sql`
            update parcel set writer = ${writer}, claimed_by = ${session}, touched = greatest(touched, ${day}::date)
            where ${isOwn(pool, mailbox, parcel)} and seal is null and writer = ${writer - 1} returning 1`;
          if (moved.length === 0) return null;
          const parts = await sql<{ blobs: string }[]>`
            delete from part where parcel = ${fromHex(parcel, 16)} and received < size returning blobs`;
          reach('claim-before-commit');
          return parts.flatMap(({ blobs }) => blobs.match(/[0-9a-f]{32}/g) ?? []);
        }),
      );
      reach('claim-committed');
      return forgotten;
    },
    withdraw: async (mailbox, parcel) => {
      const [due] = await database.run(
        (sql) => sql`select from parcel where ${isOwn(sql, mailbox, parcel)} and collected is null`,
      );
      if (due !== undefined) await clearLedger(database, parcel);
      reach('withdrawal-ledger-cleared');
      await database.persist(
        (sql) => sql`delete from parcel where ${isOwn(sql, mailbox, parcel)} and collected is null`,
      );
      reach('withdrawal-committed');
      return !(await exists(parcel));
    },
    dismiss: async (mailbox, parcel) => {
      await database.run(
        (sql) => sql`update parcel set dismissed = true where ${isOwn(sql, mailbox, parcel)} and seal is not null`,
      );
    },
    forget: async (mailbox, day) => {
      const before = await replies(mailbox);
      const gone = await database.persist((pool) =>
        pool.begin(async (sql) => {
          // Openings wait: a reply is either deleted here or finds the mark.
          await sql`select pg_advisory_xact_lock(${OPENING_LOCK})`;
          await sql`
            insert into forgotten (mailbox, day) values (${mailbox}, ${day}) on conflict (mailbox) do update set day = ${day}`;
          await sql`
            update parcel set forgotten = true, claimed_by = null
            where mailbox = ${mailbox} and direction = 'submission' and not forgotten`;
          const deleted = await sql<{ id: Uint8Array }[]>`
            delete from parcel where mailbox = ${mailbox} and direction = 'reply' returning id`;
          reach('forgetting-before-commit');
          return deleted;
        }),
      );
      reach('forgetting-committed');
      // All of it is hidden by now; what a ledger holds is sealed, and may take a while to go.
      for (const id of await withLedger(mailbox)) await clearLedger(database, id);
      // When the commit's answer was lost, the second try found none: those from before are meant too.
      return [...new Set([...before, ...gone.map(({ id }) => toHex(id))])];
    },
    deleteReply: async (mailbox, reply) => {
      const there = await database.run(
        (sql) => sql`
          select from parcel where id = ${fromHex(reply, 16)} and mailbox = ${mailbox} and direction = 'reply'`,
      );
      if (there.length === 0) return false;
      await database.persist(
        (sql) => sql`
          delete from parcel where id = ${fromHex(reply, 16)} and mailbox = ${mailbox} and direction = 'reply'`,
      );
      reach('reply-deletion-committed');
      return true;
    },
  };
}
