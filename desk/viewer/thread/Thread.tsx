/** One conversation: what the source sent and what we answered, in order, with the work that can be done on it. */
import { useEffect, useId, useRef } from 'react';
import type { ConversationView, SubmissionState } from '../api.ts';
import { UNPROVED, shortName } from '../list/source-name.ts';
import { t } from '../locales/text.ts';
import type { Loaded } from '../ask/use-loaded.ts';
import { RefusalNotice } from '../ui/RefusalNotice.tsx';
import { SignButton } from '../ui/SignButton.tsx';
import { ReplyEntry } from './ReplyEntry.tsx';
import { SubmissionEntry } from './SubmissionEntry.tsx';
import type { ThreadActs } from './thread-acts.ts';

interface ThreadProps {
  readonly id: string;
  readonly loaded: Loaded<ConversationView>;
  /** By parcel. */
  readonly found: ReadonlyMap<string, SubmissionState>;
  readonly canReply: boolean;
  readonly whyNot: string | null;
  readonly acts: ThreadActs;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

export function Thread({ id, loaded, found, canReply, whyNot, acts, onAgain, onClose }: ThreadProps) {
  const title = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  useEffect(() => title.current?.focus(), [id]);
  return (
    <section className="column column-thread" aria-labelledby={titleId}>
      <div className="column-head">
        <div className="title-line">
          <SignButton sign="back" name={t('app.back')} onClick={onClose} />
          <h2 ref={title} id={titleId} tabIndex={-1} className="grow">
            {id === UNPROVED ? t('thread.title-unproved') : t('thread.title', { name: shortName(id) })}
          </h2>
        </div>
        {id === UNPROVED ? null : (
          <details className="small">
            <summary>{t('thread.key')}</summary>
            <p className="mono">{id}</p>
            <p className="soft">{t('thread.key-what')}</p>
          </details>
        )}
        {whyNot === null ? null : <p className="small soft">{whyNot}</p>}
      </div>
      {/* It scrolls, so keys must be able to reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroll" tabIndex={0} role="group" aria-labelledby={titleId}>
        <Entries loaded={loaded} found={found} canReply={canReply && id !== UNPROVED} acts={acts} onAgain={onAgain} />
      </div>
    </section>
  );
}

function Entries({
  loaded,
  found,
  canReply,
  acts,
  onAgain,
}: Pick<ThreadProps, 'loaded' | 'found' | 'canReply' | 'acts' | 'onAgain'>) {
  if (loaded.state === 'loading') return <p className="empty">{t('thread.loading')}</p>;
  if (loaded.state === 'refused') return <RefusalNotice refusal={loaded.refusal} onAgain={onAgain} />;
  const { entries, more = 0 } = loaded.value;
  if (entries.length === 0) return <p className="empty">{t('thread.empty')}</p>;
  return (
    <>
      <ol className="entries">
        {entries.map((entry) => (
          <li key={entry.kind === 'reply' ? `reply ${entry.reply.number}` : entry.submission.parcel}>
            {entry.kind === 'reply' ? (
              <ReplyEntry reply={entry.reply} />
            ) : (
              <SubmissionEntry
                submission={entry.submission}
                found={found.get(entry.submission.parcel) ?? null}
                canReply={canReply}
                acts={acts}
              />
            )}
          </li>
        ))}
      </ol>
      {more === 0 ? null : <p className="empty">{t('thread.more', { count: more })}</p>}
    </>
  );
}
