/** From settings to a running server: data lock, PostgreSQL, migrations, listeners, sweeper; and all of it down again in order. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Random } from '../shared/bytes/random.ts';
import type { ProblemCode } from '../shared/problem/codes.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { dayOf } from '../shared/statements/fields.ts';
import { buildApps } from './app.ts';
import type { Config } from './config.ts';
import { HOLD_LIMITS } from './guard/hold.ts';
import { mostOpen } from './guard/open-files.ts';
import { watchPressure } from './guard/pressure.ts';
import { forgetTimes } from './jobs/forget-times.ts';
import { publishReceipts } from './jobs/publish-receipts.ts';
import { startScrubber } from './jobs/scrubber.ts';
import { shrinkLedger } from './jobs/shrink-ledger.ts';
import { sweep } from './jobs/sweeper.ts';
import { describeError } from './log.ts';
import type { LogLine } from './log-events.ts';
import type { Log } from './log.ts';
import { DATABASE, ROLE } from './postgres/cluster.ts';
import { lockData } from './postgres/data-lock.ts';
import { supervise } from './postgres/supervisor.ts';
import { passOn } from './store/crash-points.ts';
import type { Reach } from './store/crash-points.ts';
import { makeFolders } from './store/data-folders.ts';
import { openDatabase } from './store/database.ts';
import { belongsTogether } from './store/instance.ts';
import { migrate } from './store/migrate.ts';
import { openBlobs } from './store/open-blobs.ts';
import { loadReceiptKey } from './store/receipt-key.ts';
import { openRetention } from './store/retention.ts';

export interface ServeOptions {
  readonly config: Config;
  readonly projectFolder: string;
  readonly random: Random;
  readonly now: () => Date;
  /** Milliseconds, only ever rising. */
  readonly clock: () => number;
  readonly log: Log;
  /** For the one line that says the server is ready. */
  readonly say: (sentence: string) => void;
  /** Aborted when the server is to end: then a database is waited for no longer. `stop` is for the caller to call all the same. */
  readonly ending: AbortSignal;
  /** For tests, which end the process at a crash point. */
  readonly reach?: Reach;
}

export interface RunningServer {
  /** Ends all in good order, in less than `STOP_MS`. False when something did not end so: what had arrived may not be committed. */
  stop(): Promise<boolean>;
}

/** So long may stopping take, whatever hangs. */
export const STOP_MS = 9_500;
/** The least that PostgreSQL is given of it, and what is left for the process itself. */
const LEAST_FOR_DATABASE_MS = 500;
const SPARE_MS = 500;

const RETRY_MS = 500;
/** Connections that the system keeps until they are taken: thousands may come at once. */
const BACKLOG = 4_096;
/** A database that is slow to come is reported after this. */
const PATIENCE_MS = 5_000;
const MINUTE_MS = 60_000;
/** When so many parts are being written at once, the scrubber gives way. */
const MANY_UPLOADS = 6;
const SWEEP_EVERY_MS = 6 * 3_600_000;
const PUBLISH_EVERY_MS = 5 * MINUTE_MS;

