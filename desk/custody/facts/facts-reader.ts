/** Has the facts of files read in a thread apart, with limits on time and memory; a crash or a hang costs the facts of one file. */
import type { Worker } from 'node:worker_threads';
import { askAbout, PATIENCE, startFileReader } from './ask-thread.ts';
import { noFacts } from './facts.ts';
import type { Facts } from './facts.ts';
import type { Ranges } from './source.ts';

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
      worker ??= startFileReader();
      const answer = await askAbout(worker, file, { kind: 'facts', size: file.size }, patience);
      if (answer?.kind === 'facts') return answer.facts;
      await stop();
      return noFacts('reading it took too long or failed');
    },
    close: stop,
  };
}
