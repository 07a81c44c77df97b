/** The operator's program inside this process: a command line in, exit code and text out. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Effects } from '../../server/admin/effects.ts';
import { runAdmin } from '../../server/admin/run.ts';
import { PROJECT } from './programs.ts';
import { random } from './random-bytes.ts';

export interface AdminRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command on a data folder. */
export async function admin(
  data: string,
  args: readonly string[],
  change: Partial<Omit<Effects, 'env'>> & { readonly env?: Record<string, string> } = {},
): Promise<AdminRun> {
  let [out, err] = ['', ''];
  const code = await runAdmin(args, {
    projectFolder: PROJECT,
    terminal: { out: (line) => (out += `${line}\n`), err: (text) => (err += text), interactive: false },
    now: () => new Date(),
    clock: () => performance.now(),
    random,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    signal: new AbortController().signal,
    ...change,
    env: { POSTERN_DATA: data, ...change.env },
  });
  return { code, out, err };
}
