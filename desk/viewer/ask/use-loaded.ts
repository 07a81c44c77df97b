/** Something asked of the server for a component: loading, there, or refused with words, and a way to ask again. */
import { useCallback, useEffect, useState } from 'react';
import type { Refusal } from '../api.ts';
import { Refused } from './requests.ts';

export type Loaded<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'refused'; readonly refusal: Refusal };

/**
 * `load` is asked anew whenever it changes (wrap it in `useCallback`); where it gives null there is nothing to ask; what was there stays
 * while the same is asked again.
 */
export function useLoaded<Value>(
  load: (signal: AbortSignal) => Promise<Value> | null,
): readonly [Loaded<Value>, () => void] {
  const [held, setHeld] = useState<{ readonly of: unknown; readonly loaded: Loaded<Value> } | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const hold = (loaded: Loaded<Value>): void => {
      if (!stop.signal.aborted) setHeld({ of: load, loaded });
    };
    load(stop.signal)?.then(
      (value) => hold({ state: 'ready', value }),
      (error: unknown) => {
        // Silence is told once, for the whole page.
        if (error instanceof Refused) hold({ state: 'refused', refusal: error.refusal });
      },
    );
    return () => stop.abort();
  }, [load, round]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return [held?.of === load ? held.loaded : { state: 'loading' }, again];
}
