/** The conversations of the bundle, page after page as far as somebody has scrolled. */
import { useCallback, useEffect, useState } from 'react';
import type { ConversationPage, ConversationSummary, Refusal } from '../api.ts';
import { conversationsPath } from '../ask/paths.ts';
import { Refused, read } from '../ask/requests.ts';

const AHEAD = 50;
/** Between two looks while the desk itself is still looking through the bundle. */
const WAIT_MS = 700;

export interface Conversations {
  readonly known: readonly ConversationSummary[];
  readonly total: number;
  /** While the desk is still looking through the bundle: parcels. */
  readonly reading: Reading;
  readonly loading: boolean;
  readonly refusal: Refusal | null;
  /** Asks for more once this entry is in sight. */
  readonly reach: (index: number) => void;
}

type Reading = { readonly done: number; readonly total: number } | null;

interface Held {
  /** What was asked for. */
  readonly of: string;
  readonly known: readonly ConversationSummary[];
  readonly total: number;
  readonly reading: Reading;
  readonly refusal: Refusal | null;
}

/** `round` changes when all should be asked anew; what is there stays until the answer. */
export function useConversations(search: string, unseen: boolean, round: number): Conversations {
  const of = `${search} ${unseen}`;
  const [held, setHeld] = useState<Held | null>(null);
  const [looks, setLooks] = useState(0);
  const [wanted, setWanted] = useState({ of, least: 1 });
  const least = wanted.of === of ? wanted.least : 1;
  useEffect(() => {
    const stop = new AbortController();
    atLeast(least, search, unseen, stop.signal).then(
      (found) => setHeld({ of, ...found, refusal: null }),
      (error: unknown) => {
        if (error instanceof Refused) setHeld({ of, known: [], total: 0, reading: null, refusal: error.refusal });
      },
    );
    return () => stop.abort();
  }, [of, search, unseen, round, least, looks]);

  useEffect(() => {
    if ((held?.reading ?? null) === null) return;
    const timer = setTimeout(() => setLooks((before) => before + 1), WAIT_MS);
    return () => clearTimeout(timer);
  }, [held]);

  const now = held?.of === of ? held : null;
  const known = now?.known.length ?? 0;
  const total = now?.total ?? 0;
  const reach = useCallback(
    (index: number) => {
      if (known < total && index >= known - AHEAD) setWanted({ of, least: known + 1 });
    },
    [of, known, total],
  );
  return {
    known: now?.known ?? [],
    total,
    reading: now?.reading ?? null,
    loading: now === null,
    refusal: now?.refusal ?? null,
    reach,
  };
}

async function atLeast(least: number, search: string, unseen: boolean, signal: AbortSignal) {
  const known: ConversationSummary[] = [];
  for (let after: string | null = null; ;) {
    const page: ConversationPage = await read<ConversationPage>(conversationsPath(after, search, unseen), signal);
    known.push(...page.conversations);
    after = page.next;
    if (after === null || known.length >= least) return { known, total: page.total, reading: page.reading ?? null };
  }
}
