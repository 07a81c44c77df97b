/** SHA-512 of the payload files while they come out of the archive: small ones at once, large ones in a thread of their own, so that nothing is read again. */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../self.ts';
import type { Sink } from './read-parcel.ts';
import type { HashMessage } from './sha512-worker.ts';

/** Files from this size on are worth a message to the thread. */
const IN_THREAD = 1024 * 1024;

/** A sink that takes the same events as the one that writes, and keeps what it found. */
export interface Sha512Sink extends Sink {
  /** By the path of each file that came whole, in lower-case hex. */
  hashes(): ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Its `settled` waits until the thread has done with every stretch, for the memory of these is used again. */
export function createSha512Sink(): Sha512Sink {
  const hashes = new Map<string, string>();
  /** Files whose hashes the thread owes, in order. */
  const owed: string[] = [];
  let thread: Worker | null = null;
  let inThread = false;
  let small: Hash | null = null;
  let sent = 0;
  let answered = 0;
  let waiting: { readonly count: number; readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  let failure: Error | null = null;

  function start(): Worker {
    const started = startThread('sha512-worker', null);
    started.on('message', (answer: string | null) => {
      answered++;
      if (answer !== null) hashes.set(owed.shift()!, answer);
      for (const { count, resolve } of waiting) if (count <= answered) resolve();
      waiting = waiting.filter(({ count }) => count > answered);
    });
    started.on('error', (error) => {
      failure = error instanceof Error ? error : new Error('worker');
      for (const { reject } of waiting) reject(failure);
    });
    return started;
  }

  function send(message: HashMessage): void {
    thread ??= start();
    if (message !== 'drop') sent++;
    thread.postMessage(message);
  }

  return {
    take(event) {
      const { place, path, size } = event.entry;
      if (place !== 'file' && place !== 'message') return;
      if (event.kind === 'entry') {
        inThread = size >= IN_THREAD;
        small = inThread ? null : createHash('sha512');
      } else if (event.kind === 'data') {
        if (inThread) send(event.bytes);
        else small!.update(event.bytes);
      } else if (!inThread) {
        if (event.complete) hashes.set(path, small!.digest('hex'));
      } else {
        if (event.complete) owed.push(path);
        send(event.complete ? 'end' : 'drop');
      }
    },
    async settled() {
      if (failure !== null) throw failure;
      if (answered === sent) return;
      await new Promise<void>((resolve, reject) => waiting.push({ count: sent, resolve, reject }));
    },
    hashes: () => hashes,
    async close() {
      await thread?.terminate();
    },
  };
}
