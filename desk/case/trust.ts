/** Which receipt keys are believed: those on cards that our own root key signed. The card in a bundle comes from a machine that may be in other hands. */
import { isProblem } from '../../shared/problem/problem.ts';
import { openCard } from '../../shared/statements/card.ts';
import type { Keys } from '../keys/key-folder.ts';
import type { Findings } from './findings.ts';

/** The receipt keys to believe, and what is to be said about the card in the bundle. */
export async function trustedReceiptKeys(
  card: string | null,
  keys: Keys,
  findings: Findings,
): Promise<readonly Uint8Array[]> {
  const issued = keys.cards.map(({ receiptKey }) => receiptKey);
  if (card === null) findings.add('card-missing');
  else {
    try {
      const { receiptKey } = await openCard(card, keys.root.publicKey);
      issued.push(receiptKey);
    } catch (error) {
      if (!isProblem(error)) throw error;
      findings.add(error.code === 'card-untrusted' ? 'card-untrusted' : 'card-invalid');
    }
  }
  return issued;
}
