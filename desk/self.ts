/** How this program starts more of itself: the one place that knows whether it runs from its sources or is the single executable. */
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { getAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ResourceLimits } from 'node:worker_threads';

const THREADS = {
  'facts-worker': './custody/facts/facts-worker.ts',
  'file-hash-worker': './custody/file-hash-worker.ts',
  'hash-worker': './outside/hash-worker.ts',
  'part-worker': './case/part-worker.ts',
  'preview-worker': './case/preview-worker.ts',
  'sha512-worker': './case/sha512-worker.ts',
} as const;
const CHILDREN = { 'content-process': './viewer-server/content-process.ts' } as const;
/** What a child reads of this program: its own code and nothing beside. */
const CODE = ['.', '../shared', '../node_modules', '../package.json'];
/** A child keeps no more than this; see docs/threat-model.md. */
const CHILD_HEAP = ['--max-old-space-size=160', '--max-semi-space-size=2'];
/** What strips the types of the sources is WebAssembly: compiled in one pass it takes 10 MB less. */
const SMALL_STRIPPER = ['--liftoff-only'];

/** The first word of the executable when it is to be one of its children: no command is called so. */
export const CHILD_WORD = '--child=';

export type ThreadName = keyof typeof THREADS;
export type ChildName = keyof typeof CHILDREN;

/** Under this name the executable holds the text of its own program: nothing is read from disk to start a thread. */
const PROGRAM = 'program';

/** Starts a thread of this program with what it is to know, and with limits on its memory where it reads what strangers made. */
export function startThread(name: ThreadName, workerData: unknown, resourceLimits: ResourceLimits = {}): Worker {
  if (isSea()) return new Worker(getAsset(PROGRAM, 'utf8'), { eval: true, argv: [name], workerData, resourceLimits });
  return new Worker(new URL(THREADS[name], import.meta.url), { workerData, resourceLimits });
}

/**
 * Starts a process of this program that may read its own code and `folders`, and can neither write, start anything, nor see the environment.
 * It hears of the end of this one by its channel.
 */
export function startChild(name: ChildName, folders: readonly string[]): ChildProcess {
  const how = { env: {}, serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] } as const;
  // The code of the executable is in its memory: it reads none.
  if (isSea())
    return spawn(process.execPath, [`--node-options=${cage(folders).map(quoted).join(' ')}`, CHILD_WORD + name], {
      ...how,
      stdio: [...how.stdio],
    });
  const code = CODE.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const file = fileURLToPath(new URL(CHILDREN[name], import.meta.url));
  return fork(file, [], {
    ...how,
    stdio: [...how.stdio],
    execArgv: [...SMALL_STRIPPER, ...cage([...code, ...folders])],
  });
}

/** Node's own sandbox: what a child may read, and all else that it may not. */
const cage = (readable: readonly string[]): string[] => [
  '--permission',
  ...readable.map((path) => `--allow-fs-read=${path}`),
  '--disallow-code-generation-from-strings',
  // The sandbox does not hold for databases: they are opened, and made, anywhere.
  '--no-experimental-sqlite',
  ...CHILD_HEAP,
];

/** One option among several in one word, as Node reads them there: a folder may have spaces and quotes in its name. */
const quoted = (option: string): string => `"${option.replaceAll(/["\\]/g, '\\$&')}"`;
