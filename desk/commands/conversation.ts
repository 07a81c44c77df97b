/** `desk conversation`: what one source sent and what was answered, in order, with whole messages. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { conversationsOf } from '../case/conversation.ts';
import { conversationJson } from '../case/conversation-json.ts';
import { mailboxOf, parcelsOf } from '../case/parcels-of.ts';
import { findingsJson } from '../case/report.ts';
import { conversationText } from '../conversation-text.ts';
import { Failure } from '../failure.ts';
import { ownReplies } from '../reply/own-replies.ts';
import { findingLines } from '../text.ts';
import type { Command } from './command.ts';
import { openCase } from './open-case.ts';
import { previewAll } from './preview-all.ts';

export const conversation: Command = {
  operands: 1,
  flags: [],
  values: ['keys', 'to'],
  required: ['keys', 'to'],
  async run(options, context) {
    const opened = await openCase(options, context);
    const { keys, bundle, receiptKeys, findings, parcels } = opened;
    const parcel = parcels[0]!;
    const mailbox = await mailboxOf(bundle, parcel);
    if (mailbox === null) throw new Failure('conversation-unsigned', { parcel });
    const previews = await previewAll(opened, await parcelsOf(bundle, mailbox), true, context);
    const replies = await ownReplies(bundle, {
      keys,
      keysFolder: options.values.get('keys')!,
      receiptKeys,
      mailboxes: new Set([toBase64Url(mailbox)]),
    });
    const [found] = conversationsOf(previews, replies);
    const sound = previews.every(({ state }) => state === 'sealed' || state === 'unfinished');
    return {
      exit: findings.list().length === 0 && sound ? 0 : 1,
      text: findingLines(findings) + conversationText(found!, true),
      json: {
        organisation: keys.organisation.name,
        ...findingsJson(findings),
        ...conversationJson(found!, true),
      },
    };
  },
};
