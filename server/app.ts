/** Composition: from settings and effects to the three listeners, which share stores and nothing else. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Random } from '../shared/bytes/random.ts';
import type { SigningKey } from '../shared/crypto/ed25519.ts';
import { PARCELS_ROUTE } from '../shared/protocol/routes.ts';
import { dayOf } from '../shared/statements/fields.ts';
import type { Config } from './config.ts';
import { createAdmission } from './guard/admission.ts';
import { createDemand, FREE_NEWCOMERS } from './guard/demand.ts';
import { instanceSecret } from './guard/instance-secret.ts';
import { createMailboxTokens } from './guard/mailbox-tokens.ts';
import { PROGRESS_LIMITS, SHORT_LIMITS } from './guard/progress.ts';
import type { ProgressLimits } from './guard/progress.ts';
import { createRoom } from './guard/room.ts';
import { createWork } from './guard/work.ts';
import type { Log } from './log.ts';
import { createHealth } from './ops/health.ts';
import { inTime } from './ops/in-time.ts';
import { createMetrics } from './ops/metrics.ts';
import type { Metrics } from './ops/metrics.ts';
import { UNWATCHED } from './ops/traffic.ts';
import { createListener } from './routes/listener.ts';
import { registerLog } from './routes/log.ts';
import { registerHealth } from './routes/ops/health.ts';
import { registerMetrics } from './routes/ops/metrics.ts';
import { isNewWork, registerRunningFirst, UNBOUNDED } from './routes/source/running-first.ts';
import type { Bounds } from './routes/source/running-first.ts';
import { registerCard } from './routes/source/card.ts';
import { registerClientFiles } from './routes/source/client-files.ts';
import { registerMailbox } from './routes/source/mailbox.ts';
import { registerParcels } from './routes/source/parcels.ts';
import { registerParts, registerStockParts } from './routes/source/parts.ts';
import { registerCardInstall } from './routes/staff/card.ts';
import { registerCustody } from './routes/staff/custody.ts';
import { registerCollect } from './routes/staff/parcels.ts';
import { registerReplies } from './routes/staff/replies.ts';
import { registerSignIn, requireSession } from './routes/staff/sign-in.ts';
import type { BlobStore } from './store/blob-store.ts';
import { openCardFile } from './store/card-file.ts';
import { openCourierList } from './store/courier-list.ts';
import { passOn } from './store/crash-points.ts';
import type { Reach } from './store/crash-points.ts';
import { openCustody } from './store/custody.ts';
import type { Database } from './store/database.ts';
import { openLedgers } from './store/ledgers.ts';
import { openLogView } from './store/log-view.ts';
import { openMailboxes } from './store/mailboxes.ts';
import { openParcels } from './store/parcels.ts';
import { createPartTurns } from './store/part-turns.ts';
import { openParts } from './store/parts.ts';
import { openReceiptLog } from './store/receipt-log.ts';
import { countRot } from './store/scrub.ts';
import { openSignIns } from './store/sign-ins.ts';

export interface Effects {
  readonly config: Pick<Config, 'data' | 'reserve' | 'clientFolder' | 'staffNames' | 'showCollected'> &
    Partial<Pick<Config, 'leastWork'>>;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly receiptKey: SigningKey;
  readonly random: Random;
  readonly now: () => Date;
  /** Milliseconds, only ever rising. */
  readonly clock: () => number;
  readonly log: Log;
  readonly progress?: ProgressLimits;
  /** False until the database has all its tables; left out: it has them. */
  readonly isPrepared?: () => boolean;
  /** What the source listener bears; left out: as much as the process can. */
  readonly bounds?: Partial<Bounds>;
  readonly reach?: Reach;
  /** How many newcomers a minute come in without work; {@link FREE_NEWCOMERS} when left out. */
  readonly newcomers?: number;
}

export interface Apps {
  /** Public: for sources. */
  readonly source: FastifyInstance;
  /** Private: for couriers. */
  readonly staff: FastifyInstance;
  /** Private: for the operator's machines. */
  readonly ops: FastifyInstance;
  readonly metrics: Metrics;
  /** How many parts are being written just now. */
  uploads(): number;
  /** Closes all; bodies that are cut off by that keep what had arrived. False when that could not be done in some seconds. */
  close(): Promise<boolean>;
}

