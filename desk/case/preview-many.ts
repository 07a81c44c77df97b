/** Looks into very many parcels on all cores: most of the time goes into the key agreement of each first part. */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { Failure } from '../failure.ts';
import { startThread } from '../self.ts';
import { createFindings } from './findings.ts';
import type { Preview } from './preview.ts';
import type { PreviewAnswer, PreviewWorkerData } from './preview-messages.ts';

/** More than this many wait for the disk. */
const MOST_THREADS = 4;
/** Parcels that a thread has at hand, so that it need not wait for the main one. */
const AHEAD = 8;

/** Previews in the order of `parcels`; `done` hears how many there are so far. */
export async function previewMany(
  parcels: readonly string[],
  data: PreviewWorkerData,
  done: (count: number) => void,
): Promise<readonly Preview[]> {
  const found = new Map<string, Preview>();
  const rest = parcels[Symbol.iterator]();
  const threads: Worker[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const give = (thread: Worker): void => {
        const next = rest.next();
        if (next.done !== true) thread.postMessage(next.value);
      };
      const take = (thread: Worker, answer: PreviewAnswer): void => {
        if ('failure' in answer) {
          reject(new Failure(answer.failure.code, answer.failure.values));
          return;
        }
        const { list, counts } = answer.preview.findings;
        found.set(answer.parcel, { ...answer.preview, findings: createFindings(list, counts) });
        done(found.size);
        if (found.size === parcels.length) resolve();
        else give(thread);
      };
      for (let i = 0; i < Math.min(MOST_THREADS, availableParallelism()); i++) {
        const thread = startThread('preview-worker', data);
        threads.push(thread);
        thread.on('message', (answer: PreviewAnswer) => take(thread, answer));
        thread.on('error', reject);
        for (let ahead = 0; ahead < AHEAD; ahead++) give(thread);
      }
    });
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  return parcels.map((parcel) => found.get(parcel)!);
}
