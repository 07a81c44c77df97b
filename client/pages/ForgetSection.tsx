/** Making the mailbox look as if it had never been used: what that does, what it does not, and one question before it. */
import { t } from '../locales/text.ts';
import { Confirmation } from '../ui/Confirmation.tsx';

interface ForgetSectionProps {
  /** Isolated. */
  readonly organisation: string;
  readonly onForget: () => Promise<void>;
}

export function ForgetSection({ organisation, onForget }: ForgetSectionProps) {
  return (
    <section className="section">
      <h2>{t('forget.title')}</h2>
      <p>{t('forget.text', { organisation })}</p>
      <Confirmation
        label={t('forget.open')}
        title={t('forget.sure-title')}
        text={t('forget.sure-text')}
        yes={t('forget.yes')}
        onYes={onForget}
      />
    </section>
  );
}
