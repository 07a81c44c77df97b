/** An unfinished parcel while its files are chosen once more: opened when the screen comes, let go when it goes without having started. */
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { Card } from '../../shared/statements/card.ts';
import type { Unfinished } from '../mailbox/mailbox.ts';
import type { Resumption, ResumptionState } from '../upload/resumption-types.ts';
import { openResumption } from '../upload/submission.ts';
import type { Submission } from '../upload/submission-types.ts';
import { codeOf } from './code-of.ts';
import type { MailboxView } from './use-mailbox.ts';

interface Opened {
  /** Null while it is being opened. */
  readonly resumption: Resumption | null;
  readonly state: ResumptionState | null;
  /** Why it cannot be opened. */
  readonly problem: ProblemCode | null;
  /** Goes on, with what is found. */
  readonly start: () => Submission | null;
}

export function useResumption(
  { keys, session }: NonNullable<MailboxView['signedIn']>,
  card: Card,
  unfinished: Unfinished,
): Opened {
  const [resumption, setResumption] = useState<Resumption | null>(null);
  const [problem, setProblem] = useState<ProblemCode | null>(null);
  const started = useRef(false);
  // What was known when the screen came: a later look at the mailbox must not open it anew.
  const [input] = useState(() => ({ keys, card, unfinished, mailbox: session.mailbox }));
  useEffect(() => {
    let gone = false;
    let opened: Resumption | null = null;
    openResumption(input).then(
      (value) => {
        opened = value;
        if (gone) value.stop();
        else setResumption(value);
      },
      (error: unknown) => {
        if (!gone) setProblem(codeOf(error));
      },
    );
    return () => {
      gone = true;
      if (!started.current) opened?.stop();
    };
  }, [input]);

  const subscribe = useCallback((listener: () => void) => resumption?.subscribe(listener) ?? nothing, [resumption]);
  const state = useSyncExternalStore(subscribe, () => resumption?.state() ?? null);
  return {
    resumption,
    state,
    problem,
    start() {
      if (resumption === null || started.current || !resumption.state().canStart) return null;
      started.current = true;
      return resumption.start();
    },
  };
}

function nothing(): void {}
