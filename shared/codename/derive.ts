/** From the seven words to the keys they stand for. The server only ever sees the mailbox's public key. */
import { hybridIdentityFromSeed, recipientOf } from '../age/identity.ts';
import { concat } from '../bytes/concat.ts';
import { utf8Encode } from '../bytes/utf8.ts';
import { ed25519FromSeed, ED25519_KEY_SIZE } from '../crypto/ed25519.ts';
import type { SigningKey } from '../crypto/ed25519.ts';
import { hkdfSha256 } from '../crypto/hkdf.ts';
import { pbkdf2Sha512 } from '../crypto/pbkdf2.ts';
import { Problem } from '../problem/problem.ts';

/** What a codename opens. It does not open what was sent: that is encrypted to the organisation alone. */
export interface CodenameKeys {
  /** Signs all that the source sends. */
  readonly mailbox: SigningKey;
  /** A hybrid age identity: replies are encrypted to it. */
  readonly replyIdentity: string;
  readonly replyRecipient: string;
  /** 32 bytes: keeps the record of an unfinished upload. */
  readonly ledgerKey: Uint8Array;
}

/** Rounds of PBKDF2; 0.7 s in Chromium and 3.4 s in Firefox on a small machine, for every guess at 90 bits. */
export const CODENAME_ROUNDS = 2 ** 20;

const CONTEXT = 'postern/codename/v1';

/** Seven words the way the list has them. Whether they are in it is for parseCodename to say. */
const NORMAL_FORM = /^[a-z]+(?:-[a-z]+)?(?: [a-z]+(?:-[a-z]+)?){6}$/;

/**
 * The keys of a codename at the organisation whose root public key (32 bytes) is `rootKey`: the same words are another mailbox
 * elsewhere. `words` as from parseCodename; Problem `codename-invalid` on any other form, which would be other keys. `rounds` is
 * for tests alone. docs/protocol.md, "Codename".
 */
export async function deriveCodename(input: {
  words: readonly string[];
  rootKey: Uint8Array;
  rounds?: number;
}): Promise<CodenameKeys> {
  const { words, rootKey, rounds = CODENAME_ROUNDS } = input;
  if (rootKey.length !== ED25519_KEY_SIZE) throw new Problem('internal');
  const text = words.join(' ');
  if (!NORMAL_FORM.test(text)) throw new Problem('codename-invalid');
  const salt = concat(utf8Encode(CONTEXT), rootKey);
  const secret = await pbkdf2Sha512(utf8Encode(text), salt, rounds, 64);
  const derive = (purpose: string) => hkdfSha256(secret, new Uint8Array(0), utf8Encode(`${CONTEXT}/${purpose}`), 32);
  const [mailboxSeed, replySeed, ledgerKey] = await Promise.all([derive('mailbox'), derive('reply'), derive('ledger')]);
  secret.fill(0);
  const replyIdentity = hybridIdentityFromSeed(replySeed);
  return {
    mailbox: await ed25519FromSeed(mailboxSeed),
    replyIdentity,
    replyRecipient: await recipientOf(replyIdentity),
    ledgerKey,
  };
}
