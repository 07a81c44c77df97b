/** Whether requests may go out: opened and shut by the person, opened for good by nobody, shut for good by the end. */
import type { Clock } from './clock.ts';

/** See {@link createGate}. */
export interface Gate {
  /** Waits until requests may go out. The signal is aborted at the next pause or at the end. Rejects with an AbortError after `end`. */
  pass(): Promise<AbortSignal>;
  /** Waits so long, or until somebody calls `wake`, `pause` or `end`. */
  rest(milliseconds: number): Promise<void>;
  pause(): void;
  resume(): void;
  /** Something changed for the better (the link is back): resting is over. */
  readonly wake: () => void;
  readonly end: () => void;
  /** Aborted at the end. */
  readonly ended: AbortSignal;
}

/** Open at first. */
export function createGate(clock: Clock): Gate {
  const end = new AbortController();
  let run = new AbortController();
  let rests = new AbortController();
  let opened: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;

  function wake(): void {
    rests.abort();
    rests = new AbortController();
  }

  return {
    ended: end.signal,
    async pass() {
      while (opened !== null) await opened.promise;
      end.signal.throwIfAborted();
      return run.signal;
    },
    rest: (milliseconds) => clock.sleep(milliseconds, rests.signal),
    pause() {
      if (opened !== null || end.signal.aborted) return;
      opened = Promise.withResolvers<void>();
      run.abort();
      run = new AbortController();
      wake();
    },
    resume() {
      opened?.resolve();
      opened = null;
    },
    wake,
    end() {
      end.abort();
      run.abort();
      wake();
      opened?.resolve();
      opened = null;
    },
  };
}
