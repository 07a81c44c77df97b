/** HAProxy as it is deployed, in front of servers that listen on loopback. */
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { PROJECT, run, start } from './programs.ts';
import type { Finished, Running } from './programs.ts';
import { until } from './waiting.ts';

export const BALANCER_FILE = join(PROJECT, 'deploy/haproxy.cfg');

/** Addresses of a server's listeners, without a slash at the end. */
export interface Balanced {
  readonly source: string;
  readonly staff: string;
  readonly ops: string;
}

export interface Balancer extends AsyncDisposable {
  readonly source: string;
  readonly staff: string;
  readonly process: Running;
}

/** Starts it in front of two servers, and waits until it listens. */
export async function startBalancer(one: Balanced, two: Balanced): Promise<Balancer> {
  const [source, staff] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const env = {
    POSTERN_BALANCER_SOURCE: source,
    POSTERN_BALANCER_STAFF: staff,
    ...settingsOf('ONE', one),
    ...settingsOf('TWO', two),
  };
  const running = start('haproxy', ['-f', BALANCER_FILE], { env });
  await until('the balancer listens', 20_000, () => {
    if (running.child.exitCode !== null) throw new Error(running.err());
    return fetch(`http://${staff}`).catch(() => false);
  });
  return {
    source: `http://${source}`,
    staff: `http://${staff}`,
    process: running,
    [Symbol.asyncDispose]: () => running.kill(),
  };
}

/** `haproxy -c` on the file as it is, with the names of the containers. */
export function checkBalancer(): Promise<Finished> {
  return run('haproxy', ['-c', '-f', BALANCER_FILE]);
}

function settingsOf(name: string, { source, staff, ops }: Balanced): Record<string, string> {
  return {
    [`POSTERN_${name}_SOURCE`]: new URL(source).host,
    [`POSTERN_${name}_STAFF`]: new URL(staff).host,
    [`POSTERN_${name}_OPS_PORT`]: new URL(ops).port,
  };
}
