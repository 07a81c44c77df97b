/** A server process that can be told to end itself at a crash point. */
import { once } from 'node:events';
import { join } from 'node:path';
import { SERVER_FLAGS } from '../../deploy/project.mjs';
import type { CrashPoint } from '../../server/store/crash-points.ts';
import type { CrashOrder } from './crashing-server.ts';
import { startNode } from './programs.ts';
import type { Running } from './programs.ts';
import { until } from './waiting.ts';

export interface Victim {
  /** Addresses of the listeners, without a slash at the end. */
  readonly source: string;
  readonly staff: string;
  readonly running: Running;
  /** Lets it end itself when it comes to this point for the so-manieth time from now; null calls that off. */
  arm(point: CrashPoint | null, times?: number): Promise<void>;
  /** Resolves when it has ended by SIGKILL; throws when it ends otherwise, or not in time. */
  died(): Promise<void>;
}

const PATIENCE_MS = 60_000;

/** Settings of a server on ports of its own over a data folder and an outside database. */
export function victimSettings(data: string, databaseUrl: string): Record<string, string> {
  return {
    POSTERN_DATA: data,
    POSTERN_DATABASE_URL: databaseUrl,
    POSTERN_SOURCE_PORT: '0',
    POSTERN_STAFF_PORT: '0',
    POSTERN_OPS_PORT: '0',
    POSTERN_RESERVE: '0',
  };
}

/** Starts one and waits until it is ready, unless the order ends it before. */
export async function startVictim(
  settings: Readonly<Record<string, string>>,
  order: CrashOrder = { point: null },
): Promise<Victim> {
  const env = {
    ...settings,
    NODE_OPTIONS: SERVER_FLAGS.join(' '),
    NODE_COMPILE_CACHE: join(settings['POSTERN_DATA']!, '../compile-cache'),
  };
  const running = startNode('tests/kit/crashing-server.ts', [], { env, ipc: true });
  const { child } = running;
  child.send(order);
  const ready = (): RegExpExecArray | null => /^postern source (\S+) staff (\S+)/m.exec(running.out());
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await until('the server is ready', PATIENCE_MS, () => ready() !== null || hasEnded(), 10);
  const [, source = '', staff = ''] = ready() ?? [];
  if (source === '' && order.point === null) throw new Error(`the server ended:\n${running.err()}${running.out()}`);
  return {
    source,
    staff,
    running,
    async arm(point, times = 1) {
      const armed = once(child, 'message');
      child.send({ point, times } satisfies CrashOrder);
      await armed;
    },
    async died() {
      await until('the process ends itself', PATIENCE_MS, hasEnded, 10);
      const { signal, err } = await running.finished;
      if (signal !== 'SIGKILL') throw new Error(`it ended with ${signal}:\n${err}`);
    },
  };
}