/** Starts the server. Throws an Error for the operator when it cannot run at all; a database that is away is waited for. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { config, projectFolder, random, now, clock, log, say, ending, reach = passOn } = options;
  await makeFolders(config.data);
  const lock = config.databaseUrl === null ? await lockData(config.data) : { release: () => undefined };
  if (lock === null) throw new Error('Another server is running on this data folder; this one ends.');

  const receiptKey = await loadReceiptKey(config.data, random, reach);
  const supervisor = config.databaseUrl === null ? supervise({ data: config.data, projectFolder, random, log }) : null;
  const database = openDatabase(
    supervisor === null
      ? { url: config.databaseUrl! }
      : { socketFolder: supervisor.socketFolder, user: ROLE, database: DATABASE },
    config.quotas,
  );
  const report = seldom(clock, (code) => log({ event: 'storage-away', code }));
  const blobs = await openBlobs(config, { random, now, clock, report, reach });
  let prepared = false;
  const isPrepared = (): boolean => prepared;
  const pressure = watchPressure();
  const connections = await mostOpen(config.mostConnections);
  if (connections < config.mostConnections) log({ event: 'few-connections', connections });
  const bounds = { connections, hold: HOLD_LIMITS, isPressed: () => pressure.isHigh() };
  const apps = await buildApps({
    config,
    database,
    blobs,
    receiptKey,
    random,
    now,
    clock,
    log,
    isPrepared,
    bounds,
    reach,
  });

  let scrubber: { stop(): Promise<void> } | null = null;
  const stop = async (): Promise<boolean> => {
    const started = clock();
    pressure.stop();
    const scrubbing = scrubber?.stop();
    const settled = await apps.close();
    await Promise.race([scrubbing, sleep(SPARE_MS)]);
    await database.close();
    const left = STOP_MS - SPARE_MS - (clock() - started);
    const isDown = (await supervisor?.stop(Math.max(left, LEAST_FOR_DATABASE_MS))) ?? true;
    lock.release();
    return settled && isDown;
  };
  try {
    const addresses = [
      await listen(apps.source, config.host, config.sourcePort),
      await listen(apps.staff, config.host, config.staffPort),
      await listen(apps.ops, config.opsHost, config.opsPort),
    ];
    const wait = { ending, clock, log };
    await patiently(() => migrate(database, reach), {
      away: 'database-away',
      late: { event: 'database-away' },
      ...wait,
    });
    await patiently(() => blobs.ready(), { away: 'storage-away', late: null, ...wait });
    if (ending.aborted) return { stop };
    prepared = true;
    // Should the database go away just now: the sweeper asks again, each time.
    if (!(await belongsTogether(database, blobs).catch(() => true))) log({ event: 'database-foreign' });
    say(`postern source ${addresses[0]} staff ${addresses[1]} ops ${addresses[2]}`);
  } catch (error) {
    await stop();
    throw error;
  }

  const retention = openRetention(database, config, reach);
  const sweepOnce = async (): Promise<void> => {
    if (await belongsTogether(database, blobs)) await sweep({ retention, blobs, now });
    await shrinkLedger(database);
    if (supervisor !== null) await forgetTimes(database);
  };
  const publishing = { database, key: receiptKey, random, tilesPerDay: config.logTiles, reach };
  const publishAndReport = (): void =>
    void publishReceipts(publishing, dayOf(now())).catch((error: unknown) => {
      if (!isProblem(error, 'database-away')) log(describeError(error));
    });
  publishAndReport();
  setInterval(publishAndReport, PUBLISH_EVERY_MS).unref();
  const sweepAndReport = (): void => void sweepOnce().catch((error: unknown) => log(describeError(error)));
  sweepAndReport();
  setInterval(sweepAndReport, SWEEP_EVERY_MS).unref();
  if (config.scrubRate > 0) {
    const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal, ref: false });
    const isBusy = (): boolean => pressure.isHigh() || apps.uploads() >= MANY_UPLOADS;
    const rate = config.scrubRate;
    scrubber = startScrubber({ database, blobs, rate, isBusy, random, now, clock, sleep: pause, log });
  }
  return { stop };
}

/** Waits for `work`, but no longer than until `ending`: what becomes of it then is of no matter. */
async function unless(ending: AbortSignal, work: Promise<void>): Promise<void> {
  const aborted = new Promise<void>((resolve) => ending.addEventListener('abort', () => resolve(), { once: true }));
  work.catch(() => undefined);
  await Promise.race([work, aborted]);
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port, backlog: BACKLOG });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Error(`Port ${port} on ${host} cannot be listened on (${code}).`, { cause: error });
  }
}

interface Wait {
  /** The Problem that means waiting. */
  readonly away: ProblemCode;
  /** What is said when it takes long; null: that is said elsewhere. */
  readonly late: LogLine | null;
  readonly ending: AbortSignal;
  readonly clock: () => number;
  readonly log: Log;
}

/** Does `work` as soon as what it needs answers, unless `ending` comes first; says once when that takes long. */
async function patiently(work: () => Promise<void>, { away, late, ending, clock, log }: Wait): Promise<void> {
  const started = clock();
  for (let reported = false; !ending.aborted;) {
    try {
      return await unless(ending, work());
    } catch (error) {
      if (!isProblem(error, away)) throw error;
    }
    if (!reported && clock() - started > PATIENCE_MS) {
      reported = true;
      if (late !== null) log(late);
    }
    await sleep(RETRY_MS);
  }
}

/** Says it at most once a minute. */
function seldom(clock: () => number, say: (code: string) => void): (code: string) => void {
  let last = -Infinity;
  return (code) => {
    if (clock() - last < MINUTE_MS) return;
    last = clock();
    say(code);
  };
}
