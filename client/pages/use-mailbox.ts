/** A mailbox as its pages see it: keys from the words, a session with the server, and what it shows now. */
import { useCallback, useEffect, useState } from 'react';
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { Card } from '../../shared/statements/card.ts';
import type { Mailbox, MailboxLook } from '../mailbox/mailbox.ts';
import { startMailboxSession } from '../mailbox/mailbox-session.ts';
import type { MailboxSession } from '../mailbox/mailbox-session.ts';
import { keysOf } from '../upload/submission.ts';
import type { WorkState } from '../work/solve-work.ts';
import { codeOf } from './code-of.ts';

/** See {@link useMailbox}. */
export interface MailboxView {
  /** Null while the keys are being made. */
  readonly signedIn: { readonly keys: CodenameKeys; readonly session: MailboxSession } | null;
  /** The latest answer; null before the first. */
  readonly look: MailboxLook | null;
  /** True while the server cannot be reached. */
  readonly away: boolean;
  /** While this computer works for its place, when very many want in. */
  readonly work: WorkState | null;
  /** Why the mailbox cannot be shown; null when all is well. */
  readonly problem: ProblemCode | null;
  /** Asks the server again; settles when the answer is on the page. */
  readonly refresh: () => Promise<void>;
  /** Does something to the mailbox, then asks again. Why it was refused, or null. */
  readonly act: Act;
}

export type Act = (what: (mailbox: Mailbox) => Promise<void>) => Promise<ProblemCode | null>;

export function useMailbox(words: readonly string[], card: Card): MailboxView {
  const [signedIn, setSignedIn] = useState<MailboxView['signedIn']>(null);
  const [look, setLook] = useState<MailboxLook | null>(null);
  const [away, setAway] = useState(false);
  const [work, setWork] = useState<WorkState | null>(null);
  const [problem, setProblem] = useState<ProblemCode | null>(null);
  const mailbox = signedIn?.session.mailbox ?? null;

  const ask = useCallback(async (of: Mailbox) => {
    try {
      setLook(await of.look());
      setProblem(null);
    } catch (error) {
      setProblem(codeOf(error));
    }
  }, []);
  useEffect(() => {
    let session: MailboxSession | null = null;
    let gone = false;
    keysOf(words, card.rootKey).then(
      (keys) => {
        if (gone) return;
        session = startMailboxSession({
          keys,
          card,
          onTrouble: (trouble) => setAway(trouble.away),
          onWork: setWork,
        });
        setSignedIn({ keys, session });
        void ask(session.mailbox);
      },
      (error: unknown) => setProblem(codeOf(error) ?? 'internal'),
    );
    return () => {
      gone = true;
      session?.end();
    };
  }, [words, card, ask]);

  const refresh = useCallback(async () => {
    if (mailbox !== null) await ask(mailbox);
  }, [mailbox, ask]);

  const act = useCallback<Act>(
    async (what) => {
      if (mailbox === null) return 'internal';
      let refusal: ProblemCode | null = null;
      try {
        await what(mailbox);
      } catch (error) {
        refusal = codeOf(error);
      }
      await refresh();
      // Gone is gone, whoever did it.
      return refusal === 'parcel-unknown' ? null : refusal;
    },
    [mailbox, refresh],
  );
  return { signedIn, look, away, work, problem, refresh, act };
}
