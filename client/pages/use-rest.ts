/** Fetches the rest of the page's own code once it is wanted, and tries again by itself over a poor connection. */
import { useEffect, useState } from 'react';

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30_000;

export interface Rest<Value> {
  readonly status: 'here' | 'coming' | 'failing';
  readonly value: Value | null;
}

/** `load` must be the same function each time. */
export function useRest<Value>(wanted: boolean, load: () => Promise<Value>): Rest<Value> {
  const [rest, setRest] = useState<Rest<Value>>({ status: 'coming', value: null });
  useEffect(() => {
    if (!wanted) return undefined;
    let stopped = false;
    let timer: number | undefined;
    const attempt = async (wait: number): Promise<void> => {
      try {
        const value = await load();
        if (!stopped) setRest({ status: 'here', value });
      } catch {
        if (stopped) return;
        setRest({ status: 'failing', value: null });
        timer = window.setTimeout(() => void attempt(Math.min(wait * 2, LONGEST_WAIT)), wait);
      }
    };
    void attempt(FIRST_WAIT);
    return () => {
      stopped = true;
      window.clearTimeout(timer);
    };
  }, [wanted, load]);
  return rest;
}
