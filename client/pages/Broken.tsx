/** Shown in place of the page when it has a fault of its own. */
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';

export function Broken() {
  return (
    <main className="left">
      <StepTitle>{t('broken.title')}</StepTitle>
      <p className="lead">{t('broken.text')}</p>
      <div className="actions">
        <Button look="main" onClick={() => window.location.reload()}>
          {t('card.reload')}
        </Button>
      </div>
    </main>
  );
}
