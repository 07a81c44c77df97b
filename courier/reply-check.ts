/** A reply in the outbox, believed only as far as its signatures go: those of the reply key, which the desk alone has. */
import { fromBase64Url } from '../shared/bytes/base64.ts';
import { equalBytes } from '../shared/bytes/equal.ts';
import { Problem } from '../shared/problem/problem.ts';
import { parseEnvelope } from '../shared/protocol/envelope.ts';
import type { Envelope } from '../shared/protocol/envelope.ts';
import type { Card } from '../shared/statements/card.ts';
import type { PartStatement } from '../shared/statements/part-statement.ts';
import { openReceipt } from '../shared/statements/receipt.ts';
import { openReplyOpening } from '../shared/statements/reply-opening.ts';
import type { ReplyOpening } from '../shared/statements/reply-opening.ts';
import { openSeal } from '../shared/statements/seal.ts';
import { openStatements } from './envelope-check.ts';

export interface CheckedReply {
  readonly envelope: Envelope & { readonly seal: string };
  readonly opening: ReplyOpening;
  /** Of all parts, in order. */
  readonly statements: readonly PartStatement[];
}

/**
 * The envelope of a reply with all its signatures checked. Problems: `envelope-invalid`, `note-invalid`, `signature-wrong`,
 * `statement-mismatch`, `seal-differs`, and `parts-missing` for one without a seal.
 */
export async function checkReply(text: string, reply: string, replyKey: Uint8Array): Promise<CheckedReply> {
  const envelope = parseEnvelope(text);
  const opening = await openReplyOpening(envelope.opening, replyKey);
  const meant = equalBytes(opening.mailbox, fromBase64Url(envelope.mailbox, 32));
  if (envelope.parcel !== reply || opening.parcel !== reply || !meant) throw new Problem('statement-mismatch');
  const statements = await openStatements(envelope, opening, replyKey, 'reply');
  const { seal } = envelope;
  if (seal === null) throw new Problem('parts-missing');
  return { envelope: { ...envelope, seal }, opening, statements };
}

/** True when `receipt` is the server's word that it had all of this reply. */
export async function isReceiptOf({ envelope, opening }: CheckedReply, receipt: string, card: Card): Promise<boolean> {
  try {
    const { parcel, root } = await openReceipt(receipt, card.receiptKey);
    return parcel === opening.parcel && root === (await openSeal(envelope.seal, card.replyKey, 'reply')).root;
  } catch {
    return false;
  }
}
