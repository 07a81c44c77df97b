/** `desk list`: what came, by source, with the replies between. */
import { conversationsOf } from '../case/conversation.ts';
import type { OwnReply } from '../case/conversation.ts';
import { conversationJson, parcelJson } from '../case/conversation-json.ts';
import { findingsJson } from '../case/report.ts';
import { conversationText, LIST_END } from '../conversation-text.ts';
import { ownReplies } from '../reply/own-replies.ts';
import { startSession } from '../custody/session.ts';
import { bundleText, findingLines } from '../text.ts';
import type { Command } from './command.ts';
import { openCase } from './open-case.ts';
import { previewAll } from './preview-all.ts';

export const list: Command = {
  operands: 1,
  flags: [],
  values: ['keys', 'parcel', 'cases', 'role'],
  required: ['keys'],
  async run(options, context) {
    const opened = await openCase(options, context);
    const { keys, bundle, receiptKeys, findings, parcels } = opened;
    const previews = await previewAll(opened, parcels, false, context);
    // Of a whole bundle only the beginnings are read; an event for each of a hundred thousand parcels would tell nobody anything.
    if (options.values.has('parcel'))
      await (await startSession(opened, options, context)).record(parcels[0]!, null, { action: 'listed' });
    const mailboxes = new Set(previews.flatMap(({ mailbox }) => mailbox ?? []));
    const replies = await ownReplies(bundle, { keys, keysFolder: options.values.get('keys')!, receiptKeys, mailboxes });
    const conversations = conversationsOf(
      previews,
      options.values.has('parcel') ? answersTo(parcels, replies) : replies,
    );
    const sound = previews.every(({ state }) => state === 'sealed' || state === 'unfinished');
    const good = findings.list().length === 0 && sound;
    return {
      exit: good ? 0 : 1,
      text:
        bundleText(keys.organisation.name, previews.length) +
        findingLines(findings) +
        conversations.map((conversation) => conversationText(conversation, false)).join('\n') +
        LIST_END,
      json: {
        organisation: keys.organisation.name,
        ...findingsJson(findings),
        parcels: previews.map((preview) => parcelJson(preview)),
        conversations: conversations.map((conversation) => conversationJson(conversation, false)),
      },
    };
  },
};

/** Of one parcel that was asked for, only its own answers are shown. */
function answersTo(
  parcels: readonly string[],
  replies: ReadonlyMap<string, readonly OwnReply[]>,
): ReadonlyMap<string, readonly OwnReply[]> {
  const answers = (own: readonly OwnReply[]) => own.filter(({ record }) => parcels.includes(record?.to ?? ''));
  return new Map([...replies].map(([mailbox, own]) => [mailbox, answers(own)]));
}
