/** What staff put to a submission: seen, labels, a note. Each change is in the encrypted case file before it shows here. */
import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import type { Marks, MarksChange } from '../api.ts';
import { t } from '../locales/text.ts';
import { parcelPath } from '../ask/paths.ts';
import { send } from '../ask/requests.ts';
import { useAct } from '../ask/use-act.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { RefusalNotice } from '../ui/RefusalNotice.tsx';
import { Sign } from '../ui/Sign.tsx';

interface MarksPanelProps {
  readonly parcel: string;
  readonly marks: Marks;
  readonly onChanged: () => void;
}

export function MarksPanel({ parcel, marks: first, onChanged }: MarksPanelProps) {
  const id = useId();
  const [marks, setMarks] = useState(first);
  const [label, setLabel] = useState('');
  const [note, setNote] = useState(first.note);
  const [saved, setSaved] = useState(false);
  const { busy, refusal, run } = useAct();
  const change = async (part: MarksChange): Promise<void> => {
    setSaved(false);
    const done = await run(async () => setMarks(await send<Marks>(parcelPath(parcel, 'marks'), part)));
    if (!done) return;
    setSaved(true);
    onChanged();
  };
  const add = (event: FormEvent): void => {
    event.preventDefault();
    const text = label.trim();
    if (text === '' || busy) return;
    setLabel('');
    if (!marks.labels.includes(text)) void change({ labels: [...marks.labels, text] });
  };
  return (
    <div className="marks">
      <div className="actions">
        <Button look="quiet" aria-pressed={marks.seen} onClick={() => void change({ seen: !marks.seen })}>
          {t(marks.seen ? 'marks.unsee' : 'marks.see')}
        </Button>
        {marks.seen ? <span className="small soft">{t('marks.seen')}</span> : null}
        <ul className="labels" aria-label={t('marks.labels')}>
          {marks.labels.map((each) => (
            <li key={each} className="label">
              <span className="label-text">{each}</span>
              <button
                type="button"
                className="label-remove"
                aria-label={t('marks.remove-label', { label: each })}
                onClick={() => void change({ labels: marks.labels.filter((other) => other !== each) })}
              >
                <Sign name="close" />
              </button>
            </li>
          ))}
        </ul>
      </div>
      {refusal === null ? null : <RefusalNotice refusal={refusal} />}
      <details>
        <summary className="small">{t('marks.open')}</summary>
        <form className="tools" onSubmit={add}>
          <input
            className="field grow"
            aria-label={t('marks.add-label')}
            placeholder={t('marks.add-label')}
            maxLength={60}
            value={label}
            onChange={(event) => setLabel(event.target.value)}
          />
          <Button type="submit">{t('marks.add')}</Button>
        </form>
        <div className="stack">
          <label htmlFor={`${id}-note`}>{t('marks.note')}</label>
          <textarea
            id={`${id}-note`}
            className="field"
            rows={3}
            aria-describedby={`${id}-what`}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <p id={`${id}-what`} className="small soft">
            {t('marks.note-what')}
          </p>
          <div className="actions">
            <Button
              aria-disabled={busy || note === marks.note}
              onClick={() => (note === marks.note ? undefined : void change({ note }))}
            >
              {t('marks.save-note')}
            </Button>
            {saved && note === marks.note ? <span className="small soft">{t('marks.saved')}</span> : null}
          </div>
        </div>
      </details>
      <LiveText text={saved ? t('marks.saved') : ''} />
    </div>
  );
}
