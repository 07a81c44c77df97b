/** The figures for the operator, for Prometheus to fetch: live where they are about the machine, late and rough where they are about people. */
import { statfs } from 'node:fs/promises';
import { Counter, Gauge, Registry } from 'prom-client';
import { PROBLEMS } from '../../shared/problem/codes.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { ACTS, actOf } from './acts.ts';
import { watchEventLoop } from './event-loop.ts';
import type { Health } from './health.ts';
import { BY_DAY, BY_TEN_MINUTES, createSlowCounter } from './slow-counter.ts';
import type { SlowCounter, Telling } from './slow-counter.ts';
import type { Traffic } from './traffic.ts';

export interface Metrics {
  readonly contentType: string;
  /** For the source listener. */
  readonly traffic: Traffic;
  /** A figure that is read when it is fetched. It must be about the machine, or too rough to tell one person. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** As `gauge`, told rounded down to a multiple of `step`: for what people do just now. */
  roughGauge(name: string, help: string, step: number, read: () => number): void;
  /** All figures as text. */
  text(): Promise<string>;
}

export interface MetricsParts {
  readonly health: Health;
  /** The folder of whose disk the free room is told. */
  readonly data: string;
  readonly now: () => Date;
}

const MEMORY_STEP = 256 * 1_048_576;
const REQUESTS_STEP = 32;
/** What is refused because of the server and not because of the request. */
const REFUSALS = Object.keys(PROBLEMS).filter(
  (code) => PROBLEMS[code as ProblemCode].status >= 500 || code === 'work-required',
);

/** A registry of its own with the figures that every process has. */
export function createMetrics({ health, data, now }: MetricsParts): Metrics {
  const registry = new Registry();
  const gauge: Metrics['gauge'] = (name, help, read) => {
    const made = new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        made.set(await read());
      },
    });
  };
  const roughGauge: Metrics['roughGauge'] = (name, help, step, read) =>
    gauge(name, `${help}, rounded down to a multiple of ${step}.`, () => roundDown(read(), step));
  const running = { count: 0 };
  gauge('postern_database_up', '1: the database answers.', async () => Number(await health.database()));
  gauge('postern_store_up', '1: the store of blobs answers.', async () => Number(await health.store()));
  gauge('postern_event_loop_delay_seconds', '99th percentile of the last 15 s, rounded up.', watchEventLoop());
  gauge('postern_memory_bytes', 'Resident memory, rounded up to 256 MiB.', () =>
    roundUp(process.memoryUsage.rss(), MEMORY_STEP),
  );
  gauge('postern_disk_free_tenths', 'Free room on the disk of the data folder in tenths of it, rounded down.', () =>
    freeTenths(data),
  );
  roughGauge('postern_requests_running', 'Requests of sources under way', REQUESTS_STEP, () => running.count);

  const acts = new Map(ACTS.map(({ name, help }) => [name, slowly(registry, { name, help, telling: BY_DAY }, now)]));
  const refusals = slowlyByCode(registry, now);
  return {
    contentType: registry.contentType,
    traffic: {
      began: () => void running.count++,
      ended: () => void running.count--,
      answered({ route, method, status, problem }) {
        acts.get(actOf(route, method, status) ?? '')?.add();
        refusals.get(problem ?? '')?.add();
      },
    },
    gauge,
    roughGauge,
    text: () => registry.metrics(),
  };
}

interface Told {
  readonly name: string;
  readonly help: string;
  readonly telling: Telling;
}

function slowly(registry: Registry, { name, help, telling }: Told, now: () => Date): SlowCounter {
  const counter = createSlowCounter(telling, now);
  const made = new Counter({
    name,
    help: `${help} Told by the day, in tens.`,
    registers: [registry],
    collect() {
      made.reset();
      made.inc(counter.told());
    },
  });
  return counter;
}

function slowlyByCode(registry: Registry, now: () => Date): ReadonlyMap<string, SlowCounter> {
  const counters = new Map(REFUSALS.map((code) => [code, createSlowCounter(BY_TEN_MINUTES, now)]));
  const made = new Counter({
    name: 'postern_refusals_total',
    help: 'Requests of sources that the server could not serve, by problem. Told every ten minutes, in hundreds.',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      made.reset();
      for (const [code, counter] of counters) made.inc({ code }, counter.told());
    },
  });
  return counters;
}

async function freeTenths(folder: string): Promise<number> {
  const { bavail, blocks } = await statfs(folder);
  return blocks === 0 ? 0 : Math.floor((10 * bavail) / blocks);
}

const roundDown = (value: number, step: number): number => Math.floor(value / step) * step;
const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;
