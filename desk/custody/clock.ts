/** Whether this machine's clock can be right: a machine without a network has nobody to ask, but some days it knows for certain to be past. */
import type { Card } from '../../shared/statements/card.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { daysAfter } from '../days.ts';

/** No clock of a machine that runs this program can rightly show an earlier day: it was written after it. */
const EARLIEST_DAY = '2026-11-01';
/** Days after the end of the last recipient's validity from which a clock is more likely wrong than a card that old still in use. */
const LONG_AFTER = 2 * 366;

/** A sentence that says why the time `now` is doubtful, or null. `receiptDays` are days on receipts whose signatures hold. */
export function clockDoubt(
  now: Date,
  { card, receiptDays }: { readonly card: Card | null; readonly receiptDays: readonly string[] },
): string | null {
  if (!Number.isFinite(now.getTime())) return "This machine's clock shows no time at all.";
  const today = dayOf(now);
  const shows = `This machine's clock shows ${today}`;
  if (today < EARLIEST_DAY) return `${shows}, a day before this program was written: it is not set.`;
  const received = receiptDays.toSorted().at(-1);
  // A receipt bears the UTC day of another machine, whose clock may be a little ahead of this one.
  if (received !== undefined && daysAfter(today, 1) < received)
    return `${shows}, and the server had received something on ${received} already: one of the two clocks is wrong.`;
  if (card === null) return null;
  if (daysAfter(today, 1) < card.issued)
    return `${shows}, and the key card was issued on ${card.issued} already: the clock is slow, or was when the card was made.`;
  const first = card.recipients.map(({ from }) => from).toSorted()[0]!;
  if (daysAfter(today, 1) < first)
    return `${shows}, and the key card names nobody to encrypt to before ${first}: the clock is slow, or the card was made ahead.`;
  const last = card.recipients
    .map(({ until }) => until)
    .toSorted()
    .at(-1)!;
  if (today > daysAfter(last, LONG_AFTER))
    return `${shows}, years after the key card ended (${last}): the clock may be fast.`;
  return null;
}
