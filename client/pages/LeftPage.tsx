/** After leaving: nothing of what was here is left in the page. */
import { t } from '../locales/text.ts';
import { StepTitle } from '../ui/StepTitle.tsx';

export function LeftPage() {
  return (
    <main className="left">
      <StepTitle>{t('leave.left-title')}</StepTitle>
      <p className="lead">{t('leave.left-text')}</p>
    </main>
  );
}
