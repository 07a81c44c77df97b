/** What stands in the way while there is no card to send to: one clear sentence for each case. */
import { dayText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { datesProblem } from '../organisation.ts';
import type { Organisation } from '../organisation.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';

export function CardState({ organisation }: { readonly organisation: Organisation }) {
  switch (organisation.kind) {
    case 'ready':
      return null;
    case 'loading':
      return <Notice kind="note" live title={t('card.loading')} />;
    case 'unreachable':
      return (
        <Notice kind="warning" live title={t('card.unreachable-title')}>
          <p>{organisation.code === null ? t('card.unreachable') : t(`problem.${organisation.code}`)}</p>
        </Notice>
      );
    case 'insecure':
    case 'not-configured':
    case 'dates':
    case 'problem':
      return (
        <Notice kind="problem" live title={t('card.problem-title')}>
          <p>{sentence(organisation)}</p>
          <div className="actions">
            <Button onClick={() => window.location.reload()}>{t('card.reload')}</Button>
          </div>
        </Notice>
      );
  }
}

/** The one sentence for a card that cannot be used. */
function sentence(organisation: Organisation): string {
  switch (organisation.kind) {
    case 'insecure':
      return t('card.insecure');
    case 'not-configured':
      return t('card.not-configured');
    case 'problem':
      return t(`problem.${organisation.code}`);
    case 'dates': {
      const { kind, day } = datesProblem(organisation.card, organisation.today);
      const today = dayText(organisation.today);
      if (kind === 'behind') return t('card.clock-behind', { today, issued: dayText(day) });
      if (kind === 'not-yet') return t('card.not-yet', { today, from: dayText(day) });
      return t('card.clock-or-expired', { today, until: dayText(day) });
    }
    default:
      return '';
  }
}
