/** The organisation as the pages see it: asked for once, and again by itself for as long as the server is away. */
import { useEffect, useState } from 'react';
import { askOrganisation } from '../organisation.ts';
import type { Organisation } from '../organisation.ts';

const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60_000;

/** `asked` is raised to have the card fetched anew; the one at hand stays until the new answer is there. */
export function useOrganisation(asked: number): Organisation {
  const [organisation, setOrganisation] = useState<Organisation>({ kind: 'loading' });
  useEffect(() => {
    const stop = new AbortController();
    let wait = FIRST_WAIT;
    let timer: number | undefined;
    const ask = async (): Promise<void> => {
      window.clearTimeout(timer);
      const answer = await askOrganisation({
        fetch: window.fetch.bind(window),
        now: () => new Date(),
        rootKey: import.meta.env.POSTERN_ROOT_KEY,
        secure: window.isSecureContext && Boolean(window.crypto.subtle),
        signal: stop.signal,
      });
      if (stop.signal.aborted) return;
      setOrganisation((before) => (answer.kind === 'unreachable' && before.kind === 'ready' ? before : answer));
      if (answer.kind !== 'unreachable') return;
      timer = window.setTimeout(() => void ask(), wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
    void ask();
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [asked]);
  return organisation;
}
