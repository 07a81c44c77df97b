/** What a report must say is missing, damaged or doubtful: sentences, in the order of their weight. */
import type { Examination } from '../case/examine.ts';
import type { Ranges } from '../case/findings.ts';
import { createRanges } from '../case/ranges.ts';
import { count, formatRanges } from '../terminal/amounts.ts';
import type { CaseEvent } from './case-event.ts';
import type { ReportItem } from './report-item.ts';

const VERDICTS: Readonly<Partial<Record<ReportItem['verdict'], string>>> = {
  'source-could-not-read': "the source's browser could not read to the end; what it could not read is zeros",
  'source-changed': 'changed at the source between two sendings: the bytes are not one version of it',
  differs: 'not what the manifest of the source, or an earlier report, says',
  'not-listed': 'not in the manifest of the source',
  incomplete: 'here only in part',
  missing: 'in the manifest or an earlier report, and not here',
  arrived: 'whole, but not yet proved by a line of the manifest',
};

/** Of a bag that was written without SHA-512; the next report has it and does not say this any more. */
export const SHA512_LATER = 'SHA-512 was not computed when the files were written: the command desk report adds it.';

/** About the times in a report over these events. */
export function clockGaps(doubt: string | null, events: readonly CaseEvent[]): readonly string[] {
  const doubtful = events.filter(({ clock }) => clock.doubt !== null).length;
  return [
    ...(doubt === null ? [] : [`${doubt} The time of this report is doubtful.`]),
    ...(doubtful === 0
      ? []
      : [`The time of ${count(doubtful, 'event')} in the list of events was doubtful when it was written.`]),
  ];
}

/** About the parcel and its files. */
export function parcelGaps(examination: Examination, items: readonly ReportItem[]): readonly string[] {
  const { statements, reading, files, state } = examination;
  const gaps: string[] = [];
  if (statements === null)
    gaps.push('The statements of the source do not hold: nothing can be proved about the parcel.');
  else {
    if (!statements.sealed)
      gaps.push('The source has not sealed the parcel: it is unfinished, and more may have been meant to come.');
    if (statements.received === null)
      gaps.push('There is no receipt of the server that holds: no day of receipt is proved.');
  }
  if (state === 'not-for-us')
    gaps.push('The parcel, or a part of it, is encrypted to keys that this desk does not have.');
  if (reading !== null && reading.parts.unsent.length > 0)
    gaps.push(`Parts that never came: ${formatRanges(reading.parts.unsent)}.`);
  const lost = reading === null ? [] : withoutRanges(reading.parts.lost, reading.parts.unsent);
  if (lost.length > 0) gaps.push(`Parts that came and are missing or damaged here: ${formatRanges(lost)}.`);
  if (reading !== null && reading.bag === null)
    gaps.push('The archive inside the parcel was refused: see the findings.');
  if (files !== null && files.announced !== null && files.announced > items.length)
    gaps.push(`${count(files.announced - items.length, 'file')} that the source announced cannot even be named.`);
  for (const [verdict, words] of Object.entries(VERDICTS)) {
    const number = items.filter((item) => item.verdict === verdict).length;
    if (number > 0) gaps.push(`${count(number, 'file')}: ${words}.`);
  }
  const unread = items.filter(({ metadata }) => metadata !== null && metadata.problem !== null).length;
  if (unread > 0) gaps.push(`The embedded metadata of ${count(unread, 'file')} could not be read to the end.`);
  const unwritten = items.filter((item) => item.sha256 !== null && item.metadata === null).length;
  if (unwritten > 0)
    gaps.push(`The SHA-512 of ${count(unwritten, 'file')} was not computed, since they were not written.`);
  if (items.some((item) => item.metadata !== null && item.sha512 === null)) gaps.push(SHA512_LATER);
  return gaps;
}

/** The numbers of `ranges` that are in none of `others`. */
function withoutRanges(ranges: Ranges, others: Ranges): Ranges {
  const left = createRanges();
  for (const [from, to] of ranges)
    for (let number = from; number <= to; number++)
      if (!others.some(([first, last]) => first <= number && number <= last)) left.add(number);
  return left.list();
}
