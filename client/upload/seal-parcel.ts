/** The last exchange: the sender's seal for the server's receipt. */
import { toHex } from '../../shared/bytes/hex.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { sealAnswer } from '../../shared/protocol/messages.ts';
import { sealRoute } from '../../shared/protocol/routes.ts';
import type { Card } from '../../shared/statements/card.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import type { Receipt } from '../../shared/statements/receipt.ts';
import { signSeal } from '../../shared/statements/seal.ts';
import { askServer } from './ask-server.ts';
import type { Exchange, Link } from './link.ts';

export interface Whole {
  readonly parcel: string;
  readonly partSize: number;
  /** SHA-256 of every part. */
  readonly hashes: readonly Uint8Array[];
  readonly mailbox: SigningKey;
  readonly card: Card;
}

/** The receipt, verified, and its note. Throws the server's Problem when it refuses, `statement-mismatch` for a receipt of something else. */
export async function sealParcel(
  link: Link,
  exchange: Exchange,
  { parcel, partSize, hashes, mailbox, card }: Whole,
): Promise<Receipt & { readonly note: string }> {
  const root = toHex(await merkleRoot([...hashes]));
  const seal = await signSeal({ parcel, partSize, parts: hashes.length, root }, mailbox);
  const { receipt: note } = await askServer(link, exchange, {
    path: sealRoute(parcel),
    body: { seal },
    schema: sealAnswer,
  });
  const receipt = await openReceipt(note, card.receiptKey);
  if (receipt.parcel !== parcel || receipt.root !== root) throw new Problem('statement-mismatch');
  return { ...receipt, note };
}
