/** Where the single executable begins: as the desk, or as a thread or process that the desk started (see self.ts). Its bundle is evaluated whole for each. */
import { isMainThread } from 'node:worker_threads';
import { CHILD_WORD } from './self.ts';
import type { ChildName, ThreadName } from './self.ts';

const THREADS: Readonly<Record<ThreadName, () => Promise<unknown>>> = {
  'facts-worker': () => import('./custody/facts/facts-worker.ts'),
  'file-hash-worker': () => import('./custody/file-hash-worker.ts'),
  'hash-worker': () => import('./outside/hash-worker.ts'),
  'part-worker': () => import('./case/part-worker.ts'),
  'preview-worker': () => import('./case/preview-worker.ts'),
  'sha512-worker': () => import('./case/sha512-worker.ts'),
};
const CHILDREN: Readonly<Record<ChildName, () => Promise<unknown>>> = {
  'content-process': () => import('./viewer-server/content-process.ts'),
};

const role = process.argv[2] ?? '';
if (!isMainThread) void THREADS[role as ThreadName]();
// A child hears by a channel whose end it is; without one somebody typed the word.
else if (process.channel !== undefined && role.startsWith(CHILD_WORD))
  void CHILDREN[role.slice(CHILD_WORD.length) as ChildName]();
else void import('./main.ts');
