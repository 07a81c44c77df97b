/** How this program starts more of itself: the one place that knows where its own files are. */
import { Worker } from 'node:worker_threads';

const THREADS = { 'part-worker': './case/part-worker.ts' } as const;

/** Starts a thread of this program with what it is to know. */
export function startThread(name: keyof typeof THREADS, workerData: unknown): Worker {
  return new Worker(new URL(THREADS[name], import.meta.url), { workerData });
}
