/** Runs a line of shell and tells how long it took and what it cost the processors, all that it started included. */
import { run } from '../tests/kit/programs.ts';

/** What a run cost. `peak`: most bytes resident of a program that told it with peak-memory.mjs, else null. */
export interface Timed {
  readonly seconds: number;
  readonly cpu: number;
  readonly peak: number | null;
}

/** Runs `script` with `args` as `$1` and so on. Throws when it fails. */
export async function timed(script: string, args: readonly string[]): Promise<Timed> {
  const start = performance.now();
  const { code, err } = await run('sh', ['-c', `${script}\ncode=$?; times >&2; exit $code`, 'sh', ...args]);
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(err);
  const kilobytes = /^(\d+) kB$/m.exec(err)?.[1];
  return { seconds, cpu: cpuSeconds(err), peak: kilobytes === undefined ? null : Number(kilobytes) * 1024 };
}

/** The last line of `times`: user and system time of all children, as in `0m1.23s 0m0.45s`. */
function cpuSeconds(text: string): number {
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, min, sec]) => sum + Number(min) * 60 + Number(sec), 0);
}
