/** One field of the codename: a combobox (WAI-ARIA 1.2) over the word list, which the browser neither remembers nor completes. */
import { useId, useState } from 'react';
import type { KeyboardEvent, Ref } from 'react';
import { offersFor } from '../codename/entry.ts';
import type { Fault } from '../codename/entry.ts';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';

interface WordFieldProps {
  /** 1 to 7. */
  readonly number: number;
  readonly typed: string;
  readonly fault: Fault | null;
  readonly fieldRef: Ref<HTMLInputElement>;
  /** Text typed or pasted; a trailing space means that the word is finished. */
  readonly onType: (text: string) => void;
  readonly onLeave: () => void;
}

export function WordField({ number, typed, fault, fieldRef, onType, onLeave }: WordFieldProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const offers = open ? offersFor(typed) : [];
  const chosen = offers[at];

  const take = (word: string): void => {
    setOpen(false);
    setAt(-1);
    onType(`${word} `);
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (offers.length === 0) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setAt(at < 0 && step < 0 ? offers.length - 1 : (at + step + offers.length) % offers.length);
    else if (event.key === 'Escape') setOpen(false);
    else if (event.key === 'Enter' && chosen !== undefined) take(chosen);
    else if (event.key === ' ' && typed.length > 2 && offers.length === 1) take(offers[0] ?? typed);
    else return;
    event.preventDefault();
  };

  return (
    <div className="field">
      <label htmlFor={`${id}-field`}>{t('confirm.word', { number })}</label>
      <input
        ref={fieldRef}
        id={`${id}-field`}
        type="text"
        role="combobox"
        value={typed}
        lang="en"
        dir="ltr"
        translate="no"
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="none"
        spellCheck={false}
        data-lpignore="true"
        data-1p-ignore="true"
        aria-expanded={offers.length > 0}
        aria-controls={`${id}-offers`}
        aria-autocomplete="list"
        aria-activedescendant={chosen === undefined ? undefined : `${id}-${chosen}`}
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? undefined : `${id}-fault`}
        onChange={(event) => {
          setOpen(true);
          setAt(-1);
          onType(event.currentTarget.value);
        }}
        onPaste={(event) => {
          // By hand, since browsers differ in what they make of line breaks.
          event.preventDefault();
          setOpen(false);
          onType(`${event.clipboardData.getData('text')} `);
        }}
        onKeyDown={keys}
        onBlur={(event) => {
          setOpen(false);
          // A complaint that appears now would push the button away from under the pointer that is pressing it.
          if (!(event.relatedTarget instanceof HTMLButtonElement)) onLeave();
        }}
      />
      {/* No element of HTML is a list of offers under a field that keeps the focus; ARIA's combobox pattern has these roles. */}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
      <div
        id={`${id}-offers`}
        className="suggestions"
        role="listbox"
        aria-label={t('confirm.suggestions')}
        hidden={offers.length === 0}
      >
        {offers.map((offer, index) => (
          // The keys are the field's (aria-activedescendant): an option only takes the pointer, and no focus.
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={offer}
            id={`${id}-${offer}`}
            className="suggestion"
            role="option"
            aria-selected={index === at}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(offer)}
          >
            {offer}
          </div>
        ))}
      </div>
      {fault === null ? null : (
        <div id={`${id}-fault`} className="field-problem">
          <p>{sentence(fault, number, typed)}</p>
          {fault.kind === 'unlisted' ? (
            <div className="actions actions-tight">
              {fault.near.map((word) => (
                <Button key={word} aria-label={t('confirm.take', { number, word })} onClick={() => take(word)}>
                  {word}
                </Button>
              ))}
            </div>
          ) : null}
        </div>
      )}
    </div>
  );
}

function sentence(fault: Fault, number: number, typed: string): string {
  switch (fault.kind) {
    case 'missing':
      return t('confirm.missing', { number });
    case 'different':
      return t('confirm.different', { number });
    case 'unlisted':
      return fault.near.length === 0
        ? t('confirm.not-listed-far', { word: typed })
        : t('confirm.not-listed', { word: typed });
  }
}
