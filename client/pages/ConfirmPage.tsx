/** Entering the codename once more, so that nobody finds out later that a word was written down wrong. */
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import {
  EMPTY_ENTRY,
  enterText,
  faultsAfter,
  faultsOf,
  isOnlyOrder,
  NO_FAULTS,
  spellingFault,
} from '../codename/entry.ts';
import type { Entry, Faults } from '../codename/entry.ts';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { Notice } from '../ui/Notice.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';
import { WordField } from './WordField.tsx';

interface ConfirmPageProps {
  readonly words: readonly string[];
  readonly onConfirmed: () => void;
  readonly onShow: () => void;
}

export function ConfirmPage({ words, onConfirmed, onShow }: ConfirmPageProps) {
  const [entry, setEntry] = useState<Entry>(EMPTY_ENTRY);
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);
  const [asked, setAsked] = useState(false);
  const fields = useRef<(HTMLInputElement | null)[]>([]);
  const wrong = faults.filter((fault) => fault !== null).length;

  const type = (at: number, text: string): void => {
    const result = enterText(entry, at, text);
    setEntry(result.entry);
    setAsked(false);
    setFaults(faultsAfter(faults, entry, result.entry, at, result.next));
    if (result.next !== at) fields.current[result.next]?.focus();
  };
  const leave = (at: number): void => {
    setFaults((now) => now.with(at, now[at] ?? spellingFault(entry[at] ?? '')));
  };
  const check = (event: FormEvent): void => {
    event.preventDefault();
    const found = faultsOf(entry, words);
    setFaults(found);
    setAsked(true);
    const first = found.findIndex((fault) => fault !== null);
    if (first < 0) onConfirmed();
    else fields.current[first]?.focus();
  };
  const summary = isOnlyOrder(entry, words) ? t('confirm.swapped') : t('confirm.problems', { count: wrong });

  return (
    <form className="screen" autoComplete="off" noValidate onSubmit={check}>
      <div>
        <StepTitle>{t('confirm.title')}</StepTitle>
        <p className="lead">{t('confirm.lead')}</p>
      </div>
      <fieldset className="fields">
        <legend className="visually-hidden">{t('codename.label')}</legend>
        {entry.map((typed, index) => (
          <WordField
            // oxlint-disable-next-line react/no-array-index-key -- seven fields that never move
            key={index}
            number={index + 1}
            typed={typed}
            fault={faults[index] ?? null}
            fieldRef={(field) => {
              fields.current[index] = field;
            }}
            onType={(text) => type(index, text)}
            onLeave={() => leave(index)}
          />
        ))}
      </fieldset>
      {asked && wrong > 0 ? <Notice kind="problem" title={summary} /> : null}
      <LiveText text={asked && wrong > 0 ? summary : ''} />
      <div className="actions actions-end">
        <Button look="main" type="submit">
          {t('confirm.send')}
        </Button>
        <Button onClick={onShow}>{t('confirm.show')}</Button>
      </div>
    </form>
  );
}
