/** What was begun and not finished: how far it came, the way on, and the way to take it back. */
import type { Unfinished } from '../mailbox/mailbox.ts';
import { safeBytes } from '../mailbox/safe-bytes.ts';
import { sizeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { Confirmation } from '../ui/Confirmation.tsx';
import { useDone } from './use-done.tsx';
import type { Act } from './use-mailbox.ts';

interface UnfinishedListProps {
  readonly unfinished: readonly Unfinished[];
  /** Isolated. */
  readonly organisation: string;
  readonly act: Act;
  readonly onResume: (parcel: string) => void;
}

export function UnfinishedList({ unfinished, organisation, act, onResume }: UnfinishedListProps) {
  const done = useDone();
  if (unfinished.length === 0 && done.note === null) return null;
  return (
    <section className="section">
      <h2>{t('unfinished.title')}</h2>
      {done.note}
      <ul className="cards">
        {unfinished.map((each) => {
          const { opening, parcel, pages } = each;
          return (
            <li key={parcel} className="card">
              <p>
                <strong>
                  {t('unfinished.text', { safe: sizeText(safeBytes(each)), total: sizeText(opening.size) })}
                </strong>
              </p>
              <p className="soft">{pages > 0 ? t('unfinished.go-on-hint') : t('unfinished.no-list')}</p>
              <div className="actions">
                {pages > 0 ? (
                  <Button look="main" onClick={() => onResume(parcel)}>
                    {t('unfinished.go-on')}
                  </Button>
                ) : null}
                <Confirmation
                  label={t('unfinished.withdraw')}
                  title={t('unfinished.withdraw-title')}
                  text={t('unfinished.withdraw-text', { organisation })}
                  yes={t('unfinished.withdraw-yes')}
                  onYes={() =>
                    done.after(
                      act((mailbox) => mailbox.withdraw(parcel)),
                      t('unfinished.withdrawn'),
                    )
                  }
                />
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
