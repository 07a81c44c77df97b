/** Hashes many parts on all cores. Threads go on from one parcel to the next. */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../self.ts';
import type { HashVerdict, StatedPart } from './hash-part.ts';

export interface HashAnswer {
  readonly part: number;
  readonly verdict: HashVerdict;
}

export interface HashPool {
  /** Hashes `parts` in no certain order and tells of each. One call at a time. */
  hash(parts: Iterable<StatedPart>, eachDone: (answer: HashAnswer) => void): Promise<void>;
  close(): Promise<void>;
}

/** More would only make a slow disk jump to and fro. */
const MOST_WORKERS = 4;
/** Jobs that a thread has at hand, so that it need not wait for this one. */
const JOBS_AHEAD = 2;

/** A pool of at most `workers` threads; a thread starts when there is work for it. */
export function createHashPool(workers = Math.min(MOST_WORKERS, availableParallelism())): HashPool {
  const threads: Worker[] = [];
  let onAnswer: (thread: Worker, answer: HashAnswer) => void = () => undefined;
  let onFailure: (error: Error) => void = () => undefined;

  function threadAt(index: number): Worker {
    const there = threads[index];
    if (there !== undefined) return there;
    const thread = startThread('hash-worker', null);
    thread.on('message', (answer: HashAnswer) => onAnswer(thread, answer));
    thread.on('error', (error) => onFailure(error instanceof Error ? error : new Error('worker')));
    threads.push(thread);
    return thread;
  }

  return {
    hash: (parts, eachDone) =>
      new Promise((resolve, reject) => {
        const ahead = parts[Symbol.iterator]();
        let running = 0;
        onFailure = reject;
        onAnswer = (thread, answer) => {
          running--;
          eachDone(answer);
          const next = ahead.next();
          if (next.done !== true) send(thread, next.value);
          else if (running === 0) resolve();
        };
        const send = (thread: Worker, stated: StatedPart): void => {
          running++;
          thread.postMessage(stated);
        };
        for (let job = 0; job < JOBS_AHEAD * workers; job++) {
          const next = ahead.next();
          if (next.done === true) break;
          send(threadAt(job % workers), next.value);
        }
        if (running === 0) resolve();
      }),
    async close() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}
