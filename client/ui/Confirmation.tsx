/** A button for what cannot be undone: it asks once, says what will happen, and says so when it did not. */
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
  /** Why it was refused, in words, or null when it is done. */
  readonly onYes: () => Promise<string | null>;
}

export function Confirmation({ label, name, title, text, yes, no, look = 'plain', onYes }: ConfirmationProps) {
  const id = useId();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
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
    setRefusal(null);
    const why = await onYes();
    setBusy(false);
    if (why === null) setAsked(false);
    else setRefusal(why);
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
      {refusal === null ? null : (
        <p className="over" role="alert">
          {refusal}
        </p>
      )}
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
