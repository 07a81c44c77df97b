/** The mailbox of made-up parcels: one key for all, so that archives can name it before they are signed for. */
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';

/** Its public key, base64url. */
export const TEST_SENDER = '6kpsY-KcUgq-9VB7Ey7F-ZVHdq6-vnuSQh7qaRRG0iw';

/** The key that signs. */
export function testMailbox(): Promise<SigningKey> {
  return ed25519FromSeed(new Uint8Array(32).fill(7));
}
