/** The end: it has arrived. What that proves, what to do now, and a way out that leaves nothing behind. */
import type { Card } from '../../shared/statements/card.ts';
import type { Arrival } from '../journey.ts';
import { dayText, sizeText } from '../locales/quantities.ts';
import { isolate, t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';
import { NamedFiles } from './NamedFiles.tsx';
import { ReceiptDetails } from './ReceiptDetails.tsx';

interface ReceivedPageProps {
  readonly card: Card;
  readonly arrival: Arrival;
  /** The way back for who came with a codename; null for who did not. */
  readonly onMailbox: (() => void) | null;
  readonly onLeave: () => void;
}

export function ReceivedPage({ card, arrival, onMailbox, onLeave }: ReceivedPageProps) {
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
      {arrival.changed.length === 0 ? null : (
        <NamedFiles
          kind="warning"
          title={t('received.changed', { count: arrival.changed.length, organisation })}
          files={arrival.changed.map((path) => ({ path }))}
        />
      )}
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
        <ReceiptDetails note={arrival.note} organisation={organisation} />
      </section>
      <div className="actions actions-end">
        <Button look="main" onClick={onLeave}>
          {t('received.leave')}
        </Button>
        {onMailbox === null ? null : <Button onClick={onMailbox}>{t('received.mailbox')}</Button>}
      </div>
    </div>
  );
}
