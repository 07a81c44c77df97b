/** The operator's program as a process: real clock, randomness, terminal and signals in, an exit code out. */
import '../threads.ts';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAdmin } from './run.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stop.abort());
// A reader such as `head` that goes away is no reason for a stack trace.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

const MISTAKE = 3;
const { stderr } = process;

try {
  process.exitCode = await runAdmin(process.argv.slice(2), {
    env: process.env,
    projectFolder: join(import.meta.dirname, '../..'),
    terminal: {
      out: (line) => void process.stdout.write(`${line}\n`),
      err: (text) => void stderr.write(text),
      interactive: stderr.isTTY,
    },
    now: () => new Date(),
    clock: () => performance.now(),
    random: (length) => randomBytes(length),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    signal: stop.signal,
  });
} catch (error) {
  // A mistake of ours is never taken for a finding, which exit code 1 stands for.
  stderr.write(`admin: a mistake in this program: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = MISTAKE;
}
