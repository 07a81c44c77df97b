/** Asks the thread that reads files of strangers about one of them, with limits on time and memory, and gives it the ranges that it wants. */
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../self.ts';
import type { Answer, FromThread, Question, ToThread } from './facts-messages.ts';
import { MOST_AT_ONCE } from './source.ts';
import type { Ranges } from './source.ts';

/** Milliseconds that a file may take; a good one takes a few. */
export const PATIENCE = 15_000;
const MEMORY_MB = 64;

/** Starts that thread. */
export function startFileReader(): Worker {
  return startThread('facts-worker', null, { maxOldGenerationSizeMb: MEMORY_MB });
}

/** The answer, or null when the thread failed or took too long; then it must be stopped. */
export async function askAbout(
  worker: Worker,
  file: Ranges,
  question: Question,
  patience: number,
): Promise<Answer | null> {
  const post = (message: ToThread): void => worker.postMessage(message);
  let timer: NodeJS.Timeout | undefined;
  const listeners = new Map<'message' | 'error' | 'exit', (value: FromThread) => void>();
  try {
    return await new Promise<Answer | null>((resolve) => {
      const take = (message: FromThread): void => {
        if (message.kind !== 'read') resolve(message);
        else
          void rangeOf(file, message.from, message.to)
            .catch(() => null)
            .then((bytes) => post({ kind: 'bytes', bytes }));
      };
      const fail = (): void => resolve(null);
      listeners.set('message', take).set('error', fail).set('exit', fail);
      for (const [name, listener] of listeners) worker.on(name, listener);
      timer = setTimeout(fail, patience);
      post(question);
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
