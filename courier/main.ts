/** The courier's process: hands the terminal, the clock and the signals to the program and turns its answer into an exit code. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { askAtTerminal } from './ask-at-terminal.ts';
import { runCourier } from './run.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => {
    stop.abort();
  });
}
// A reader such as `head` that goes away is no reason for a stack trace.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

process.exitCode = await runCourier(process.argv.slice(2), {
  env: process.env,
  terminal: {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY,
    columns: process.stderr.columns ?? 80,
    ask: askAtTerminal,
  },
  now: () => new Date(),
  random: (length) => randomBytes(length),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  signal: stop.signal,
});
