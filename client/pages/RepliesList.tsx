/** The replies, newest first. The newest few are opened by themselves; the others wait until they are asked for. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { pageOf } from '../choose/groups.ts';
import { t } from '../locales/text.ts';
import type { MailboxLook } from '../mailbox/mailbox.ts';
import type { MailboxSession } from '../mailbox/mailbox-session.ts';
import { Notice } from '../ui/Notice.tsx';
import { Pages } from '../ui/Pages.tsx';
import { ReplyCard } from './ReplyCard.tsx';
import { useDone } from './use-done.tsx';
import type { Act } from './use-mailbox.ts';
import { useReplies } from './use-replies.ts';

/** Replies shown at once, and opened without being asked: a slow circuit must not carry what nobody reads. */
const PAGE = 10;
const BY_ITSELF = 3;

interface RepliesListProps {
  readonly look: MailboxLook;
  readonly session: MailboxSession;
  /** Isolated. */
  readonly organisation: string;
  readonly act: Act;
}

export function RepliesList({ look, session, organisation, act }: RepliesListProps) {
  const { replies, refused } = look;
  const done = useDone();
  const { stateOf, open, drop } = useReplies(session);
  const [page, setPage] = useState(0);
  const section = useRef<HTMLElement>(null);
  const newest = useMemo(() => replies.toReversed(), [replies]);
  const [asked] = useState(() => new Set<string>());
  useEffect(() => {
    for (const opening of newest.slice(0, BY_ITSELF)) {
      if (asked.has(opening.parcel)) continue;
      asked.add(opening.parcel);
      void open(opening);
    }
  }, [newest, asked, open]);
  if (replies.length + refused === 0 && done.note === null) return null;
  const turn = (to: number): void => {
    setPage(to);
    // The next page is read from its beginning.
    section.current?.scrollIntoView();
  };
  const shown = pageOf(newest, page, PAGE);
  return (
    <section ref={section} className="section">
      {replies.length + refused === 0 ? null : <h2>{t('reply.title', { count: replies.length })}</h2>}
      {replies.length === 0 ? null : <p className="soft">{t('reply.lead', { organisation })}</p>}
      {refused === 0 ? null : (
        <Notice kind="problem">
          <p>{t('reply.not-shown', { count: refused, organisation })}</p>
        </Notice>
      )}
      {done.note}
      <ul className="cards" aria-label={t('reply.list-label')}>
        {shown.items.map((opening) => (
          <li key={opening.parcel} className="card">
            <ReplyCard
              opening={opening}
              state={stateOf(opening.parcel)}
              organisation={organisation}
              onOpen={() => void open(opening)}
              onDelete={() =>
                done.after(
                  act(async (mailbox) => {
                    await mailbox.deleteReply(opening.parcel);
                    drop(opening.parcel);
                  }),
                  t('reply.deleted', { number: opening.number }),
                )
              }
            />
          </li>
        ))}
      </ul>
      <Pages of={shown} total={newest.length} list={t('reply.list-label')} onPage={turn} />
    </section>
  );
}
