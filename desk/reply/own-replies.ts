/** The replies that this organisation wrote to a mailbox: those of the desk's record, and those of the outbox that another desk wrote. */
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import type { Bundle } from '../case/bundle.ts';
import type { OwnReply } from '../case/conversation.ts';
import type { Keys } from '../keys/key-folder.ts';
import { createSentReader } from '../keys/sent-replies.ts';
import { readOutbox } from './outbox.ts';

/** By mailbox (base64url). Failure `keys-unreadable`. */
export async function ownReplies(
  bundle: Bundle,
  { keys, keysFolder, mailboxes }: { keys: Keys; keysFolder: string; mailboxes: ReadonlySet<string> },
): Promise<ReadonlyMap<string, readonly OwnReply[]>> {
  const readSent = createSentReader(
    keysFolder,
    keys.identities.map(({ identity }) => identity),
  );
  const carried = await readOutbox(bundle, keys.reply.publicKey);
  const found = new Map<string, OwnReply[]>();
  for (const mailbox of mailboxes) {
    const sent = await readSent(fromBase64Url(mailbox, 32));
    const here = carried.filter((opening) => toBase64Url(opening.mailbox) === mailbox);
    const own: OwnReply[] = sent.map(({ number, record }) => {
      const opening = here.find((other) => other.number === number);
      const { day, reply } = record ?? { day: opening?.day ?? null, reply: opening?.parcel ?? null };
      return { number, day, reply, record };
    });
    const known = new Set(own.map(({ reply }) => reply));
    for (const { parcel, number, day } of here)
      if (!known.has(parcel)) own.push({ number, day, reply: parcel, record: null });
    if (own.length > 0) found.set(mailbox, own);
  }
  return found;
}
