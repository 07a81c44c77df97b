/** The server's no, in its own words, with its hint and a way to try again. */
import type { Refusal } from '../api.ts';
import { t } from '../locales/text.ts';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

interface RefusalNoticeProps {
  readonly refusal: Refusal;
  readonly onAgain?: () => void;
}

export function RefusalNotice({ refusal, onAgain }: RefusalNoticeProps) {
  return (
    <Notice kind="problem" title={t('app.refused-title')} live>
      <p>{refusal.sentence}</p>
      {refusal.hint === null ? null : <p>{refusal.hint}</p>}
      {onAgain === undefined ? null : (
        <div className="actions">
          <Button onClick={onAgain}>{t('app.again')}</Button>
        </div>
      )}
    </Notice>
  );
}
