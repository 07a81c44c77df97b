/** Running Postern's programs and those of the machine as a person would: arguments in, words and exit code out. */
import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

/** The folder of the project. */
export const PROJECT = resolve(import.meta.dirname, '../..');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it wrote to standard output so far. */
  out(): string;
  err(): string;
  readonly finished: Promise<Finished>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
}

export interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A channel for messages of Node's own beside its output. */
  readonly ipc?: boolean;
}

/** What still runs when a test is ended from outside must not stay behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program of the machine. */
export function start(program: string, args: readonly string[], options: Options = {}): Running {
  const child = spawn(program, args, {
    cwd: options.cwd ?? PROJECT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc ? (['ipc'] as const) : [])],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  running.add(child);
  child.once('close', () => running.delete(child));
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const finished = once(child, 'close').then(([code, signal]): Finished => ({ code, signal, out, err }));
  return {
    child,
    pid: child.pid ?? -1,
    out: () => out,
    err: () => err,
    finished,
    async kill() {
      child.kill('SIGKILL');
      await finished;
    },
  };
}

/** Starts one of Postern's programs, such as `desk/main.ts`, on the Node that runs the test. */
export function startNode(script: string, args: readonly string[], options: Options = {}): Running {
  return start(process.execPath, [join(PROJECT, script), ...args], options);
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], options: Options = {}): Promise<Finished> {
  return start(program, args, options).finished;
}

/** Runs one of Postern's programs to its end and gives what it wrote to standard output. Throws when it does not end well. */
export async function runNode(script: string, args: readonly string[], options: Options = {}): Promise<string> {
  const { code, out, err } = await startNode(script, args, options).finished;
  if (code !== 0) throw new Error(`${script} ${args[0] ?? ''} ended with ${code}:\n${err}${out}`);
  return out.trim();
}
