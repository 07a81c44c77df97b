/** The courier run inside the test: its words, its exit code, a clock that jumps over the waits. */
import { randomBytes } from 'node:crypto';
import { runCourier } from '../../courier/run.ts';

export interface CourierResult {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export interface CourierOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly interactive?: boolean;
  readonly signal?: AbortSignal;
  /** Typed at the terminal when something is asked; nobody is there without it. */
  readonly typed?: string;
}

/** Runs one command line. Waiting takes no time, but the clock moves on by it. */
export async function courier(args: readonly string[], options: CourierOptions = {}): Promise<CourierResult> {
  let out = '';
  let err = '';
  let skipped = 0;
  const exit = await runCourier(args, {
    env: options.env ?? {},
    terminal: {
      out: (line) => void (out += `${line}\n`),
      err: (text) => void (err += text),
      interactive: options.interactive ?? false,
      columns: 100,
      ask: (question) => {
        err += question;
        return Promise.resolve(options.typed ?? null);
      },
    },
    now: () => new Date(Date.now() + skipped),
    random: (length) => randomBytes(length),
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      skipped += ms;
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
    signal: options.signal ?? new AbortController().signal,
  });
  return { exit, out, err };
}
