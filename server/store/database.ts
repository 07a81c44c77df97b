/** The connection to PostgreSQL: every query has a deadline, and every way of its being away is one Problem, `database-away`. */
import postgres from 'postgres';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { Problem } from '../../shared/problem/problem.ts';
import type { Quotas } from '../config.ts';

export type Sql = postgres.Sql<{ bigint: bigint }>;
export type Query = postgres.Sql<{ bigint: bigint }> | postgres.TransactionSql<{ bigint: bigint }>;

export interface Database {
  /** Runs `work`, whose queries must be idempotent as a whole. Problem `database-away`, also after the deadline. */
  run<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** As `run`, but waits out a database that is coming back, up to about `PERSIST_MS`. */
  persist<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** Runs `work` in one transaction. */
  transaction<Result>(work: (sql: Query) => Promise<Result>): Promise<Result>;
  /** One transaction without a deadline: `read` sees all of the database at one moment, `write` puts all of it in at once. */
  unhurried<Result>(mode: 'read' | 'write', work: (sql: Query) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Where the database is: a folder with a Unix socket and the names to use there, or a URL. */
export type DatabaseAddress =
  { readonly socketFolder: string; readonly user: string; readonly database: string } | { readonly url: string };

const STATEMENT_TIMEOUT_MS = 10_000;
const DEADLINE_MS = 15_000;
const PERSIST_MS = 12_000;
const CONNECTIONS = 8;
const NO_QUOTAS: Quotas = { parcel: 0, mailbox: 0, total: 0 };
/** Errors that PostgreSQL names, and what they mean outside; the second is our own, of migration 0005. */
const REFUSALS = { '53100': 'storage-full', PQ507: 'quota-reached' } as const;

/** Opens a pool that connects when it is first used and again whenever it must. Its changes are held to `quotas`: Problem `quota-reached`. */
export function openDatabase(address: DatabaseAddress, quotas: Quotas = NO_QUOTAS): Database {
  const options = {
    max: CONNECTIONS,
    types: { bigint: postgres.BigInt },
    fetch_types: false,
    connect_timeout: 5,
    backoff: () => 0.1,
    onnotice: () => undefined,
    // Without this the library lengthens its error messages with the query and its parameters.
    debug: false,
    connection: {
      application_name: 'postern',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      'postern.parcel_quota': quotas.parcel,
      'postern.mailbox_quota': quotas.mailbox,
      'postern.total_quota': quotas.total,
    },
  };
  const sql: Sql =
    'url' in address
      ? postgres(...withSocket(address.url, options))
      : postgres({
          ...options,
          host: address.socketFolder,
          port: 5432,
          user: address.user,
          database: address.database,
        });

  const named = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      if (isAway(error)) throw new Problem('database-away');
      const refusal = refusalOf(error);
      throw refusal === null ? error : new Problem(refusal);
    }
  };
  const run = <Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> =>
    named(withDeadline(work(sql), DEADLINE_MS));

  return {
    run,
    transaction: (work) => run((pool) => pool.begin(work) as ReturnType<typeof work>),
    unhurried: (mode, work) =>
      named(
        sql.begin(mode === 'read' ? 'isolation level repeatable read read only' : 'read write', async (transaction) => {
          await transaction`set local statement_timeout = 0`;
          await transaction`set local idle_in_transaction_session_timeout = 0`;
          return work(transaction);
        }) as ReturnType<typeof work>,
      ),
    async persist(work) {
      const started = performance.now();
      for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
        try {
          return await run(work);
        } catch (error) {
          const away = error instanceof Problem && error.code === 'database-away';
          if (!away || performance.now() - started + pause > PERSIST_MS) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    },
    close: () => sql.end({ timeout: 2 }),
  };
}

/** The library does not read a Unix socket's folder in a URL, be it as the host, percent-encoded, or as `?host=` of libpq. */
function withSocket<Options extends object>(text: string, options: Options): [string, Options & { host?: string }] {
  const url = new URL(text);
  const folder = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  if (!folder.startsWith('/')) return [text, options];
  url.searchParams.delete('host');
  return [url.href, { ...options, host: folder }];
}

/** True when an error means that PostgreSQL cannot be reached, is starting, stopping or too slow: nothing about the data. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  const { code } = error;
  // 08 connection, 57P shutdown or start-up, 57014 statement timeout, 53300 too many connections, 40 serialisation and deadlock
  return /^(?:CONNECT|ECONN|ENOENT$|EPIPE$|ENOTFOUND$|EAI_AGAIN$|EHOSTUNREACH$|ETIMEDOUT$|EACCES$|08|57P|57014$|53300$|40P01$|40001$)/.test(
    code,
  );
}

function refusalOf(error: unknown): ProblemCode | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return Object.hasOwn(REFUSALS, code) ? REFUSALS[code as keyof typeof REFUSALS] : null;
}

class DeadlineError extends Error {
  readonly code = 'CONNECT_DEADLINE';
}

async function withDeadline<Result>(work: Promise<Result>, milliseconds: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineError('deadline')), milliseconds);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
