/** Hashes many written files at once, each in a thread of its own, as many as there are cores: SHA-512 takes longer than reading. */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../self.ts';
import type { HashAnswer, HashJob, HashName } from './file-hash-messages.ts';

/** More than this many wait for the disk. */
const MOST_THREADS = 4;

export type FileHashes = Readonly<Partial<Record<HashName, string>>>;

/** See {@link createFileHashPool}. */
export interface FileHashPool {
  /** The hashes asked for; null when no plain file lies there. `seen` hears of bytes as they are read. Errors of the file system are passed on. */
  hash(path: string, names: readonly HashName[], seen: (bytes: number) => void): Promise<FileHashes | null>;
  close(): Promise<void>;
}

interface Waiting extends HashJob {
  readonly seen: (bytes: number) => void;
  readonly resolve: (hashes: FileHashes | null) => void;
  readonly reject: (error: Error) => void;
}

/** Files begin in the order in which they are asked for. A thread starts when there is work for it. */
export function createFileHashPool(threads = Math.min(MOST_THREADS, availableParallelism())): FileHashPool {
  const queue: Waiting[] = [];
  const busy = new Map<Worker, Waiting>();
  const idle: Worker[] = [];

  function start(): Worker {
    const thread = startThread('file-hash-worker', null);
    thread.on('message', (answer: HashAnswer) => {
      const job = busy.get(thread)!;
      if (answer.kind === 'seen') {
        job.seen(answer.bytes);
        return;
      }
      if (answer.kind === 'hashes') job.resolve(answer.hashes);
      else job.reject(Object.assign(new Error(answer.code), { code: answer.code }));
      busy.delete(thread);
      idle.push(thread);
      next();
    });
    thread.on('error', (error) => {
      busy.get(thread)?.reject(error instanceof Error ? error : new Error('worker'));
      busy.delete(thread);
      next();
    });
    return thread;
  }

  function next(): void {
    while (queue.length > 0 && (idle.length > 0 || busy.size < threads)) {
      const job = queue.shift()!;
      const thread = idle.pop() ?? start();
      busy.set(thread, job);
      thread.postMessage({ path: job.path, names: job.names } satisfies HashJob);
    }
  }

  return {
    hash: (path, names, seen) =>
      new Promise((resolve, reject) => {
        queue.push({ path, names, seen, resolve, reject });
        next();
      }),
    async close() {
      queue.length = 0;
      await Promise.all([...idle, ...busy.keys()].map((thread) => thread.terminate()));
    },
  };
}
