/** One reply: its words, its files, and what keeps it from being shown. */
import { useId, useState } from 'react';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import { dayText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import type { OpenedReply } from '../mailbox/reply.ts';
import { Button } from '../ui/Button.tsx';
import { Confirmation } from '../ui/Confirmation.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ReplyFiles } from './ReplyFiles.tsx';
import type { ReplyState } from './use-replies.ts';

interface ReplyCardProps {
  readonly opening: ReplyOpening;
  readonly state: ReplyState;
  /** Isolated. */
  readonly organisation: string;
  readonly onOpen: () => void;
  readonly onDelete: () => Promise<void>;
}

export function ReplyCard({ opening: { number, day }, state, organisation, onOpen, onDelete }: ReplyCardProps) {
  return (
    <article className="section">
      <div className="card-head">
        <h3>{t('reply.name', { number, day: dayText(day) })}</h3>
        {state.kind === 'closed' ? (
          <Button aria-label={t('reply.open-name', { number })} onClick={onOpen}>
            {t('reply.open')}
          </Button>
        ) : null}
      </div>
      {state.kind === 'opening' ? <output className="soft">{t('reply.opening')}</output> : null}
      {state.kind === 'open' ? <Content reply={state.reply} organisation={organisation} /> : null}
      {state.kind === 'refused' ? (
        <Notice kind="problem" live title={t('reply.refused-title', { number })}>
          <p>{t(`problem.${state.code}`)}</p>
          <div className="actions">
            <Button onClick={onOpen}>{t('reply.try-again')}</Button>
          </div>
        </Notice>
      ) : null}
      {state.kind === 'open' || state.kind === 'refused' ? (
        <Confirmation
          look="quiet"
          label={t('reply.delete')}
          name={t('reply.delete-name', { number })}
          title={t('reply.delete-title', { number })}
          text={t('reply.delete-text')}
          yes={t('reply.delete-yes')}
          onYes={onDelete}
        />
      ) : null}
    </article>
  );
}

interface ContentProps {
  readonly reply: OpenedReply;
  readonly organisation: string;
}

function Content({ reply, organisation }: ContentProps) {
  return (
    <>
      <p className="small soft">{t('reply.checked', { organisation })}</p>
      {reply.message === null ? <p>{t('reply.no-text')}</p> : <Words text={reply.message.trimEnd()} />}
      {reply.files.length === 0 ? null : <ReplyFiles reply={reply} />}
    </>
  );
}

/** So many characters are shown without being asked for more. */
const LONG = 1500;

function Words({ text }: { readonly text: string }) {
  const id = useId();
  const [all, setAll] = useState(false);
  const long = text.length > LONG;
  const shown = long && !all ? cut(text) : text;
  return (
    <>
      <div className="reply">
        {/* Each paragraph runs the way its own first letters do. */}
        <p id={id} className="reply-text" dir="auto">
          {shown}
        </p>
      </div>
      {long ? (
        <div className="actions">
          <Button aria-expanded={all} aria-controls={id} onClick={() => setAll(!all)}>
            {all ? t('reply.show-less') : t('reply.show-all')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** The beginning, up to a space, never within a character. */
function cut(text: string): string {
  const start = text.slice(0, LONG);
  const space = start.lastIndexOf(' ');
  return `${(space > LONG / 2 ? start.slice(0, space) : start).toWellFormed()} …`;
}
