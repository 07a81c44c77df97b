/** Writes one reply: its number, its parcel in the outbox, and the desk's own record of it, in an order that a power cut cannot turn into a lie. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { startOfDay } from '../../shared/parcel/bag.ts';
import { createLayout } from '../../shared/parcel/layout.ts';
import type { Layout } from '../../shared/parcel/layout.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { formatEnvelope } from '../../shared/protocol/envelope.ts';
import { signReplyOpening } from '../../shared/statements/reply-opening.ts';
import { MAX_REPLY_SIZE } from '../../shared/protocol/limits.ts';
import type { Bundle } from '../case/bundle.ts';
import { parcelsOf } from '../case/parcels-of.ts';
import type { DeskContext } from '../commands/command.ts';
import { Failure } from '../failure.ts';
import { withKeyLock } from '../keys/key-folder.ts';
import type { Keys } from '../keys/key-folder.ts';
import { createSentReader, removeSentReply, writeSentReply } from '../keys/sent-replies.ts';
import type { SentReply } from '../keys/sent-reply.ts';
import { formatSize } from '../terminal/amounts.ts';
import type { Addressee } from './addressee.ts';
import type { Attachment } from './attachments.ts';
import { settleDrafts, startDraft, writingToOutbox } from './outbox.ts';
import { readOutbox } from './own-envelope.ts';
import { REPLY_PART_SIZE, writeParts } from './parcel-writer.ts';
import { createPayloadReader } from './payload-reader.ts';

export interface ReplyInput {
  readonly bundle: Bundle;
  readonly keysFolder: string;
  readonly keys: Keys;
  /** Serial of the card that names the reply key. */
  readonly card: number;
  readonly addressee: Addressee;
  /** The parcel that is answered. */
  readonly to: string;
  readonly message: string;
  readonly attachments: readonly Attachment[];
  readonly day: string;
}

/** A reply that was written; `folder` is where it lies in the outbox. */
export interface WrittenReply {
  readonly record: SentReply;
  readonly folder: string;
  readonly size: number;
  readonly parts: number;
}

/** Failures of keys, outbox and attachments; `reply-too-large`. Nothing is left of a reply that failed. */
export function writeReply(input: ReplyInput, context: DeskContext): Promise<WrittenReply> {
  return withKeyLock(input.keysFolder, () => writeLocked(input, context));
}

async function writeLocked(input: ReplyInput, { random, progress }: DeskContext): Promise<WrittenReply> {
  const { bundle, keysFolder, keys, card, addressee, to, message, attachments, day } = input;
  const { mailbox } = addressee;
  const reply = toHex(random(16));
  const order = await placeOf(input);
  const layout = layoutOf(input, reply);
  const size = layout.paddedSize;
  const opening = { parcel: reply, mailbox, number: order.number, day, card, partSize: REPLY_PART_SIZE, size };
  const payload = createPayloadReader(layout, utf8Encode(message), attachments);
  const bar = progress.start(reply.slice(0, 8), size);
  const draft = await startDraft(bundle, reply, size);
  try {
    const { parts, seal } = await writingToOutbox(bundle.folder, () =>
      writeParts({
        folder: draft.folder,
        layout,
        payload,
        recipient: addressee.recipient,
        replyKey: keys.reply,
        random,
        bar,
      }),
    );
    await draft.complete(
      formatEnvelope({
        version: 1,
        parcel: reply,
        mailbox: toBase64Url(mailbox),
        opening: await signReplyOpening(opening, keys.reply),
        parts: [...parts],
        seal,
        receipt: null,
      }),
    );
    const sha256 = payload.hashes().slice(1);
    const files = attachments.map(({ path, size: bytes }, i) => ({ path, size: bytes, sha256: toHex(sha256[i]!) }));
    const record = { reply, mailbox: toBase64Url(mailbox), ...order, day, to, message, files };
    // First the record, so that the number is given away; a reply that is whole and recorded is published by the next run if this one ends here.
    await writeSentReply(keysFolder, record, { mailbox, identities: keys.identities, random });
    const folder = await draft.publish().catch(async (error: unknown) => {
      await removeSentReply(keysFolder, mailbox, order.number);
      throw error;
    });
    await draft.settle();
    return { record, folder, size, parts: parts.length };
  } finally {
    bar.end();
    await payload.close();
    await draft.clear();
  }
}

/** The number after all that are known, and the parcels that have come since the reply before. */
async function placeOf({
  bundle,
  keysFolder,
  keys,
  addressee,
}: ReplyInput): Promise<Pick<SentReply, 'number' | 'seen'>> {
  const { mailbox } = addressee;
  const readSent = createSentReader(
    keysFolder,
    keys.identities.map(({ identity }) => identity),
  );
  await settleDrafts(bundle, keys.reply.publicKey, async (opening) =>
    (await readSent(opening.mailbox)).some(({ record }) => record?.reply === opening.parcel),
  );
  const sent = await readSent(mailbox);
  // Another desk with a copy of these keys may have written replies that lie here.
  const carried = (await readOutbox(bundle, keys.reply.publicKey, []))
    .map(({ opening }) => opening)
    .filter((opening) => equalBytes(opening.mailbox, mailbox));
  const numbers = [...sent, ...carried].map(({ number }) => number);
  const known = new Set(sent.flatMap(({ record }) => record?.seen ?? []));
  return {
    number: 1 + Math.max(0, ...numbers),
    seen: (await parcelsOf(bundle, mailbox)).filter((parcel) => !known.has(parcel)),
  };
}

/** Failure `reply-too-large`. Nothing in it is more precise than the day. */
function layoutOf({ keys, message, attachments, day }: ReplyInput, reply: string): Layout {
  const modified = startOfDay(day);
  try {
    const layout = createLayout({
      parcel: reply,
      day,
      sender: toBase64Url(keys.reply.publicKey),
      replyRecipient: null,
      message,
      messageModified: modified,
      files: attachments.map(({ path, size }) => ({ path, size, modified })),
    });
    if (layout.paddedSize <= MAX_REPLY_SIZE) return layout;
  } catch (error) {
    if (!isProblem(error, 'limit-exceeded')) throw error;
  }
  throw new Failure('reply-too-large', { most: formatSize(MAX_REPLY_SIZE) });
}
