/** A button for what cannot be undone: it asks once, and says what will happen. */
import { useEffect, useId, useRef, useState } from 'react';
import { t } from '../locales/text.ts';
import { Button } from './Button.tsx';

interface ConfirmationProps {
  /** On the button that asks. */
  readonly label: string;
  /** The button's name where the label alone does not say what it is about. */
  readonly name?: string;
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no?: string;
  readonly look?: 'plain' | 'quiet' | 'main';
  /** What came of it is said by whoever did it; the question is over then. */
  readonly onYes: () => Promise<void>;
}

export function Confirmation({ label, name, title, text, yes, no, look = 'plain', onYes }: ConfirmationProps) {
  const id = useId();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const question = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked) question.current?.focus();
  }, [asked]);
  const close = (): void => {
    setAsked(false);
    // The button comes back with the next picture; the focus must not be lost meanwhile.
    window.setTimeout(() => opener.current?.querySelector('button')?.focus(), 0);
  };
  const go = async (): Promise<void> => {
    setBusy(true);
    await onYes();
    setBusy(false);
    setAsked(false);
  };

  if (!asked) {
    return (
      <div ref={opener}>
        <Button look={look} aria-label={name} onClick={() => setAsked(true)}>
          {label}
        </Button>
      </div>
    );
  }
  return (
    <div
      ref={question}
      className="notice notice-warning question"
      // No element of HTML is a question in the run of the page; a dialog would be taken out of it.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="group"
      tabIndex={-1}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
    >
      <p id={`${id}-title`} className="notice-title">
        {title}
      </p>
      <p id={`${id}-text`}>{text}</p>
      <div className="actions">
        <Button aria-disabled={busy} onClick={() => (busy ? undefined : void go())}>
          {busy ? t('mailbox.working') : yes}
        </Button>
        <Button aria-disabled={busy} onClick={() => (busy ? undefined : close())}>
          {no ?? t('confirmation.no')}
        </Button>
      </div>
    </div>
  );
}