/** One browser has some six; what tells of one more must not be seen. */
const CONNECTIONS_STEP = 128;

/** Builds the listeners; none listens yet. */
export async function buildApps(effects: Effects): Promise<Apps> {
  const { config, database, blobs, receiptKey, random, now, clock, log } = effects;
  const { progress = PROGRESS_LIMITS, newcomers = FREE_NEWCOMERS, isPrepared = () => true, bounds } = effects;
  const { reach = passOn } = effects;
  const today = (): string => dayOf(now());
  const parcels = openParcels(database, reach);
  const parts = openParts(database);
  const receiptLog = openLogView(openReceiptLog(database), clock);
  const card = openCardFile(config.data, receiptKey.publicKey, random, reach);
  const turns = createPartTurns();
  const room = createRoom(() => blobs.free(), config.reserve, clock);
  const demand = createDemand({ least: config.leastWork ?? 0, clock, free: newcomers });
  const work = createWork({ secret: await instanceSecret(receiptKey, 'work'), random, now });
  const admission = createAdmission(demand, work);

  const health = createHealth({ database, blobs, isPrepared });
  const metrics = createMetrics({ health, data: config.data, now });

  // A line for every upload would let whoever reads the log tell when a source was there: only what failed in us is written.
  const progressOf = (request: FastifyRequest): ProgressLimits => (isNewWork(request) ? SHORT_LIMITS : progress);
  const source = createListener({ log, clock, progress: progressOf, logFrom: 500, traffic: metrics.traffic });
  const tokens = createMailboxTokens(await instanceSecret(receiptKey, 'mailbox'), random, now);
  const watch = registerRunningFirst(source, { ...UNBOUNDED, ...bounds, tokens, parcels, random, clock, log });
  registerCard(source, card);
  registerLog(source, receiptLog);
  registerParcels(source, { parcels, card, room, receiptKey, today }, admission);
  const partServices = { parts, blobs, turns, checkRoom: () => room.check(), today, reach };
  await registerParts(source, partServices, { route: PARCELS_ROUTE, direction: 'submission' });
  await registerStockParts(source, partServices);
  const [mailboxes, ledgers] = [openMailboxes(database, reach), openLedgers(database, reach)];
  const { showCollected } = config;
  await registerMailbox(source, { ...partServices, tokens, admission, mailboxes, ledgers, parcels, showCollected });
  await registerClientFiles(source, config.clientFolder);

  const staff = createListener({ log, clock, progress: () => progress, logFrom: 0, traffic: UNWATCHED });
  const signIn = {
    signIns: openSignIns(database, random, now),
    isEnrolled: openCourierList(config.data),
    names: config.staffNames,
  };
  registerSignIn(staff, signIn);
  await staff.register(async (inner) => {
    inner.addHook('onRequest', requireSession(signIn));
    registerCollect(inner, { parcels, parts, blobs, log: receiptLog });
    registerLog(inner, receiptLog);
    registerCustody(inner, { custody: openCustody(database, reach), blobs, today });
    await registerReplies(inner, { ...partServices, parcels, card, room, receiptKey });
    await registerCardInstall(inner, card);
  });

  const ops = createListener({ log, clock, progress: () => progress, logFrom: Infinity, traffic: UNWATCHED });
  registerHealth(ops, health);
  registerMetrics(ops, metrics);
  metrics.gauge('postern_work_level', 'Level of the work that newcomers are asked for; 0: none.', () => demand.level());
  metrics.roughGauge('postern_connections_open', 'Connections of sources', CONNECTIONS_STEP, () => watch.connections());
  metrics.gauge('postern_parts_rotten', 'Parts of which the scrubber noted that they are not what they were.', () =>
    inTime(countRot(database), Number.NaN),
  );

  await Promise.all([source.ready(), staff.ready(), ops.ready()]);
  return {
    source,
    staff,
    ops,
    metrics,
    uploads: () => turns.count(),
    async close() {
      health.stop();
      await Promise.all([source.close(), staff.close()]);
      const settled = await turns.settle();
      // Last, so that until then it says that nobody should be sent here.
      await ops.close();
      return settled;
    },
  };
}
