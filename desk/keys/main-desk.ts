/** The custody-signing key of the desk that holds the root key: it follows from the root key, so a folder from before there were any has one too. */
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { hkdfSha256 } from '../../shared/crypto/hkdf.ts';
import { signDeskStatement } from '../../shared/statements/desk.ts';
import type { DatedIdentity } from './key-texts.ts';

/** What the desk that holds the root key is called in its statement. */
export const MAIN_DESK = 'main';
const INFO = utf8Encode('postern/desk/v1');

/** The key, and the root key's statement about it, which is the same each time: its day is the first that any identity serves. */
export async function mainDesk(
  rootSeed: Uint8Array,
  identities: readonly DatedIdentity[],
): Promise<{ desk: SigningKey; deskNote: string }> {
  const root = await ed25519FromSeed(rootSeed);
  const desk = await ed25519FromSeed(await hkdfSha256(rootSeed, new Uint8Array(0), INFO, 32));
  const issued = identities.map(({ from }) => from).toSorted()[0] ?? '1970-01-01';
  const statement = { rootKey: root.publicKey, desk: MAIN_DESK, key: desk.publicKey, issued };
  return { desk, deskNote: await signDeskStatement(statement, root) };
}
