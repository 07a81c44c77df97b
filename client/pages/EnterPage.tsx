/** "I have a codename": seven fields, and a word on each slip that can be seen without asking the server. */
import type { FormEvent } from 'react';
import { EMPTY_ENTRY, listFaults, wordsOf } from '../codename/entry.ts';
import type { Faults } from '../codename/entry.ts';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { Notice } from '../ui/Notice.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';
import { CodenameFields } from './CodenameFields.tsx';
import { useCodenameFields } from './use-codename-fields.ts';

interface EnterPageProps {
  /** The words that were entered before, to be compared with the paper; null at first. */
  readonly words: readonly string[] | null;
  readonly onEntered: (words: readonly string[]) => void;
  readonly onBack: () => void;
}

/** So many words that are not in the list are no slips of the pen. */
const OTHER_LIST = 3;

export function EnterPage({ words, onEntered, onBack }: EnterPageProps) {
  const fields = useCodenameFields(words ?? EMPTY_ENTRY);
  const { entry, faults, wrong, checked } = fields;
  const check = (event: FormEvent): void => {
    event.preventDefault();
    if (fields.check(listFaults(entry))) onEntered(wordsOf(entry));
  };
  const shown = checked && wrong > 0;
  const summary = shown ? summaryOf(faults) : '';

  return (
    <form className="screen" autoComplete="off" noValidate onSubmit={check}>
      <div>
        <StepTitle>{words === null ? t('enter.title') : t('enter.title-compare')}</StepTitle>
        <p className="lead">{words === null ? t('enter.lead') : t('enter.lead-compare')}</p>
      </div>
      <CodenameFields fields={fields} />
      {shown ? <Notice kind="problem" title={summary} /> : null}
      <LiveText text={summary} />
      <p className="soft">{t('enter.kept')}</p>
      <div className="actions actions-end">
        <Button look="main" type="submit">
          {t('enter.open')}
        </Button>
        <Button onClick={onBack}>{t('back')}</Button>
      </div>
    </form>
  );
}

/** One sentence on all fields together. */
function summaryOf(faults: Faults): string {
  const count = (kind: string) => faults.filter((fault) => fault?.kind === kind).length;
  const [missing, unlisted] = [count('missing'), count('unlisted')];
  if (unlisted >= OTHER_LIST) return t('enter.other-list', { count: unlisted });
  return unlisted === 0 ? t('enter.missing', { count: missing }) : t('confirm.problems', { count: unlisted + missing });
}
