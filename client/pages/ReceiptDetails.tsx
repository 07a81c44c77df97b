/** A receipt, folded away until it is asked for, and the way to save it with a word on what that leaves behind. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { saveBlob } from './save-blob.ts';

interface ReceiptDetailsProps {
  readonly note: string;
  /** Isolated. */
  readonly organisation: string;
  /** Further acts beside saving. */
  readonly children?: ReactNode;
}

export function ReceiptDetails({ note, organisation, children }: ReceiptDetailsProps) {
  const [saved, setSaved] = useState(false);
  return (
    <details>
      <summary>{t('received.show')}</summary>
      <div className="section">
        <p className="receipt" dir="ltr" translate="no">
          {note}
        </p>
        <p className="small">{t('received.save-hint', { organisation })}</p>
        <div className="actions">
          <Button
            onClick={() => {
              saveBlob('receipt.txt', new Blob([note], { type: 'text/plain;charset=utf-8' }));
              setSaved(true);
            }}
          >
            {t('received.save')}
          </Button>
          {children}
        </div>
        <LiveText text={saved ? t('received.saved') : ''} />
      </div>
    </details>
  );
}
