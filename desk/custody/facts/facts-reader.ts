/** Has the facts of files read in a thread apart, with limits on time and memory; a crash or a hang costs the facts of one file. */
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../self.ts';
import type { FromThread, ToThread } from './facts-messages.ts';
import { noFacts } from './facts.ts';
import type { Facts } from './facts.ts';
import { MOST_AT_ONCE } from './source.ts';
import type { Ranges } from './source.ts';

/** Milliseconds that a file may take; a good one takes a few. */
const PATIENCE = 15_000;
const MEMORY_MB = 64;

/** See {@link createFactsReader}. One file at a time. */
export interface FactsReader {
  read(file: Ranges): Promise<Facts>;
  close(): Promise<void>;
}

/** A reader of facts; the thread is started with the first file, and again after it had to be stopped. */
export function createFactsReader(patience = PATIENCE): FactsReader {
  let worker: Worker | null = null;

  async function stop(): Promise<void> {
    const stopped = worker;
    worker = null;
    await stopped?.terminate();
  }

  return {
    async read(file) {
      worker ??= startThread('facts-worker', null, { maxOldGenerationSizeMb: MEMORY_MB });
      const facts = await ask(worker, file, patience);
      if (facts !== null) return facts;
      await stop();
      return noFacts('reading it took too long or failed');
    },
    close: stop,
  };
}

/** The facts, or null when the thread failed or took too long. */
async function ask(worker: Worker, file: Ranges, patience: number): Promise<Facts | null> {
  const post = (message: ToThread): void => worker.postMessage(message);
  let timer: NodeJS.Timeout | undefined;
  const listeners = new Map<'message' | 'error' | 'exit', (value: FromThread) => void>();
  try {
    return await new Promise<Facts | null>((resolve) => {
      const take = (message: FromThread): void => {
        if (message.kind === 'facts') resolve(message.facts);
        else
          void rangeOf(file, message.from, message.to)
            .catch(() => null)
            .then((bytes) => post({ kind: 'bytes', bytes }));
      };
      const fail = (): void => resolve(null);
      listeners.set('message', take).set('error', fail).set('exit', fail);
      for (const [name, listener] of listeners) worker.on(name, listener);
      timer = setTimeout(fail, patience);
      post({ kind: 'file', size: file.size });
    });
  } finally {
    clearTimeout(timer);
    for (const [name, listener] of listeners) worker.off(name, listener);
  }
}

/** What the thread asks for is no more trusted than the files that it reads. */
async function rangeOf(file: Ranges, from: number, to: number): Promise<Uint8Array | null> {
  const good = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && to >= from;
  return good && to <= file.size && to - from <= MOST_AT_ONCE ? file.read(from, to) : null;
}
