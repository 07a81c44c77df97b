/** The end: it has arrived. What that proves, what to do now, and a way out that leaves nothing behind. */
import { useState } from 'react';
import type { Card } from '../../shared/statements/card.ts';
import type { Arrival } from '../journey.ts';
import { dayText, sizeText } from '../locales/quantities.ts';
import { isolate, t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';

interface ReceivedPageProps {
  readonly card: Card;
  readonly arrival: Arrival;
  readonly onLeave: () => void;
}

export function ReceivedPage({ card, arrival, onLeave }: ReceivedPageProps) {
  const organisation = isolate(card.organisation);
  const day = dayText(arrival.day);
  return (
    <div className="screen">
      <div>
        <StepTitle>{t('received.title')}</StepTitle>
        <p className="lead">
          {card.demo ? t('received.lead-demo', { day }) : t('received.lead', { organisation, day })}
        </p>
      </div>
      <section className="section">
        <h2>{t('received.next-title')}</h2>
        <ul className="dashes">
          <li>{t('received.next-codename')}</li>
          <li>{t('received.next-files')}</li>
          <li>{t('received.next-close')}</li>
        </ul>
      </section>
      <section className="section">
        <h2>{t('received.proof-title')}</h2>
        <p>{t('received.proof', { size: sizeText(arrival.size) })}</p>
        <details>
          <summary>{t('received.show')}</summary>
          <div className="section">
            <p className="receipt" dir="ltr" translate="no">
              {arrival.note}
            </p>
            <SaveReceipt note={arrival.note} organisation={organisation} />
          </div>
        </details>
      </section>
      <div className="actions actions-end">
        <Button look="main" onClick={onLeave}>
          {t('received.leave')}
        </Button>
      </div>
    </div>
  );
}

function SaveReceipt({ note, organisation }: { readonly note: string; readonly organisation: string }) {
  const [saved, setSaved] = useState(false);
  return (
    <>
      <p className="small">{t('received.save-hint', { organisation })}</p>
      <div className="actions">
        <Button
          onClick={() => {
            saveText('receipt.txt', note);
            setSaved(true);
          }}
        >
          {t('received.save')}
        </Button>
      </div>
      <LiveText text={saved ? t('received.saved') : ''} />
    </>
  );
}

/** Hands a small text to the browser's own way of saving files. */
function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the text by then; the address must not outlive its use.
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
