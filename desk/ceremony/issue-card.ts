/** The next key card, prepared in memory: nothing is written before the person has confirmed. */
import { toHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import { MAX_RECIPIENTS, signCard } from '../../shared/statements/card.ts';
import type { CardRecipient } from '../../shared/statements/card.ts';
import { Failure } from '../failure.ts';
import { recipientsFor } from '../keys/cover-period.ts';
import { keysOf } from '../keys/key-content.ts';
import type { KeyContent } from '../keys/key-content.ts';
import type { IssuedCard } from '../keys/key-texts.ts';

/** What was issued; `until` is the last day on which sources can use the card. */
export interface Issued {
  readonly serial: number;
  readonly issued: string;
  readonly until: string;
  readonly recipients: number;
  readonly note: string;
}

/** Signs the card that follows the ones of `content`. Failures `clock-back` when a card is of a later day, `keys-no-root`. */
export async function prepareCard(
  content: KeyContent,
  {
    receiptKey,
    from,
    until,
    teams,
  }: { receiptKey: Uint8Array; from: string; until: string; teams: readonly CardRecipient[] },
): Promise<{ issued: Issued; cards: readonly IssuedCard[] }> {
  const last = content.cards.at(-1);
  if (last !== undefined && from < last.issued) throw new Failure('clock-back', { today: from, last: last.issued });
  const keys = await keysOf(content);
  const serial = content.cards.length + 1;
  const recipients = [...recipientsFor(content.identities, { from, until }), ...teams];
  if (recipients.length > MAX_RECIPIENTS)
    throw new Failure('card-full', { count: recipients.length, most: MAX_RECIPIENTS });
  const note = await signCard(
    {
      organisation: content.organisation.name,
      rootKey: keys.root.publicKey,
      serial,
      issued: from,
      replaces: last?.sha256 ?? null,
      demo: content.organisation.demo,
      replyKey: keys.reply.publicKey,
      receiptKey,
      recipients,
    },
    keys.root,
  );
  return {
    issued: { serial, issued: from, until, recipients: recipients.length, note },
    cards: [...content.cards, { serial, issued: from, receiptKey, sha256: toHex(await sha256(utf8Encode(note))) }],
  };
}
