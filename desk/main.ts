/** The desk on the air-gapped machine, as a process: real clock, real randomness, real terminal. */
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { isSea } from 'node:sea';
import { runDesk } from './run.ts';
import { terminalAsk } from './terminal/ask.ts';
import { terminalProgress } from './terminal/progress.ts';

// A reader that went away (`desk … | head`) is no failure of ours.
process.stdout.on('error', () => undefined);
process.umask(0o077);
// Without this, whoever may send a signal here opens Node's debugger, and with it all that this process knows.
process.on('SIGUSR1', () => undefined);

const MISTAKE = 3;

/** A mistake of ours: never taken for a finding about a parcel, which exit code 1 stands for. */
process.on('uncaughtException', (error) => {
  process.stderr.write(`desk: a mistake in this program: ${error.stack ?? error.message}\n`);
  process.exit(MISTAKE);
});

/** Not awaited at the top: the single executable is one script, in which that cannot be. */
void main();

async function main(): Promise<void> {
  const { ask, close } = terminalAsk(process.stdin, process.stderr);
  const result = await runDesk(process.argv.slice(2), {
    now: () => new Date(),
    random: (length) => new Uint8Array(randomBytes(length)),
    progress: terminalProgress(process.stderr, () => performance.now()),
    warn: (line) => void process.stderr.write(`${line}\n`),
    readInput,
    ask,
    ...(isSea() ? { calledAs: basename(process.execPath) } : {}),
    untilInterrupted: () => new Promise((resolve) => void process.once('SIGINT', resolve).once('SIGTERM', resolve)),
  });
  close();
  process.stderr.write(result.stderr);
  process.stdout.write(result.stdout);
  process.exitCode = result.exit;
}

async function readInput(most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of process.stdin as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    size += piece.length;
    if (size > most) break;
  }
  return Buffer.concat(pieces).subarray(0, most + 1);
}
