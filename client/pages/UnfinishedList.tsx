/** What was begun and not finished: how far it came, the way on, and the way to take it back. */
import { useState } from 'react';
import { hasArrived } from '../mailbox/has-arrived.ts';
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
      {unfinished.length === 0 ? null : <h2>{t('unfinished.title')}</h2>}
      {done.note}
      <ul className="cards">
        {unfinished.map((each) => {
          const { parcel, pages } = each;
          const arrived = hasArrived(each);
          return (
            <li key={parcel} className="card">
              <p>
                <strong>{arrived ? t('unfinished.arrived') : howFar(each)}</strong>
              </p>
              <p className="soft">{arrived ? t('unfinished.finish-hint') : hintOf(each)}</p>
              <div className="actions">
                {arrived ? (
                  <Finish
                    onFinish={() =>
                      done.after(
                        act((mailbox) => mailbox.seal(each)),
                        t('unfinished.finished'),
                      )
                    }
                  />
                ) : pages > 0 ? (
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

function howFar(each: Unfinished): string {
  return t('unfinished.text', { safe: sizeText(safeBytes(each)), total: sizeText(each.opening.size) });
}

function hintOf({ pages }: Unfinished): string {
  return pages > 0 ? t('unfinished.go-on-hint') : t('unfinished.no-list');
}

/** The last step of a sending that was broken off just before its end. It can be pressed once at a time. */
function Finish({ onFinish }: { readonly onFinish: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const finish = async (): Promise<void> => {
    setBusy(true);
    await onFinish();
    setBusy(false);
  };
  return (
    <Button look="main" aria-disabled={busy} onClick={() => (busy ? undefined : void finish())}>
      {busy ? t('mailbox.working') : t('unfinished.finish')}
    </Button>
  );
}
