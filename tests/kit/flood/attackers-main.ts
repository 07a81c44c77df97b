/** The attackers as a process of their own: told all in one line of JSON, tells what it saw in one line a second. Ends with its standard input. */
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../seeded.ts';
import { attack, emptyTally, kindOf } from './attackers.ts';

export interface AttackOrder {
  readonly port: number;
  readonly connections: number;
  readonly seed: number;
  readonly openings: readonly string[];
  readonly page: string;
}

/** Connections are opened so many at a time, ten times a second. */
const AT_A_TIME = 150;

const { port, connections, seed, openings, page } = JSON.parse(process.argv[2] ?? '') as AttackOrder;
const ending = new AbortController();
process.stdin.once('end', () => ending.abort()).resume();
const tally = emptyTally();
const means = { port, chance: seeded(seed), openings, page };
const tell = (): void => {
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ ...tally, cpuSeconds: (user + system) / 1e6 }));
};
setInterval(tell, 1_000).unref();
for (let i = 0; i < connections && !ending.signal.aborted; i++) {
  attack(kindOf(i), means, tally, ending.signal);
  if (i % AT_A_TIME === 0) await sleep(100);
}
