/** Lets work that is in no hurry go on while other work waits. */

/** See {@link createIdle}. */
export interface Idle {
  /** Resolves when the other work waits for something, at once if it does already. */
  readonly turn: () => Promise<void>;
  /** The other work waits for this. */
  during<Value>(waiting: Promise<Value>): Promise<Value>;
  /** There is no other work any more. */
  end(): void;
}

/** Busy at first. */
export function createIdle(): Idle {
  let busy: PromiseWithResolvers<void> | null = Promise.withResolvers<void>();
  let ended = false;
  function rest(): void {
    busy?.resolve();
    busy = null;
  }
  return {
    turn: () => busy?.promise ?? Promise.resolve(),
    async during(waiting) {
      rest();
      try {
        return await waiting;
      } finally {
        if (!ended) busy ??= Promise.withResolvers<void>();
      }
    },
    end() {
      ended = true;
      rest();
    },
  };
}
