/** How far this computer is in working for its place: a bar, and at most how long it still takes. */
import { percentOf, percentText, workLeftText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { LiveText } from '../ui/LiveText.tsx';
import type { WorkState } from '../work/solve-work.ts';

export function WorkProgress({ work }: { readonly work: WorkState }) {
  const percent = percentOf(work.part, 1);
  const left = workLeftText(work.secondsLeft);
  return (
    <section className="section" aria-label={t('work.progress')}>
      <progress className="progress" aria-label={t('work.progress')} max={100} value={percent} />
      <p className="figures soft">
        <span>{left}</span>
        <span>{percentText(percent)}</span>
      </p>
      <LiveText text={left} />
    </section>
  );
}
