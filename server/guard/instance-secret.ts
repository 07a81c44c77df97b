/** Secrets that all processes of one instance share without any of them being stored: each follows from the receipt key, one for each purpose. */
import { createHash } from 'node:crypto';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';

/**
 * The secret of a purpose. An Ed25519 signature is the same each time and only the key's holder can make it; nothing else is ever signed
 * without being a note, which this is not.
 */
export async function instanceSecret(receiptKey: SigningKey, purpose: 'mailbox' | 'work'): Promise<Uint8Array> {
  const signature = await receiptKey.sign(utf8Encode(`postern/${purpose}-secret/v1`));
  return createHash('sha256').update(signature).digest();
}
