/** Where the single executable begins: as the desk, or as a thread that the desk started (see self.ts). Its bundle is evaluated whole for each. */
import { isMainThread } from 'node:worker_threads';
import type { ThreadName } from './self.ts';

const THREADS: Readonly<Record<ThreadName, () => Promise<unknown>>> = {
  'facts-worker': () => import('./custody/facts/facts-worker.ts'),
  'part-worker': () => import('./case/part-worker.ts'),
  'hash-worker': () => import('./outside/hash-worker.ts'),
};

void (isMainThread ? import('./main.ts') : THREADS[process.argv[2] as ThreadName]());
