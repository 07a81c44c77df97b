/** Conversations: what came from one mailbox and what was answered, in order. That it is one source is proved by the key that signed it all. */
import type { SentReply } from '../keys/sent-reply.ts';
import type { Preview } from './preview.ts';

/** A reply of our own. `record` is null when its text cannot be read here: of a destroyed identity, or written at another desk. */
export interface OwnReply {
  readonly number: number;
  readonly day: string | null;
  readonly reply: string | null;
  readonly record: SentReply | null;
  /** Null when it does not lie in this bundle; else the day on which the server had it, as its receipt says. */
  readonly carried: { readonly delivered: string | null } | null;
}

export type Entry =
  { readonly kind: 'submission'; readonly preview: Preview } | { readonly kind: 'reply'; readonly reply: OwnReply };

export interface Conversation {
  /** Public key, base64url; null for parcels of which it is not proved who opened them. */
  readonly mailbox: string | null;
  readonly entries: readonly Entry[];
}

/** One conversation for each mailbox, in the order of the parcels; those of no proved mailbox are together, last. */
export function conversationsOf(
  previews: readonly Preview[],
  replies: ReadonlyMap<string, readonly OwnReply[]>,
): readonly Conversation[] {
  const groups = Map.groupBy(previews, ({ mailbox }) => mailbox);
  const known = [...groups.keys()].filter((mailbox) => mailbox !== null);
  const conversations: Conversation[] = known.map((mailbox) => ({
    mailbox,
    entries: inOrder(groups.get(mailbox)!, replies.get(mailbox) ?? []),
  }));
  const unproved = groups.get(null);
  if (unproved !== undefined) conversations.push({ mailbox: null, entries: inOrder(unproved, []) });
  return conversations;
}

/**
 * Submissions by the day of their receipt (of their beginning, while there is none), replies by number. A submission that the desk had when it
 * wrote a reply comes before it, whatever the clocks said; of one day, what it did not have comes after.
 */
export function inOrder(previews: readonly Preview[], replies: readonly OwnReply[]): readonly Entry[] {
  const numbered = replies.toSorted((a, b) => a.number - b.number);
  /** The number of the first reply that was written with a submission at hand. */
  const seenBy = new Map<string, number>();
  for (const { number, record } of numbered)
    for (const parcel of record === null ? [] : [record.to, ...record.seen])
      if (!seenBy.has(parcel)) seenBy.set(parcel, number);
  const dayOf = ({ received, begun }: Preview) => received ?? begun ?? '9999-12-31';
  const seen = ({ parcel }: Preview) => seenBy.get(parcel) ?? Infinity;
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  let waiting = previews.toSorted(
    (a, b) => byText(dayOf(a), dayOf(b)) || byNumber(seen(a), seen(b)) || byText(a.parcel, b.parcel),
  );
  const entries: Entry[] = [];
  const take = (preview: Preview) => void entries.push({ kind: 'submission', preview });
  let day = '';
  for (const reply of numbered) {
    day = reply.day ?? day;
    const before = (preview: Preview) =>
      seen(preview) <= reply.number || (seen(preview) === Infinity && dayOf(preview) < day);
    for (const preview of waiting.filter(before)) take(preview);
    waiting = waiting.filter((preview) => !before(preview));
    entries.push({ kind: 'reply', reply });
  }
  for (const preview of waiting) take(preview);
  return entries;
}

function byNumber(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
