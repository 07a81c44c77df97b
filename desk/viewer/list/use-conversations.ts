/** The conversations of the bundle, page after page as far as somebody has scrolled. */
import { useCallback, useEffect, useState } from 'react';
import type { ConversationPage, ConversationSummary, Refusal } from '../api.ts';
import { conversationsPath } from '../ask/paths.ts';
import { Refused, read } from '../ask/requests.ts';

const AHEAD = 50;

export interface Conversations {
  readonly known: readonly ConversationSummary[];
  readonly total: number;
  readonly loading: boolean;
  readonly refusal: Refusal | null;
  /** Asks for more once this entry is in sight. */
  readonly reach: (index: number) => void;
}

interface Held {
  /** What was asked for. */
  readonly of: string;
  readonly known: readonly ConversationSummary[];
  readonly total: number;
  readonly refusal: Refusal | null;
}

/** `round` changes when all should be asked anew; what is there stays until the answer. */
export function useConversations(search: string, unseen: boolean, round: number): Conversations {
  const of = `${search} ${unseen}`;
  const [held, setHeld] = useState<Held | null>(null);
  const [wanted, setWanted] = useState({ of, least: 1 });
  const least = wanted.of === of ? wanted.least : 1;
  useEffect(() => {
    const stop = new AbortController();
    atLeast(least, search, unseen, stop.signal).then(
      (found) => setHeld({ of, ...found, refusal: null }),
      (error: unknown) => {
        if (error instanceof Refused) setHeld({ of, known: [], total: 0, refusal: error.refusal });
      },
    );
    return () => stop.abort();
  }, [of, search, unseen, round, least]);

  const now = held?.of === of ? held : null;
  const known = now?.known.length ?? 0;
  const total = now?.total ?? 0;
  const reach = useCallback(
    (index: number) => {
      if (known < total && index >= known - AHEAD) setWanted({ of, least: known + 1 });
    },
    [of, known, total],
  );
  return { known: now?.known ?? [], total, loading: now === null, refusal: now?.refusal ?? null, reach };
}

async function atLeast(least: number, search: string, unseen: boolean, signal: AbortSignal) {
  const known: ConversationSummary[] = [];
  for (let after: string | null = null; ;) {
    const page: ConversationPage = await read<ConversationPage>(conversationsPath(after, search, unseen), signal);
    known.push(...page.conversations);
    after = page.next;
    if (after === null || known.length >= least) return { known, total: page.total };
  }
}
