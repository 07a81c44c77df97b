/** The envelope of a reply, held against the opening that was listed: it is the organisation's, whole, and for this mailbox, or it is refused. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { formatEnvelope, parseEnvelope } from '../../shared/protocol/envelope.ts';
import type { Envelope } from '../../shared/protocol/envelope.ts';
import { MAX_REPLY_SIZE, maxPartCiphertext } from '../../shared/protocol/limits.ts';
import type { Card } from '../../shared/statements/card.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { openedParts } from '../../shared/statements/opening.ts';
import { openPartStatement } from '../../shared/statements/part-statement.ts';
import type { PartStatement } from '../../shared/statements/part-statement.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { openReplyOpening } from '../../shared/statements/reply-opening.ts';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import { openSeal } from '../../shared/statements/seal.ts';

/** Signatures checked at the same time. */
const AT_ONCE = 64;

/** Problem `limit-exceeded` for a reply that is too large to be fetched. */
export function checkReplySize({ size }: ReplyOpening): void {
  if (size > MAX_REPLY_SIZE) throw new Problem('limit-exceeded', { most: MAX_REPLY_SIZE });
}

/**
 * The statements of all parts, in order. `opening` has been verified. Every byte of the text counts: it has the canonical form, and
 * each note in it is from the key it must be from and speaks of this reply. Problems of statements and envelopes.
 */
export async function proveEnvelope(
  text: string,
  opening: ReplyOpening,
  card: Card,
): Promise<readonly PartStatement[]> {
  const envelope = parseEnvelope(text);
  if (formatEnvelope(envelope) !== text) throw new Problem('envelope-invalid');
  const named = envelope.parcel === opening.parcel && envelope.mailbox === toBase64Url(opening.mailbox);
  if (!named || !same(await openReplyOpening(envelope.opening, card.replyKey), opening))
    throw new Problem('statement-mismatch');
  const parts = await proveParts(envelope, opening, card.replyKey);
  const root = toHex(await merkleRoot(parts.map(({ sha256 }) => fromHex(sha256, 32))));
  await proveSeal(envelope, opening, root, card);
  return parts;
}

async function proveParts(envelope: Envelope, opening: ReplyOpening, replyKey: Uint8Array): Promise<PartStatement[]> {
  const { parcel, partSize } = opening;
  const count = openedParts(opening);
  if (envelope.parts.length !== count) throw new Problem('parts-missing');
  const most = maxPartCiphertext(partSize);
  const parts: PartStatement[] = [];
  for (let first = 0; first < count; first += AT_ONCE) {
    const notes = envelope.parts.slice(first, first + AT_ONCE);
    for (const statement of await Promise.all(notes.map((note) => openPartStatement(note, replyKey, 'reply')))) {
      const fits = statement.parcel === parcel && statement.part === parts.length;
      if (!fits || statement.size < 1 || statement.size > most) throw new Problem('statement-mismatch');
      parts.push(statement);
    }
  }
  return parts;
}

async function proveSeal({ seal, receipt }: Envelope, opening: ReplyOpening, root: string, card: Card): Promise<void> {
  if (seal === null) throw new Problem('parts-missing');
  const { parcel, partSize } = opening;
  const sealed = await openSeal(seal, card.replyKey, 'reply');
  if (sealed.parcel !== parcel || sealed.partSize !== partSize || sealed.parts !== openedParts(opening))
    throw new Problem('statement-mismatch');
  if (sealed.root !== root) throw new Problem('seal-differs');
  if (receipt === null) return;
  const received = await openReceipt(receipt, card.receiptKey);
  if (received.parcel !== parcel || received.root !== root) throw new Problem('statement-mismatch');
}

function same(a: ReplyOpening, b: ReplyOpening): boolean {
  return (
    a.parcel === b.parcel &&
    equalBytes(a.mailbox, b.mailbox) &&
    a.number === b.number &&
    a.day === b.day &&
    a.card === b.card &&
    a.partSize === b.partSize &&
    a.size === b.size
  );
}
