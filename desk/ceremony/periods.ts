/** The periods that identities serve: so many calendar months each, one after the other without a gap. */
import { daysAfter } from '../days.ts';
import type { DatedIdentity } from '../keys/key-texts.ts';

/** A quarter; destroying an identity afterwards closes what was sent in that time. */
export const PERIOD_MONTHS = 3;
/** Identities that are made ahead, the one in force included: a year of cards without the root key. */
export const PERIODS_AHEAD = 4;

export interface Period {
  readonly from: string;
  readonly until: string;
}

/** `count` periods from the day `from` on. */
export function periodsFrom(from: string, { months, count }: { months: number; count: number }): readonly Period[] {
  return Array.from({ length: count }, (_, i) => ({
    from: monthsAfter(from, i * months),
    until: daysAfter(monthsAfter(from, (i + 1) * months), -1),
  }));
}

/** The periods still to be made so that `ahead` identities serve today or later. */
export function missingPeriods(
  identities: readonly DatedIdentity[],
  { today, months, ahead }: { today: string; months: number; ahead: number },
): readonly Period[] {
  const serving = identities.filter(({ until }) => until >= today);
  const last = serving
    .map(({ until }) => until)
    .toSorted()
    .at(-1);
  const from = last === undefined ? today : daysAfter(last, 1);
  return periodsFrom(from, { months, count: Math.max(0, ahead - serving.length) });
}

/** The same day of a later month, or that month's last. */
function monthsAfter(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year!, month! - 1 + months + 1, 0));
  const first = `${last.toISOString().slice(0, 7)}-01`;
  return daysAfter(first, Math.min(date!, last.getUTCDate()) - 1);
}
