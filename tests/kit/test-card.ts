/** The key card of a made-up organisation: whose keys it names is for the test to say. */
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import type { Card } from '../../shared/statements/card.ts';

/** The first card, valid for ten years, to a recipient that nobody has the identity of. */
export function testCardOf(
  { root, reply, receipt }: { readonly root: SigningKey; readonly reply: SigningKey; readonly receipt: SigningKey },
  change: Partial<Card> = {},
): Card {
  return {
    organisation: 'Test organisation',
    rootKey: root.publicKey,
    serial: 1,
    issued: '2026-01-01',
    replaces: null,
    demo: true,
    replyKey: reply.publicKey,
    receiptKey: receipt.publicKey,
    recipients: [{ from: '2026-01-01', until: '2036-01-01', recipient: `age1${'q'.repeat(58)}` }],
    ...change,
  };
}
