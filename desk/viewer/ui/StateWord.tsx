/** The state of a submission in a word, with a mark of its own shape, so that it is not told by colour alone. */
import type { SubmissionState } from '../api.ts';
import { t } from '../locales/text.ts';

export function StateWord({ state }: { readonly state: SubmissionState }) {
  return <span className={`state state-${state}`}>{t(`state.${state}`)}</span>;
}
