/** `npm run bench -- flood --connections 10000 --seconds 60 --seed 1`: a real server under a flood, with three uploads at the pace of Tor and at full speed. */
import { parseArgs } from 'node:util';
import { bytesInWords } from '../courier/text.ts';
import { startDrop } from '../tests/kit/drop.ts';
import { tellFlood } from '../tests/kit/flood/story.ts';
import type { FloodReport } from '../tests/kit/flood/story.ts';
import { machineInWords } from './machine.ts';

const MIB = 1_048_576;
/** The part of their undisturbed throughput that uploads must keep, and the milliseconds in which a newcomer must be in. */
const SHARE = 0.8;
const NEWCOMER_MS = 60_000;

/** Tells the story once for each pace; the exit code tells whether uploads kept their share, nothing was lost and the newcomer got in. */
export async function flood(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      connections: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: '60' },
      quiet: { type: 'string', default: '15' },
      seed: { type: 'string', default: '1' },
      /** Megabytes a second of each upload; 0: as fast as they go. */
      paces: { type: 'string', default: '2,0' },
    },
  });
  const [connections, seconds, seed] = [Number(values.connections), Number(values.seconds), Number(values.seed)];
  console.log(machineInWords());
  for (const pace of values.paces.split(',').map(Number)) {
    await using drop = await startDrop();
    const partSize = pace === 0 ? 8 * MIB : MIB;
    const say = (line: string): void => console.error(line);
    const quietSeconds = Number(values.quiet);
    const report = await tellFlood({ drop, connections, seconds, quietSeconds, seed, pace: pace * 1e6, partSize, say });
    console.log(`\n3 uploads ${pace === 0 ? 'at full speed' : `at ${pace} MB/s each`}, seed ${seed}`);
    for (const line of inWords(report)) console.log(line);
    const { rates, uploads, newcomer } = report;
    const good = rates.during >= SHARE * rates.before && uploads.lost === 0 && newcomer.steps.sealed <= NEWCOMER_MS;
    if (!good) process.exitCode = 1;
  }
}

function inWords({ rates, uploads, newcomer, attack, cpu, memory, delays, afterwards }: FloodReport): string[] {
  const megabytes = (rate: number): string => `${(rate / 1e6).toFixed(1)} MB/s`;
  const share = Math.round((rates.during / rates.before) * 100);
  const told = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none';
  const delay = ({ median, longest }: { median: number; longest: number }): string =>
    `${median.toFixed(0)} ms (longest ${longest.toFixed(0)})`;
  const steps = ({ steps: { page, opened, sealed } }: FloodReport['newcomer']): string =>
    `page ${page} ms, opened ${opened} ms, sealed ${sealed} ms`;
  return [
    `uploads     ${megabytes(rates.before)} before, ${megabytes(rates.during)} during (${share} %), ${megabytes(rates.after)} after; ${uploads.parts} parts, ${uploads.lost} lost; troubles: ${told(uploads.troubles)}`,
    `newcomer    ${steps(newcomer)}; levels of work: ${newcomer.work.join(', ') || 'none'}; put off: ${told(newcomer.putOff)}`,
    `attackers   ${attack.most} connections at most; ${attack.requests} requests; answers: ${told(attack.statuses)}; ${attack.withoutRetryAfter} refusals without Retry-After; closed: ${told(attack.closed)}`,
    `CPU         server ${cpu.serverBefore.toFixed(2)} before, ${cpu.server.toFixed(2)} during; attackers ${cpu.attackers.toFixed(2)}; uploads ${cpu.uploads.toFixed(2)} (1 is one core)`,
    `memory      server ${bytesInWords(memory.before)} before, ${bytesInWords(memory.peak)} at most, ${bytesInWords(memory.after)} after`,
    `loop delay  ${delay(delays.before)} before, ${delay(delays.during)} during, ${delay(delays.after)} after`,
    `afterwards  a newcomer: ${steps(afterwards)}; levels of work: ${afterwards.work.join(', ') || 'none'}`,
  ];
}
