/** One act of the person that asks something of the server: busy while it is under way, refused with words. */
import { useCallback, useState } from 'react';
import type { Refusal } from '../api.ts';
import { Refused } from './requests.ts';

export interface Act {
  readonly busy: boolean;
  readonly refusal: Refusal | null;
  /** Runs it unless it is running; true when it was done. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
}

export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const run = useCallback(async (work: () => Promise<void>) => {
    setBusy(true);
    setRefusal(null);
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof Refused) setRefusal(error.refusal);
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, refusal, run };
}
