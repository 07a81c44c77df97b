/** The files of one submission: search, order, list or pictures, what is chosen, and the way to export that. */
import { useDeferredValue, useId, useMemo, useState } from 'react';
import type { FileView, SubmissionView } from '../api.ts';
import { Listbox } from '../list/Listbox.tsx';
import { dayText, percentText, sizeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { RefusalNotice } from '../ui/RefusalNotice.tsx';
import { SignButton } from '../ui/SignButton.tsx';
import { useDebounced } from '../ui/use-debounced.ts';
import { FileRow, FileTile } from './FileEntries.tsx';
import { ORDERS, pickFiles } from './sort-files.ts';
import type { FilesState } from './use-files-state.ts';
import { MOST_LISTED, useFiles } from './use-files.ts';

interface FilesPaneProps {
  readonly submission: SubmissionView;
  /** Search, order and choice, kept while a file is open. */
  readonly state: FilesState;
  readonly onOpen: (files: readonly FileView[], at: number) => void;
  readonly onExport: (files: readonly FileView[]) => void;
  readonly onClose: () => void;
}

export function FilesPane({ submission, state, onOpen, onExport, onClose }: FilesPaneProps) {
  const id = useId();
  const { search, order, look, chosen, active } = state;
  const [many, setMany] = useState(false);
  const [entered, setEntered] = useState(true);
  const asked = useDebounced(search.trim(), 250);
  const { files, total, reading, cut, complete, refusal } = useFiles(submission.parcel, many ? asked : '');
  if (!many && total > MOST_LISTED) setMany(true);
  const wanted = useDeferredValue(search);
  const shown = useMemo(() => pickFiles(files, wanted, order), [files, wanted, order]);
  const picked = useMemo(() => files.filter(({ index }) => chosen.has(index)), [files, chosen]);
  const counted =
    shown.length === files.length
      ? t('files.count', { count: files.length })
      : t('files.count-of', { shown: shown.length, count: files.length });
  const toggle = (index: number): void => {
    const file = shown[index];
    if (file !== undefined) state.toggle(file.index);
  };
  const entry = (index: number) => {
    const file = shown[index];
    if (file === undefined) return null;
    const props = { file, chosen: chosen.has(file.index), onToggle: () => state.toggle(file.index) };
    return look === 'list' ? <FileRow {...props} /> : <FileTile {...props} />;
  };

  return (
    <section className="column column-files" aria-labelledby={`${id}-title`}>
      <div className="column-head">
        <div className="title-line">
          <SignButton sign="back" name={t('app.back')} onClick={onClose} />
          <h2 id={`${id}-title`} tabIndex={-1} className="grow">
            {t('files.of', { day: dayText(submission.received ?? submission.begun) })}
          </h2>
        </div>
        <div className="tools">
          <input
            type="search"
            className="field grow"
            aria-label={t('files.search')}
            placeholder={t('files.search')}
            value={search}
            onChange={(event) => {
              setEntered(false);
              state.setSearch(event.target.value);
            }}
          />
          <select
            className="field"
            aria-label={t('files.sort')}
            value={order}
            onChange={(event) => state.setOrder(ORDERS.find((each) => each === event.target.value) ?? 'archive')}
          >
            {ORDERS.map((each) => (
              <option key={each} value={each}>
                {t(`files.sort-${each}`)}
              </option>
            ))}
          </select>
          <div className="segments" role="group" aria-label={t('files.view')}>
            {(['list', 'grid'] as const).map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={look === each}
                onClick={() => {
                  setEntered(false);
                  state.setLook(each);
                }}
              >
                {t(`files.as-${each}`)}
              </button>
            ))}
          </div>
        </div>
        <div className="tools small soft">
          <p className="grow">
            {complete || files.length > 0 ? counted : t('files.loading')}
            {reading === null
              ? null
              : ` · ${t('files.reading', { percent: percentText(reading.done, reading.total) })}`}
            {many ? ` · ${t('files.too-many', { count: MOST_LISTED })}` : null}
          </p>
          {cut === null ? null : <p>{cut}</p>}
          <LiveText text={complete ? counted : ''} />
        </div>
        {picked.length === 0 ? null : (
          <div className="tools chosen-bar">
            <p className="grow">
              {t('files.chosen', {
                count: picked.length,
                size: sizeText(picked.reduce((sum, { size }) => sum + size, 0)),
              })}
            </p>
            <Button look="main" onClick={() => onExport(picked)}>
              {t('work.export-some', { count: picked.length })}
            </Button>
            <Button onClick={state.chooseNone}>{t('files.choose-none')}</Button>
          </div>
        )}
        <p id={`${id}-how`} className="visually-hidden">
          {t('files.how')}
        </p>
      </div>
      {refusal === null ? null : <RefusalNotice refusal={refusal} />}
      {complete && refusal === null && shown.length === 0 ? (
        <p className="empty">{t(emptyWords(files.length, submission.state))}</p>
      ) : null}
      {shown.length === 0 ? null : (
        <Listbox
          key={look}
          takesFocus={entered}
          label={t('files.title')}
          describedBy={`${id}-how`}
          count={shown.length}
          rowHeight={look === 'list' ? 2.75 : 11.5}
          {...(look === 'grid' ? { columnWidth: 10 } : {})}
          active={Math.min(active, shown.length - 1)}
          onActive={state.setActive}
          isSelected={(index) => chosen.has(shown[index]?.index ?? -1)}
          keyOf={(index) => shown[index]?.index ?? index}
          render={entry}
          onOpen={(index) => onOpen(shown, index)}
          onToggle={toggle}
          onAll={() => state.choose(shown.map(({ index }) => index))}
        />
      )}
    </section>
  );
}

function emptyWords(known: number, state: SubmissionView['state']) {
  if (known > 0) return 'files.none';
  return state === 'unfinished' ? 'files.empty-unfinished' : 'files.empty';
}
