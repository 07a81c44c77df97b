/** Opens many parts at once on all cores and gives them back in order, through a bounded set of buffers: memory does not grow with the parcel. */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { startThread as startOwnThread } from '../self.ts';
import { createPartBuffers } from './part-buffers.ts';
import type { PartAnswer, PartVerdict, PartWorkerData, PartJob } from './part-messages.ts';

/** Three open parts faster than one thread can hash the files in them, and each more would cost 35 MB. */
const MOST_WORKERS = 3;
/** Jobs that a worker has at hand, so that it need not wait for the main thread. */
const JOBS_AHEAD = 2;
/** Buffers besides one for each worker: for what the main thread reads, what is being written, and the next jobs. Fewer when parts are large. */
const SPARE_BUFFERS = 3;
const BUFFER_BYTES = 64 * 1024 * 1024;

/** What there is to open. */
export type PartTask = Omit<PartJob, 'into'>;

/** An opened part. `plaintext` is good until `release` is called, which must happen for the reading to go on. */
export interface OpenedPart {
  readonly task: PartTask;
  readonly verdict: PartVerdict;
  readonly plaintext: Uint8Array;
  readonly release: () => void;
}

/** Threads that can be used for one parcel after the other. */
export interface PartPool {
  /** Opens `tasks` and yields them in the same order; none has more than `bufferSize` bytes of plaintext. One call at a time. */
  open(tasks: Iterable<PartTask>, bufferSize: number): AsyncGenerator<OpenedPart, void, undefined>;
  /** Ends all threads and gives their memory back; closing twice is nothing more. */
  close(): Promise<void>;
}

/** A pool of at most `workers` threads with the identities that may open parts. A thread starts when there is work for it. */
export function createPartPool(
  identities: readonly string[],
  workers = Math.min(MOST_WORKERS, availableParallelism()),
): PartPool {
  /** Each thread and how many jobs it has at hand. */
  const load = new Map<Worker, number>();
  const buffers = createPartBuffers();
  let onAnswer: (answer: PartAnswer) => void = () => undefined;
  let onFailure: () => void = () => undefined;
  let failure: Error | null = null;

  function startThread(): Worker {
    const data: PartWorkerData = { identities };
    const thread = startOwnThread('part-worker', data);
    thread.on('message', (answer: PartAnswer) => {
      load.set(thread, load.get(thread)! - 1);
      onAnswer(answer);
    });
    thread.on('error', (error) => {
      failure = error instanceof Error ? error : new Error('worker');
      onFailure();
    });
    load.set(thread, 0);
    return thread;
  }

  /** A thread that can take another job; null when all have enough. */
  function freeThread(): Worker | null {
    for (let jobs = 0; jobs < JOBS_AHEAD; jobs++) for (const [thread, count] of load) if (count === jobs) return thread;
    return load.size < workers ? startThread() : null;
  }

  async function* open(tasks: Iterable<PartTask>, bufferSize: number): AsyncGenerator<OpenedPart, void, undefined> {
    const ahead = tasks[Symbol.iterator]();
    const waiting: (PartTask & { readonly into: SharedArrayBuffer })[] = [];
    const done = new Map<number, PartVerdict>();
    const most = workers + Math.max(1, Math.min(SPARE_BUFFERS, Math.floor(BUFFER_BYTES / bufferSize) - workers));
    let upcoming: PartTask | null = null;
    /** Buffers in the hands of threads or of the caller. */
    let lent = 0;
    let wake: () => void = () => undefined;

    const nextTask = (): PartTask | null => {
      const next = ahead.next();
      return next.done === true ? null : next.value;
    };
    const send = (): void => {
      for (;;) {
        upcoming ??= nextTask();
        const thread = upcoming === null || lent === most ? null : freeThread();
        if (upcoming === null || thread === null) return;
        const job = { ...upcoming, into: buffers.take(bufferSize) };
        upcoming = null;
        lent++;
        waiting.push(job);
        thread.postMessage(job);
        load.set(thread, load.get(thread)! + 1);
      }
    };
    const until = async (ready: () => boolean): Promise<void> => {
      while (!ready()) {
        if (failure !== null) throw failure;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    onAnswer = (answer) => {
      done.set(answer.part, answer.verdict);
      send();
      wake();
    };
    onFailure = () => wake();

    send();
    try {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
        const { part, plaintextSize, into } = task;
        await until(() => done.has(part));
        const verdict = done.get(part)!;
        done.delete(part);
        const plaintext = new Uint8Array(into, 0, verdict.kind === 'plaintext' ? plaintextSize : 0);
        const release = (): void => {
          buffers.give(into);
          lent--;
          send();
          wake();
        };
        yield { task, verdict, plaintext, release };
        // All buffers may be in the hands of the caller, who gives them back when they are written.
        if (waiting.length === 0) await until(() => waiting.length > 0 || lent === 0);
      }
    } finally {
      ahead.return?.();
      if (failure === null) await until(() => [...load.values()].every((jobs) => jobs === 0));
    }
  }

  return {
    open,
    async close() {
      const threads = [...load.keys()];
      load.clear();
      buffers.clear();
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}
