/** The story of a flood: uploads run undisturbed, attackers come, a newcomer gets in all the same, the attackers go, and all is as before. */
import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { toHex } from '../../../shared/bytes/hex.ts';
import { ed25519FromSeed } from '../../../shared/crypto/ed25519.ts';
import { CARD_ROUTE } from '../../../shared/protocol/routes.ts';
import type { Drop } from '../drop.ts';
import { memoryOf } from '../memory.ts';
import { random } from '../random-bytes.ts';
import { watchMemory } from '../sampler.ts';
import { createSender, openAt } from '../sender.ts';
import type { AttackOrder } from './attackers-main.ts';
import type { Tally } from './attackers.ts';
import { comeNewly } from './newcomer.ts';
import type { Newcomer } from './newcomer.ts';
import type { UploadsOrder } from './uploads-main.ts';

export interface FloodOptions {
  readonly drop: Drop;
  readonly connections: number;
  /** Of the flood, and of each of the quiet times before and after it. */
  readonly seconds: number;
  readonly quietSeconds: number;
  readonly seed: number;
  /** Bytes a second of each of three uploads; 0: as fast as they go. */
  readonly pace: number;
  readonly partSize: number;
  readonly say: (line: string) => void;
}

export interface FloodReport {
  /** Acknowledged bytes a second of all uploads together. */
  readonly rates: Readonly<Record<'before' | 'during' | 'after', number>>;
  readonly uploads: {
    readonly parts: number;
    readonly lost: number;
    readonly troubles: Readonly<Record<string, number>>;
  };
  readonly newcomer: Newcomer;
  readonly attack: Tally;
  /** CPU seconds for each second: 1 is one core. */
  readonly cpu: Readonly<Record<'serverBefore' | 'server' | 'attackers' | 'uploads', number>>;
  /** Bytes resident of the server. */
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number };
  /** Milliseconds that a look at the operator's listener took, which waits for nothing but the process: median and longest. */
  readonly delays: Readonly<
    Record<'before' | 'during' | 'after', { readonly median: number; readonly longest: number }>
  >;
  /** Milliseconds that an opening takes once all is over, and the work that is still asked for then. */
  readonly afterwards: Newcomer;
}

const UPLOADS = 3;
const OPENINGS = 200;
/** Until the attackers are all there, nothing is measured. */
const CLIMB_MS = 8_000;

/** Tells it against a drop whose server runs. */
export async function tellFlood(options: FloodOptions): Promise<FloodReport> {
  const { drop, connections, seconds, quietSeconds, seed, pace, partSize, say } = options;
  const { source } = drop;
  const parcels = await Promise.all(Array.from({ length: UPLOADS }, () => openedParcel(source, partSize)));
  const memory = watchMemory({ server: () => memoryOf(drop.server.pid) });
  const before = memoryOf(drop.server.pid)?.resident ?? 0;
  const uploads = startTold<UploadsTold>('uploads-main.ts', { source, partSize, pace, parcels } satisfies UploadsOrder);
  const measure = async (forSeconds: number) => {
    const [bytes, server, delay] = [sum(uploads.told()?.acknowledged), cpuOf(drop.server.pid), watchDelay(drop.ops)];
    const [own, began] = [uploads.told()?.cpuSeconds ?? 0, performance.now()];
    const theirs = attackers?.told()?.cpuSeconds ?? 0;
    await sleep(forSeconds * 1_000);
    const over = (performance.now() - began) / 1_000;
    return {
      rate: (sum(uploads.told()?.acknowledged) - bytes) / over,
      server: (cpuOf(drop.server.pid) - server) / over,
      uploads: ((uploads.told()?.cpuSeconds ?? 0) - own) / over,
      attackers: ((attackers?.told()?.cpuSeconds ?? 0) - theirs) / over,
      delay: delay.stop(),
    };
  };

  let attackers: Told<AttackTold> | null = null;
  await sleep(2_000);
  const quiet = await measure(quietSeconds);
  say(`undisturbed: ${(quiet.rate / 1e6).toFixed(1)} MB/s`);
  const order = { port: Number(new URL(source).port), connections, seed, page: await largestFile(source) };
  const openings = await Promise.all(Array.from({ length: OPENINGS }, async () => (await createSender()).opening()));
  attackers = startTold<AttackTold>('attackers-main.ts', { ...order, openings } satisfies AttackOrder);
  await sleep(Math.min(CLIMB_MS, (seconds * 1_000) / 2));
  const newcoming = sleep((seconds * 1_000) / 4).then(() => comeNewly(source));
  newcoming.catch(() => undefined);
  const flooded = await measure(seconds);
  say(`${attackers.told()?.open} connections of the attackers: ${(flooded.rate / 1e6).toFixed(1)} MB/s`);
  const newcomer = await newcoming;
  await attackers.end();
  await sleep(3_000);
  const after = await measure(quietSeconds);
  say(`afterwards: ${(after.rate / 1e6).toFixed(1)} MB/s`);
  await uploads.end();
  const told = uploads.told()!;
  const afterwards = await comeNewly(source);
  memory.stop();
  return {
    rates: { before: quiet.rate, during: flooded.rate, after: after.rate },
    uploads: {
      parts: sum(told.ends.map(({ parts }) => parts)),
      lost: sum(told.ends.map(({ lost }) => lost)),
      troubles: Object.assign({}, ...told.troubles) as Record<string, number>,
    },
    newcomer,
    attack: attackers.told()!,
    cpu: {
      serverBefore: quiet.server,
      server: flooded.server,
      attackers: flooded.attackers,
      uploads: flooded.uploads,
    },
    memory: {
      before,
      peak: memory.highest.get('server')?.resident ?? 0,
      after: memoryOf(drop.server.pid)?.resident ?? 0,
    },
    delays: { before: quiet.delay, during: flooded.delay, after: after.delay },
    afterwards,
  };
}

