/** Has a worker open replies, from the first one on, and makes it look like the plain work that it does. */
import { createCalls } from '../upload/worker-calls.ts';
import type { Border, Calls } from '../upload/worker-calls.ts';
import type { StartReader } from './open-reply.ts';
import type { OpenRequest } from './open-worker.ts';
import type { IndexStep } from './reply-index.ts';

/** As much of a Worker as is used. */
export interface OpenWorker extends Border {
  addEventListener(type: 'error' | 'messageerror', listener: () => void): void;
  terminate(): void;
}

export interface OpenerInput {
  readonly start: () => OpenWorker;
  /** Waits before the next worker is tried, after so many that did not come. */
  readonly rest: (attempts: number) => Promise<void>;
}

export interface Opener {
  readonly startReader: StartReader;
  /** Ends the worker; what it was asked for rejects with an AbortError. */
  end(): void;
}

interface Crew {
  readonly worker: OpenWorker;
  readonly calls: Calls;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** A worker's scripts come over the same link as all else, so that it may take several tries to start one. */
const TRIES = 6;

/** No worker yet. One that breaks takes its replies along; the next reply has a new one. */
export function createOpener({ start, rest }: OpenerInput): Opener {
  let running: Crew | null = null;
  let ended = false;
  let replies = 0;

  function launch(): Crew {
    const worker = start();
    const crew = { worker, calls: createCalls(worker) };
    worker.addEventListener('error', () => stop(crew));
    worker.addEventListener('messageerror', () => stop(crew));
    return crew;
  }

  function stop(crew: Crew): void {
    crew.worker.terminate();
    crew.calls.fail();
    if (running === crew) running = null;
  }

  async function ask<Value>({ calls }: Crew, request: OpenRequest, transfer: readonly ArrayBuffer[]): Promise<Value> {
    try {
      return await calls.call<Value>(request, transfer);
    } catch (error) {
      throw ended ? aborted() : error;
    }
  }

  async function begin(request: OpenRequest): Promise<Crew> {
    for (let attempts = 1; ; attempts++) {
      if (ended) throw aborted();
      running ??= launch();
      const crew = running;
      try {
        await ask(crew, request, []);
        return crew;
      } catch (error) {
        stop(crew);
        if (ended || attempts === TRIES) throw error;
        await rest(attempts);
      }
    }
  }

  return {
    async startReader(facts) {
      const reply = ++replies;
      const crew = await begin({ kind: 'begin', reply, facts });
      return {
        take: (part, file) => ask<IndexStep>(crew, { kind: 'take', reply, part, file }, [file.buffer]),
        piece: (index, part, file) =>
          ask<Bytes | null>(crew, { kind: 'piece', reply, index, part, file }, file === null ? [] : [file.buffer]),
      };
    },
    end() {
      ended = true;
      if (running !== null) stop(running);
    },
  };
}

function aborted(): DOMException {
  return new DOMException('The mailbox was left.', 'AbortError');
}
