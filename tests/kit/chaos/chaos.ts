/**
 * Chaos: many uploads at once through servers that are killed and stopped, over a database that is killed, on connections that are reset.
 * What is sent and what goes wrong is drawn from a seed; how the system's own timing falls in with that is not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBase64Url } from '../../../shared/bytes/base64.ts';
import { CARD_ROUTE } from '../../../shared/protocol/routes.ts';
import { openCard } from '../../../shared/statements/card.ts';
import { createWitness } from '../audit.ts';
import { expectedFiles, makeChaosParcel } from './chaos-parcel.ts';
import { bringInParcel, LANES } from './chaos-sender.ts';
import type { Tally } from './chaos-sender.ts';
import type { ChaosSite } from './chaos-site.ts';
import { planChaos } from './plan.ts';
import type { ChaosCounts } from './plan.ts';
import { reachVerdict } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export interface ChaosOptions extends ChaosCounts {
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface ChaosReport extends Verdict {
  readonly seed: number;
  readonly uploads: number;
  /** Uploads that had not come to their end so long after the last fault. */
  readonly stuck: number;
  readonly kills: number;
  /** Those of the kills that were at a crash point. */
  readonly atPoints: number;
  readonly databaseKills: number;
  readonly stops: number;
  readonly seconds: number;
  readonly tally: Omit<Tally, 'wrong'>;
}

/** Uploads that run at once. */
const AT_ONCE = 6;
/** Blobs that one kill can leave behind: one for each request that it cuts. */
export const ORPHANS_A_KILL = AT_ONCE * LANES;
/** Each must have come to its end so long after the last fault. */
const BOUND_MS = 120_000;

/** Runs it to its end. Rejects only when it could not be run. */
export async function runChaos(site: ChaosSite, options: ChaosOptions): Promise<ChaosReport> {
  const { seed, say } = options;
  const plan = planChaos(options, site.servers.length, seed);
  const started = performance.now();
  const witness = createWitness();
  const tally: Tally = { resets: 0, conflicts: 0, away: 0, acknowledged: 0, claims: 0, bytes: 0, wrong: [] };
  const rootKey = fromBase64Url(site.rootKey, 32);
  const sources = site.servers.map(({ source }) => source);
  const card = await openCard(await (await fetch(sources[0]! + CARD_ROUTE)).text(), rootKey);
  const sent = new Map<string, ReadonlyMap<string, string>>();
  const overdue = new AbortController();
  const made = { faults: 0, kills: 0, atPoints: 0, databaseKills: 0, stops: 0, uploads: 0 };
  const failures: unknown[] = [];

  /** Uploads and faults keep pace with each other, so that none of them ends up alone. */
  const isUploadsTurn = (number: number): boolean =>
    made.faults >= ((number - AT_ONCE) / plan.uploads.length) * plan.faults.length;
  const isFaultsTurn = (index: number, of: number): boolean =>
    made.uploads + AT_ONCE >= (index / of) * plan.uploads.length;

  let next = 0;
  const lane = async (): Promise<void> => {
    for (let upload = plan.uploads[next++]; upload !== undefined; upload = plan.uploads[next++]) {
      while (!isUploadsTurn(upload.number) && !overdue.signal.aborted) await sleep(20);
      const parcel = await makeChaosParcel(upload, card, rootKey);
      try {
        await bringInParcel(upload, parcel, { sources, witness, tally, signal: overdue.signal });
        sent.set(parcel.id, expectedFiles(upload));
        made.uploads++;
      } catch (error) {
        if (overdue.signal.aborted) return;
        failures.push(error);
        made.uploads++;
      }
      if (made.uploads % 25 === 0) say(`${made.uploads} uploads, ${made.kills} kills, ${tally.resets} resets`);
    }
  };

  const faults = async (): Promise<void> => {
    for (const [index, fault] of plan.faults.entries()) {
      while (!isFaultsTurn(index, plan.faults.length)) await sleep(20);
      if (fault.kind === 'database') {
        await site.killDatabase();
        made.databaseKills++;
      } else {
        const server = site.servers[fault.process]!;
        if (await server.kill(fault.point, fault.times)) made.atPoints++;
        made.kills++;
        await server.start(fault.crashing);
        await sleep(fault.pause);
      }
      made.faults++;
    }
  };

  const stops = async (): Promise<void> => {
    for (const [index, { process, ms }] of plan.stops.entries()) {
      while (!isFaultsTurn(index, plan.stops.length)) await sleep(20);
      site.servers[process]!.signal('SIGSTOP');
      await sleep(ms);
      site.servers[process]!.signal('SIGCONT');
      made.stops++;
      await sleep(100);
    }
  };

  const lanes = Promise.all(Array.from({ length: AT_ONCE }, lane));
  await Promise.all([faults(), stops()]);
  const timer = setTimeout(() => overdue.abort(), BOUND_MS);
  await lanes;
  clearTimeout(timer);

  const verdict = await reachVerdict(site, witness, sent);
  const errors = site.servers.flatMap((server) => server.output().match(/^.*"status":500.*$/gm) ?? []);
  const { wrong, ...counted } = tally;
  return {
    seed,
    ...verdict,
    wrong: [...wrong, ...failures.map(String), ...errors, ...verdict.wrong],
    uploads: sent.size,
    stuck: plan.uploads.length - sent.size - failures.length,
    kills: made.kills,
    atPoints: made.atPoints,
    databaseKills: made.databaseKills,
    stops: made.stops,
    seconds: Math.round((performance.now() - started) / 1000),
    tally: counted,
  };
}

/** The report in one line, and one more for each thing that is wrong. */
export function chaosInWords(report: ChaosReport): string[] {
  const { tally, lost, corrupt, stuck, wrong } = report;
  const counts = [
    `seed ${report.seed}`,
    `${report.uploads} uploads`,
    `${Math.round(tally.bytes / 1e6)} MB`,
    `${report.kills} kills (${report.atPoints} at crash points)`,
    `${report.databaseKills} of PostgreSQL`,
    `${tally.resets} resets`,
    `${report.stops} stops`,
    `${tally.claims} claims`,
    `${tally.acknowledged} acknowledgements`,
    `${tally.conflicts} conflicts`,
    `${tally.away} times away`,
    `${report.orphans} orphans, ${report.orphansLeft} after the sweeper`,
    `${report.seconds} s`,
    `${lost.length} lost, ${corrupt.length} corrupt, ${stuck} stuck, ${wrong.length} wrong`,
  ];
  return [counts.join('; '), ...[...new Set(wrong)].slice(0, 50)];
}

/** True when nothing was lost, corrupt, stuck or otherwise wrong. */
export function isGood(report: ChaosReport): boolean {
  const { lost, corrupt, stuck, wrong, orphans, orphansLeft } = report;
  const explained = (report.kills + report.databaseKills) * ORPHANS_A_KILL;
  return lost.length + corrupt.length + stuck + wrong.length + orphansLeft === 0 && orphans <= explained;
}
