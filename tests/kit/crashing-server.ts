/** server/main.ts for tests: the same server from the same settings, but it ends itself with SIGKILL at the crash point that its parent names. */
import '../../server/threads.ts';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { readConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { serve } from '../../server/serve.ts';
import type { CrashPoint } from '../../server/store/crash-points.ts';
import { PROJECT } from './programs.ts';

/** What the parent says: before the first message nothing begins, later ones change the point. */
export interface CrashOrder {
  /** Null: none. */
  readonly point: CrashPoint | null;
  /** The process ends when the point is come to for the so-manieth time from now. */
  readonly times?: number;
  /** Days that the clock is ahead; only the first message can say. */
  readonly days?: number;
}

// Many of these are started, and none of them ends as Node would have it: otherwise each would compile everything anew.
flushCompileCache();

let point: CrashPoint | null = null;
let times = 1;
process.on('message', (order: CrashOrder) => {
  point = order.point;
  times = order.times ?? 1;
  process.send?.('armed');
});
const [first] = (await once(process, 'message')) as [CrashOrder];

const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());
const ended = once(ending.signal, 'abort');
const server = await serve({
  config: readConfig(process.env, PROJECT),
  projectFolder: PROJECT,
  random: (length) => randomBytes(length),
  log: createLog((text) => process.stdout.write(text)),
  now: () => new Date(Date.now() + (first.days ?? 0) * 86_400_000),
  clock: () => performance.now(),
  say: (sentence) => process.stdout.write(`${sentence}\n`),
  ending: ending.signal,
  reach(reached) {
    if (reached === point && --times === 0) process.kill(process.pid, 'SIGKILL');
  },
});
await ended;
await server.stop();
process.exit(0);
