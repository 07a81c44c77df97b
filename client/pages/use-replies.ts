/** The replies that were opened in this page, kept while it is open: each is fetched and proved once. */
import { useCallback, useState } from 'react';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import type { MailboxSession } from '../mailbox/mailbox-session.ts';
import type { OpenedReply } from '../mailbox/reply.ts';
import { codeOf } from './code-of.ts';

export type ReplyState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly reply: OpenedReply }
  | { readonly kind: 'refused'; readonly code: ProblemCode };

interface Replies {
  readonly stateOf: (parcel: string) => ReplyState;
  readonly open: (opening: ReplyOpening) => Promise<void>;
  /** Lets go of it. */
  readonly drop: (parcel: string) => void;
}

const CLOSED: ReplyState = { kind: 'closed' };

export function useReplies(session: MailboxSession): Replies {
  const [states, setStates] = useState<ReadonlyMap<string, ReplyState>>(new Map());
  const set = useCallback((parcel: string, state: ReplyState) => {
    setStates((before) => new Map(before).set(parcel, state));
  }, []);
  const open = useCallback(
    async (opening: ReplyOpening) => {
      const { parcel } = opening;
      set(parcel, { kind: 'opening' });
      try {
        set(parcel, { kind: 'open', reply: await session.openReply(opening) });
      } catch (error) {
        const code = codeOf(error);
        set(parcel, code === null ? CLOSED : { kind: 'refused', code });
      }
    },
    [session, set],
  );
  return {
    stateOf: (parcel) => states.get(parcel) ?? CLOSED,
    open,
    drop: (parcel) => set(parcel, CLOSED),
  };
}
