/** Starts the worker that opens replies, when there is a first one to open, and makes it look like the plain work that it does. */
// oxlint-disable-next-line import/default -- the default is made by the build
import openWorkerAddress from './open-worker.ts?worker&url';
import { trustedScript } from '../upload/trusted-script.ts';
import { createCalls } from '../upload/worker-calls.ts';
import type { Calls } from '../upload/worker-calls.ts';
import type { StartReader } from './open-reply.ts';
import type { OpenRequest } from './open-worker.ts';
import type { IndexStep } from './reply-index.ts';

export interface Opener {
  readonly startReader: StartReader;
  /** Ends the worker; what it was asked for ends in a Problem `internal`. */
  end(): void;
}

/** No worker yet. One that breaks takes its replies along; the next reply has a new one. */
export function createOpener(): Opener {
  let running: { readonly worker: Worker; readonly calls: Calls } | null = null;
  let replies = 0;

  function crew(): Calls {
    if (running !== null) return running.calls;
    const worker = new Worker(trustedScript(openWorkerAddress) as string, { type: 'module' });
    const calls = createCalls(worker);
    const started = { worker, calls };
    const broke = (): void => stop(started);
    worker.addEventListener('error', broke);
    worker.addEventListener('messageerror', broke);
    running = started;
    return calls;
  }

  function stop(old: typeof running): void {
    old?.worker.terminate();
    old?.calls.fail();
    if (running === old) running = null;
  }

  return {
    startReader(facts) {
      const { call } = crew();
      const reply = ++replies;
      const ask = <Value>(request: OpenRequest, transfer: readonly ArrayBuffer[]) => call<Value>(request, transfer);
      const begun = ask<null>({ kind: 'begin', reply, facts }, []);
      // Whoever asks for more sees why it failed.
      begun.catch(() => undefined);
      return {
        take: (part, file) => ask<IndexStep>({ kind: 'take', reply, part, file }, [file.buffer]),
        piece: (index, part, file) =>
          ask<Uint8Array<ArrayBuffer> | null>(
            { kind: 'piece', reply, index, part, file },
            file === null ? [] : [file.buffer],
          ),
      };
    },
    end: () => stop(running),
  };
}
