/** The replies that this organisation wrote to a mailbox: those of the desk's record, and those of the outbox that another desk wrote. */
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import type { Bundle } from '../case/bundle.ts';
import type { OwnReply } from '../case/conversation.ts';
import type { Keys } from '../keys/key-folder.ts';
import { createSentReader } from '../keys/sent-replies.ts';
import { readOutbox } from './own-envelope.ts';

/** By mailbox (base64url). Failure `keys-unreadable`. */
export async function ownReplies(
  bundle: Bundle,
  {
    keys,
    keysFolder,
    receiptKeys,
    mailboxes,
  }: { keys: Keys; keysFolder: string; receiptKeys: readonly Uint8Array[]; mailboxes: ReadonlySet<string> },
): Promise<ReadonlyMap<string, readonly OwnReply[]>> {
  const readSent = createSentReader(
    keysFolder,
    keys.identities.map(({ identity }) => identity),
  );
  const carried = await readOutbox(bundle, keys.reply.publicKey, receiptKeys);
  const found = new Map<string, OwnReply[]>();
  for (const mailbox of mailboxes) {
    const sent = await readSent(fromBase64Url(mailbox, 32));
    const here = carried.filter(({ opening }) => toBase64Url(opening.mailbox) === mailbox);
    const own: OwnReply[] = sent.map(({ number, record }) => {
      const place = here.find(({ opening }) =>
        record === null ? opening.number === number : opening.parcel === record.reply,
      );
      return {
        number,
        day: record?.day ?? place?.opening.day ?? null,
        reply: record?.reply ?? place?.opening.parcel ?? null,
        record,
        carried: place === undefined ? null : { delivered: place.delivered },
      };
    });
    const known = new Set(own.map(({ reply }) => reply));
    for (const { opening, delivered } of here) {
      const { parcel, number, day } = opening;
      if (!known.has(parcel)) own.push({ number, day, reply: parcel, record: null, carried: { delivered } });
    }
    if (own.length > 0) found.set(mailbox, own);
  }
  return found;
}
