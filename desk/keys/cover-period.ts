/** Which identities a card names for a span of days, and whether another is needed so that no day is left without. */
import { daysAfter, earlierDay, laterDay } from '../days.ts';
import type { DatedIdentity } from './key-texts.ts';

/** Days that an identity serves: destroying it afterwards closes what was sent in that time. */
export const IDENTITY_DAYS = 365;

interface Period {
  readonly from: string;
  readonly until: string;
}

/** The period of the identity that must be made so that `from`…`until` is covered, or null when it is already. */
export function uncoveredPeriod(identities: readonly DatedIdentity[], { from, until }: Period): Period | null {
  let next = from;
  for (const identity of identities.toSorted((a, b) => (a.from < b.from ? -1 : 1)))
    if (identity.from <= next && identity.until >= next) next = daysAfter(identity.until, 1);
  return next > until ? null : { from: next, until: laterDay(until, daysAfter(next, IDENTITY_DAYS)) };
}

/** The recipients of a card for `from`…`until`: those of all identities that serve then, each cut to the span. */
export function recipientsFor(
  identities: readonly DatedIdentity[],
  { from, until }: Period,
): { from: string; until: string; recipient: string }[] {
  return identities
    .filter((identity) => identity.from <= until && identity.until >= from)
    .map((identity) => ({
      from: laterDay(identity.from, from),
      until: earlierDay(identity.until, until),
      recipient: identity.recipient,
    }));
}
