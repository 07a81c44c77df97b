/** What the server says is in a mailbox, believed only as far as signatures go: our own, the organisation's, the server's receipts. */
import { equalBytes } from '../../shared/bytes/equal.ts';
import type { MailboxAnswer } from '../../shared/protocol/messages.ts';
import type { Card } from '../../shared/statements/card.ts';
import { openOpening } from '../../shared/statements/opening.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { openReplyOpening } from '../../shared/statements/reply-opening.ts';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import type { MailboxLook, SealedParcel, Unfinished } from './mailbox.ts';

interface Trust {
  /** The public key whose mailbox it is. */
  readonly mailbox: Uint8Array;
  readonly card: Card;
}

/** Signatures checked at the same time. */
const AT_ONCE = 64;

/** Never throws: what does not hold is left out, and of replies it is counted. */
export async function verifyLook(answer: MailboxAnswer, trust: Trust): Promise<MailboxLook> {
  const unfinished = await inBatches(answer.unfinished, (item) => verifyUnfinished(item, trust));
  const sealed = await inBatches(answer.sealed, (item) => verifySealed(item, trust));
  const openings = await inBatches(answer.replies, (note) => verifyReply(note, trust));
  const replies = new Map<string, ReplyOpening>();
  for (const opening of openings) if (opening !== null) replies.set(opening.parcel, opening);
  return {
    unfinished: unfinished.filter((item) => item !== null),
    sealed,
    replies: [...replies.values()].toSorted(byNumberAndDay),
    refused: answer.replies.length - replies.size,
  };
}

async function verifyUnfinished(
  { opening: note, finished, pages, writer }: MailboxAnswer['unfinished'][number],
  { mailbox }: Trust,
): Promise<Unfinished | null> {
  const opening = await openOpening(note).catch(() => null);
  if (opening === null || !equalBytes(opening.mailbox, mailbox)) return null;
  return { parcel: opening.parcel, opening, finished, pages, writer };
}

async function verifySealed(item: MailboxAnswer['sealed'][number], { card }: Trust): Promise<SealedParcel> {
  const receipt = item.receipt === null ? null : await openReceipt(item.receipt, card.receiptKey).catch(() => null);
  return { ...item, receipt: receipt?.parcel === item.parcel ? item.receipt : null };
}

async function verifyReply(note: string, { mailbox, card }: Trust): Promise<ReplyOpening | null> {
  const opening = await openReplyOpening(note, card.replyKey).catch(() => null);
  return opening !== null && equalBytes(opening.mailbox, mailbox) ? opening : null;
}

function byNumberAndDay(a: ReplyOpening, b: ReplyOpening): number {
  if (a.number !== b.number) return a.number - b.number;
  return a.day < b.day ? -1 : a.day > b.day ? 1 : 0;
}

async function inBatches<Item, Value>(
  items: readonly Item[],
  verify: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE)
    values.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(verify))));
  return values;
}
