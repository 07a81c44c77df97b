/** A submission that is taken up again: it is claimed, and goes on from what the server has of it. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import { openClosing } from '../../shared/ledger/closing.ts';
import type { Head } from '../../shared/ledger/head-text.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { recipientsOn } from '../../shared/statements/card.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { createMailbox } from '../mailbox/create-mailbox.ts';
import type { Unfinished } from '../mailbox/mailbox.ts';
import { safeBytes } from '../mailbox/safe-bytes.ts';
import type { Course } from './course.ts';
import type { KnownFiles } from './matching.ts';
import { planParcel } from './parcel-plan.ts';
import { isThere, openPartsThere } from './parts-there.ts';
import type { Prepared } from './prepared.ts';
import type { PickedFile } from './submission-types.ts';

export interface TakenUp {
  readonly keys: CodenameKeys;
  readonly unfinished: Unfinished;
  readonly head: Head;
  readonly known: KnownFiles;
  /** One for each file of the ledger; null for those that are missing. */
  readonly picked: readonly (PickedFile | null)[];
}

/**
 * From the claim on, no other browser can send for this parcel. Problem `writer-replaced` when another one was faster, `ledger-damaged` when
 * the ledger is not that of the parcel, or the words are lost: the part with them is not there, and they are not kept anywhere else.
 */
export async function prepareAgain(
  course: Course,
  { keys, unfinished, head, known, picked }: TakenUp,
): Promise<Prepared> {
  const { card, clock, link, exchange, provider, store } = course;
  const { parcel, opening } = unfinished;
  const { listKey, entries } = known;
  const writer = unfinished.writer + 1;
  store.change({
    total: opening.size,
    acknowledged: safeBytes(unfinished),
  });
  const recipients = recipientsOn(card, dayOf(clock.now()));
  const closing = await openClosing(head.closing, { listKey, parcel, provider });
  const plan = planParcel({
    parcel,
    entries,
    picked,
    message: closing?.size ?? null,
    sender: toBase64Url(keys.mailbox.publicKey),
    replyRecipient: keys.replyRecipient,
    day: head.day,
  });
  if (plan.layout.paddedSize !== opening.size) throw new Problem('ledger-damaged');

  const mailbox = createMailbox({ key: keys.mailbox, card, link, exchange });
  await mailbox.claim(parcel, writer);
  const there = await openPartsThere(await mailbox.finishedParts(parcel), { opening, listKey, provider });
  if (closing !== null && !isThere(there, plan.layout, opening.partSize, 0)) throw new Problem('ledger-damaged');
  return {
    plan,
    opening,
    mailbox: keys.mailbox,
    recipients,
    writer,
    there,
    listKey,
    knownHash: (index) =>
      index < plan.before ? (closing?.sha256 ?? null) : (entries[index - plan.before]?.sha256 ?? null),
  };
}
