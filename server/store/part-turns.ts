/** Requests on one part take turns within a process: a new one ends the older, which keeps what had arrived (its circuit is likely dead). */

export interface Turn {
  /** Fires when a newer request wants the part. */
  readonly signal: AbortSignal;
  end(): void;
}

export interface PartTurns {
  /** Asks the request that is writing this part, if any, to finish with what it has, and waits for it, at most some seconds. */
  yield(part: string): Promise<void>;
  /** Marks a part as being written. */
  begin(part: string): Turn;
  /** How many parts are being written. */
  count(): number;
  /** Resolves when no part is being written any more: true; or after some seconds, in which it did not come to that: false. */
  settle(): Promise<boolean>;
}

const PATIENCE_MS = 5_000;

/** Turns for all parts of this process. Safety does not rest on them: the compare-and-set in the database does that. */
export function createPartTurns(): PartTurns {
  const running = new Map<string, { stop: AbortController; ended: Promise<void> }>();
  return {
    async yield(part) {
      const current = running.get(part);
      if (current === undefined) return;
      current.stop.abort();
      await patiently(current.ended);
    },
    count: () => running.size,
    settle: () => patiently(Promise.all([...running.values()].map(({ ended }) => ended))),
    begin(part) {
      const stop = new AbortController();
      let finish: () => void = () => undefined;
      const entry = { stop, ended: new Promise<void>((resolve) => (finish = resolve)) };
      running.set(part, entry);
      return {
        signal: stop.signal,
        end() {
          if (running.get(part) === entry) running.delete(part);
          finish();
        },
      };
    },
  };
}

async function patiently(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS, false)));
  const inTime = await Promise.race([work.then(() => true), patience]);
  clearTimeout(timer);
  return inTime;
}
