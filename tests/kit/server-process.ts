/** A server as it is run, in a process of its own, over a data folder and an outside database; many of them are a cluster. */
import { join } from 'node:path';
import { SERVER_FLAGS } from '../../deploy/project.mjs';
import { startNode } from './programs.ts';
import type { Finished, Running } from './programs.ts';
import { until } from './waiting.ts';

export interface ServerProcess {
  /** Addresses of the listeners, without a slash at the end. */
  readonly source: string;
  readonly staff: string;
  readonly ops: string;
  readonly running: Running;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<Finished>;
}

const START_MS = 90_000;

/** Starts one and waits until it is ready. Throws when it ends before. */
export async function startServerProcess(settings: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const env = {
    ...settings,
    NODE_OPTIONS: SERVER_FLAGS.join(' '),
    NODE_COMPILE_CACHE: join(settings['POSTERN_DATA']!, '../compile-cache'),
  };
  const running = startNode('server/main.ts', [], { env });
  const { child } = running;
  const [, source, staff, ops] = await until('the server is ready', START_MS, () => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the server ended:\n${running.err()}${running.out()}`);
    return /^postern source (\S+) staff (\S+) ops (\S+)$/m.exec(running.out());
  });
  return {
    source: source!,
    staff: staff!,
    ops: ops!,
    running,
    stop() {
      child.kill('SIGTERM');
      return running.finished;
    },
  };
}
