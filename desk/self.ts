/** How this program starts more of itself: the one place that knows whether it runs from its sources or is the single executable. */
import { getAsset, isSea } from 'node:sea';
import { Worker } from 'node:worker_threads';

const THREADS = { 'part-worker': './case/part-worker.ts' } as const;

export type ThreadName = keyof typeof THREADS;

/** Under this name the executable holds the text of its own program: nothing is read from disk to start a thread. */
const PROGRAM = 'program';

/** Starts a thread of this program with what it is to know. */
export function startThread(name: ThreadName, workerData: unknown): Worker {
  if (isSea()) return new Worker(getAsset(PROGRAM, 'utf8'), { eval: true, argv: [name], workerData });
  return new Worker(new URL(THREADS[name], import.meta.url), { workerData });
}
