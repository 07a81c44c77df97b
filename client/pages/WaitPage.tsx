/** Shown to who comes with a codename while the page's own code is still being fetched. */
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';

interface WaitPageProps {
  readonly failing: boolean;
  readonly onBack: () => void;
}

export function WaitPage({ failing, onBack }: WaitPageProps) {
  const text = failing ? t('wait.failing') : t('wait.coming');
  return (
    <div className="screen">
      <div>
        <StepTitle>{t('wait.title')}</StepTitle>
        <p className="lead">{text}</p>
      </div>
      <LiveText text={text} />
      <div className="actions actions-end">
        <Button onClick={onBack}>{t('back')}</Button>
      </div>
    </div>
  );
}
