/** The left column: one entry a source, with what is new in it. */
import { useId, useState } from 'react';
import type { ConversationSummary } from '../api.ts';
import { dayText, sizeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { piecesOf } from '../plain/odd-characters.ts';
import { Pieces } from '../plain/Pieces.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { RefusalNotice } from '../ui/RefusalNotice.tsx';
import { StateWord } from '../ui/StateWord.tsx';
import { useDebounced } from '../ui/use-debounced.ts';
import { Listbox } from './Listbox.tsx';
import { sourceName } from './source-name.ts';
import { useConversations } from './use-conversations.ts';

interface ConversationListProps {
  readonly current: string | null;
  /** Changes when something was marked or written. */
  readonly round: number;
  readonly onOpen: (id: string) => void;
}

export function ConversationList({ current, round, onOpen }: ConversationListProps) {
  const id = useId();
  const [search, setSearch] = useState('');
  const [unseen, setUnseen] = useState(false);
  const [active, setActive] = useState(0);
  const asked = useDebounced(search.trim(), 200);
  const { known, total, reading, loading, refusal, reach } = useConversations(asked, unseen, round);
  const filtered = asked !== '' || unseen;
  const counted = t('list.count', { count: total });
  return (
    <section className="column column-list" aria-labelledby={`${id}-title`}>
      <div className="column-head">
        <h2 id={`${id}-title`}>{t('list.title')}</h2>
        <input
          type="search"
          className="field"
          aria-label={t('list.search')}
          placeholder={t('list.search')}
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
            setActive(0);
          }}
        />
        <label className="check">
          <input type="checkbox" checked={unseen} onChange={(event) => setUnseen(event.target.checked)} />
          {t('list.unseen')}
        </label>
        <p className="soft small">
          {loading ? t('list.loading') : counted}
          {reading === null ? null : ` · ${t('list.reading', reading)}`}
        </p>
        <LiveText text={loading ? '' : counted} />
      </div>
      {refusal === null ? null : <RefusalNotice refusal={refusal} />}
      {!loading && known.length === 0 && refusal === null ? (
        <p className="empty">{t(filtered ? 'list.none' : 'list.empty')}</p>
      ) : null}
      {known.length === 0 ? null : (
        <Listbox
          label={t('list.title')}
          count={known.length}
          rowHeight={6.75}
          active={Math.min(active, known.length - 1)}
          onActive={setActive}
          isSelected={(index) => known[index]?.id === current}
          keyOf={(index) => known[index]?.id ?? index}
          onOpen={(index) => {
            const chosen = known[index];
            if (chosen !== undefined) onOpen(chosen.id);
          }}
          onReach={reach}
          render={(index) => <Entry conversation={known[index]} />}
        />
      )}
    </section>
  );
}

function Entry({ conversation }: { readonly conversation: ConversationSummary | undefined }) {
  if (conversation === undefined) return null;
  const { id, day, submissions, replies, unseen, bytes, message, state, labels } = conversation;
  return (
    <div className="entry">
      <div className="entry-line">
        <span className="entry-name">{sourceName(id)}</span>
        {unseen > 0 ? <span className="new">{t('list.new', { count: unseen })}</span> : null}
      </div>
      <p className="entry-message">
        {message === null ? (
          <em className="soft">{t('list.no-message')}</em>
        ) : (
          <bdi>
            <Pieces pieces={piecesOf(message, 'name')} />
          </bdi>
        )}
      </p>
      <div className="entry-line small soft">
        <span className="entry-facts">
          {state === 'sealed' ? (
            <span className="visually-hidden">{t('state.sealed')} </span>
          ) : (
            <StateWord state={state} />
          )}
          <span>{dayText(day, 'medium')}</span>
          <span>{sizeText(bytes)}</span>
          {submissions > 1 ? <span>{t('list.submissions', { count: submissions })}</span> : null}
          {replies > 0 ? <span>{t('list.replies', { count: replies })}</span> : null}
        </span>
      </div>
      {labels.length === 0 ? null : (
        <div className="entry-labels">
          {labels.map((label) => (
            <span key={label} className="label">
              <span className="label-text">{label}</span>
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
