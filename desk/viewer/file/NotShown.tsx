/** In place of a file that the browser cannot show. */
import { t } from '../locales/text.ts';
import { Notice } from '../ui/Notice.tsx';

export function NotShown() {
  return (
    <div className="show-facts">
      <Notice kind="problem" live>
        <p>{t('file.failed')}</p>
      </Notice>
    </div>
  );
}
