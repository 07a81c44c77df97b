/** The card in a bundle, which comes from a machine that may be in other hands: believed only when our own root key signed it. */
import { isProblem } from '../../shared/problem/problem.ts';
import { openCard } from '../../shared/statements/card.ts';
import type { Card } from '../../shared/statements/card.ts';
import type { Keys } from '../keys/key-folder.ts';
import type { Findings } from './findings.ts';

/** The card in a bundle; null, with a finding, when there is none to be believed. */
export async function trustedCard(card: string | null, keys: Keys, findings: Findings): Promise<Card | null> {
  if (card === null) {
    findings.add('card-missing');
    return null;
  }
  try {
    return await openCard(card, keys.root.publicKey);
  } catch (error) {
    if (!isProblem(error)) throw error;
    findings.add(error.code === 'card-untrusted' ? 'card-untrusted' : 'card-invalid');
    return null;
  }
}

/** Which receipt keys are believed: those on cards that our own root key signed. */
export function trustedReceiptKeys(card: Card | null, keys: Keys): readonly Uint8Array[] {
  return [...keys.cards.map(({ receiptKey }) => receiptKey), ...(card === null ? [] : [card.receiptKey])];
}
