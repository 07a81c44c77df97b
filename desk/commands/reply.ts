/** `desk reply`: writes a reply to the source of a parcel into the outbox of the bundle. */
import { equalBytes } from '../../shared/bytes/equal.ts';
import type { Card } from '../../shared/statements/card.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { writtenText } from '../conversation-text.ts';
import { startSession } from '../custody/session.ts';
import { Failure } from '../failure.ts';
import { proveAddressee } from '../reply/addressee.ts';
import { lookAtAttachments } from '../reply/attachments.ts';
import { readMessage } from '../reply/message.ts';
import { writeReply } from '../reply/write-reply.ts';
import type { Command } from './command.ts';
import { openCase } from './open-case.ts';
import type { Case } from './open-case.ts';

export const reply: Command = {
  operands: 1,
  flags: [],
  values: ['keys', 'to', 'message', 'cases', 'role'],
  lists: ['attach'],
  required: ['keys', 'to', 'message'],
  async run(options, context) {
    const opened = await openCase(options, context);
    const { keys, bundle, receiptKeys, identities, parcels } = opened;
    const card = ownCard(opened);
    const session = await startSession(opened, options, context);
    const to = parcels[0]!;
    const addressee = await proveAddressee(to, { bundle, receiptKeys, identities });
    const message = await readMessage(options.values.get('message')!, context.readInput);
    const attachments = await lookAtAttachments(options.lists.get('attach') ?? []);
    const written = await writeReply(
      {
        bundle,
        keysFolder: options.values.get('keys')!,
        keys,
        card: card.serial,
        addressee,
        to,
        message,
        attachments,
        day: dayOf(context.now()),
      },
      context,
    );
    const { record, folder, size, parts } = written;
    await session.record(to, null, { action: 'replied', values: { reply: record.reply, number: record.number } });
    return {
      exit: 0,
      text: writtenText(written, bundle.folder),
      json: {
        reply: record.reply,
        mailbox: record.mailbox,
        number: record.number,
        day: record.day,
        to,
        folder,
        size,
        parts,
        files: attachments.map(({ file }, i) => ({ file, ...record.files[i] })),
      },
    };
  },
};

/** The card by which the source will judge the reply. Failures `bundle-of-others`, `bundle-without-card`, `keys-no-reply`, `bundle-reply-key`. */
export function ownCard({ card, keys, bundle, findings }: Case): Card {
  const { folder } = bundle;
  if (card === null)
    throw new Failure(findings.has('card-missing') ? 'bundle-without-card' : 'bundle-of-others', { folder });
  if (!keys.canReply) throw new Failure('keys-no-reply');
  if (!equalBytes(card.replyKey, keys.reply.publicKey)) throw new Failure('bundle-reply-key', { folder });
  return card;
}