interface UploadsTold {
  readonly acknowledged: readonly number[];
  readonly troubles: readonly Readonly<Record<string, number>>[];
  readonly ends: readonly { readonly parts: number; readonly lost: number }[];
  readonly cpuSeconds: number;
}

type AttackTold = Tally & { readonly cpuSeconds: number };

interface Told<Line> {
  /** The last line that it told. */
  told(): Line | null;
  /** Ends it, and waits until it is gone. */
  end(): Promise<void>;
}

/** What is still there when the test is ended from outside. */
const children = new Set<ChildProcessByStdio<Writable, Readable, null>>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts a script of this folder that tells of itself in lines of JSON and ends with its standard input. */
function startTold<Line>(script: string, order: unknown): Told<Line> {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, [path, JSON.stringify(order)], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  let last: Line | null = null;
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    const line = lines.at(-1);
    if (line !== undefined) last = JSON.parse(line) as Line;
  });
  const closed = once(child, 'close').then(() => children.delete(child));
  return {
    told: () => last,
    async end() {
      child.stdin.end();
      await closed;
    },
  };
}

/** A parcel that does not come to its end. */
async function openedParcel(source: string, partSize: number): Promise<{ parcel: string; seed: string }> {
  const seed = random(32);
  const sender = await createSender({ parts: 2_000, partSize, mailbox: await ed25519FromSeed(seed) });
  await openAt(source, sender);
  return { parcel: sender.parcel, seed: toHex(seed) };
}

async function largestFile(source: string): Promise<string> {
  const page = await (await fetch(source)).text();
  const paths = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  const sizes = await Promise.all(
    paths.map(async (path) => ({ path, size: (await (await fetch(source + path)).arrayBuffer()).byteLength })),
  );
  return sizes.sort((one, other) => other.size - one.size)[0]?.path ?? CARD_ROUTE;
}

function watchDelay(ops: string): { stop(): { median: number; longest: number } } {
  const delays: number[] = [];
  let running = true;
  void (async () => {
    while (running) {
      const began = performance.now();
      await fetch(`${ops}/healthz`).catch(() => null);
      delays.push(performance.now() - began);
      await sleep(100);
    }
  })();
  return {
    stop() {
      running = false;
      const sorted = delays.sort((one, other) => one - other);
      return { median: sorted[sorted.length >> 1] ?? 0, longest: sorted.at(-1) ?? 0 };
    },
  };
}

/** CPU seconds that a process has used; ticks are a hundredth of a second on every Linux. */
function cpuOf(pid: number): number {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .split(') ')[1]!
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / 100;
}

function sum(figures: readonly number[] = []): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
