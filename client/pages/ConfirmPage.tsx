/** Entering the codename once more, so that nobody finds out later that a word was written down wrong. */
import type { FormEvent } from 'react';
import { faultsOf, isOnlyOrder } from '../codename/entry.ts';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { Notice } from '../ui/Notice.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';
import { CodenameFields } from './CodenameFields.tsx';
import { useCodenameFields } from './use-codename-fields.ts';

interface ConfirmPageProps {
  readonly words: readonly string[];
  readonly onConfirmed: () => void;
  readonly onShow: () => void;
}

export function ConfirmPage({ words, onConfirmed, onShow }: ConfirmPageProps) {
  const fields = useCodenameFields();
  const { entry, wrong, checked } = fields;
  const check = (event: FormEvent): void => {
    event.preventDefault();
    if (fields.check(faultsOf(entry, words))) onConfirmed();
  };
  const summary = isOnlyOrder(entry, words) ? t('confirm.swapped') : t('confirm.problems', { count: wrong });

  return (
    <form className="screen" autoComplete="off" noValidate onSubmit={check}>
      <div>
        <StepTitle>{t('confirm.title')}</StepTitle>
        <p className="lead">{t('confirm.lead')}</p>
      </div>
      <CodenameFields fields={fields} />
      {checked && wrong > 0 ? <Notice kind="problem" title={summary} /> : null}
      <LiveText text={checked && wrong > 0 ? summary : ''} />
      <div className="actions actions-end">
        <Button look="main" type="submit">
          {t('confirm.send')}
        </Button>
        <Button onClick={onShow}>{t('confirm.show')}</Button>
      </div>
    </form>
  );
}
