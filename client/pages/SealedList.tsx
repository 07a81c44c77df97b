/** What has arrived whole: the day, whether it was collected, and the receipt until it is dismissed. Never what it was. */
import { useState } from 'react';
import { pageOf } from '../choose/groups.ts';
import type { SealedParcel } from '../mailbox/mailbox.ts';
import { dayText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { Confirmation } from '../ui/Confirmation.tsx';
import { Pages } from '../ui/Pages.tsx';
import { ReceiptDetails } from './ReceiptDetails.tsx';
import { useDone } from './use-done.tsx';
import type { Act } from './use-mailbox.ts';

const PAGE = 10;

interface SealedListProps {
  readonly sealed: readonly SealedParcel[];
  /** Isolated. */
  readonly organisation: string;
  readonly act: Act;
}

export function SealedList({ sealed, organisation, act }: SealedListProps) {
  const done = useDone();
  const [page, setPage] = useState(0);
  if (sealed.length === 0 && done.note === null) return null;
  const shown = pageOf(sealed.toReversed(), page, PAGE);
  return (
    <section className="section">
      {sealed.length === 0 ? null : (
        <>
          <h2>{t('sealed.title')}</h2>
          <p className="soft">{t('sealed.lead')}</p>
        </>
      )}
      {done.note}
      <ul className="cards">
        {shown.items.map(({ parcel, day: isoDay, collected, receipt }) => {
          const day = dayText(isoDay);
          return (
            <li key={parcel} className="card">
              <p>
                <strong>
                  {collected ? t('sealed.collected', { day, organisation }) : t('sealed.received', { day })}
                </strong>
              </p>
              {receipt === null ? null : (
                <ReceiptDetails note={receipt} organisation={organisation}>
                  <Button
                    onClick={() =>
                      void done.after(
                        act((mailbox) => mailbox.dismiss(parcel)),
                        t('sealed.dismissed'),
                      )
                    }
                  >
                    {t('sealed.dismiss')}
                  </Button>
                </ReceiptDetails>
              )}
              {collected ? null : (
                <Confirmation
                  look="quiet"
                  label={t('sealed.delete')}
                  name={t('sealed.delete-name', { day })}
                  title={t('sealed.delete-title', { day })}
                  text={t('sealed.delete-text', { organisation })}
                  yes={t('sealed.delete-yes')}
                  onYes={() =>
                    done.after(
                      act((mailbox) => mailbox.withdraw(parcel)),
                      t('sealed.deleted'),
                    )
                  }
                />
              )}
            </li>
          );
        })}
      </ul>
      <Pages of={shown} total={sealed.length} list={t('sealed.title')} onPage={setPage} />
    </section>
  );
}
