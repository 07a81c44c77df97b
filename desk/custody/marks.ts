/** What staff put to a case: derived from the events of its log, the latest word on each counting. */
import type { CaseEvent } from './case-event.ts';

/** See above. */
export interface Marks {
  readonly seen: boolean;
  readonly labels: readonly string[];
  readonly note: string;
}

/** The marks after `events`. An event changes only what it names. */
export function marksOf(events: readonly CaseEvent[]): Marks {
  let marks: Marks = { seen: false, labels: [], note: '' };
  for (const { action, values } of events) {
    if (action !== 'marked') continue;
    const { seen, labels, note } = values;
    marks = {
      seen: typeof seen === 'boolean' ? seen : marks.seen,
      labels: Array.isArray(labels) ? (labels as readonly string[]) : marks.labels,
      note: typeof note === 'string' ? note : marks.note,
    };
  }
  return marks;
}
