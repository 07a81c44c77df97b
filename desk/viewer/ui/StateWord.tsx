/** The state of a submission in a word, with a mark of its own shape, so that it is not told by colour alone. */
import type { SubmissionState } from '../api.ts';
import { t } from '../locales/text.ts';

interface StateWordProps {
  readonly state: SubmissionState;
  /** True when every byte of it was read. */
  readonly checked?: boolean;
}

export function StateWord({ state, checked = false }: StateWordProps) {
  const word = t(`state.${state}`);
  return <span className={`state state-${state}`}>{checked ? t('state.checked', { state: word }) : word}</span>;
}
