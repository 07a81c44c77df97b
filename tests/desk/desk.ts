/** Runs the desk inside the test: words in, exit code and output out, with a fixed day and its own scratch folders. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDesk } from '../../desk/run.ts';
import { silentProgress } from '../../desk/terminal/progress.ts';

export const DAY = '2026-11-24';

export interface DeskRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly warnings: readonly string[];
}

/** `desk ARGS…` on the given day. `input` is what is piped in, and line by line the answers to what is asked; questions stand among the warnings. */
export async function desk(args: readonly string[], day = DAY, input = ''): Promise<DeskRun> {
  const warnings: string[] = [];
  const answers = input === '' ? [] : input.replace(/\n$/, '').split('\n');
  const result = await runDesk(args, {
    now: () => new Date(`${day}T10:20:30Z`),
    random: (length) => new Uint8Array(randomBytes(length)),
    progress: silentProgress,
    warn: (line) => void warnings.push(line),
    passphraseWork: 10,
    readInput: (most) => Promise.resolve(new TextEncoder().encode(input).subarray(0, most + 1)),
    ask: (question) => {
      warnings.push(question);
      return Promise.resolve(answers.shift() ?? null);
    },
  });
  return { ...result, warnings };
}

/** `desk ARGS… --json` with its document parsed. */
export async function deskJson(
  args: readonly string[],
  day = DAY,
): Promise<{ exit: number; json: Record<string, unknown> }> {
  const { exit, stdout } = await desk([...args, '--json'], day);
  return { exit, json: JSON.parse(stdout) as Record<string, unknown> };
}

/** A folder of the test's own, and its removal. */
export async function scratch(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-desk-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
