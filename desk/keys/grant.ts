/**
 * What the main desk gives a team's desk, as one note of the root key: the statement about its key, the organisation as the card names it, the cards so far,
 * and, where that was wanted, the key that signs replies, encrypted to the team.
 */
import { decryptFile, encryptFile } from '../../shared/age/file.ts';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { utf8Decode, utf8Encode } from '../../shared/bytes/utf8.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { openDeskStatement } from '../../shared/statements/desk.ts';
import { readFields, writeFields } from '../../shared/statements/fields.ts';
import { openNote, signNote } from '../../shared/statements/note.ts';
import { nodeCipher } from '../node-cipher.ts';
import { issuedCardsText, parseIssuedCards, parseSeed, seedText } from './key-texts.ts';
import type { DatedIdentity, IssuedCard } from './key-texts.ts';

export interface Grant {
  readonly organisation: string;
  readonly demo: boolean;
  /** The root key's statement about the team's desk. */
  readonly deskNote: string;
  /** Public half of the key that signs replies. */
  readonly reply: Uint8Array;
  /** Its seed as an age file, or null: then the team's desk cannot answer. */
  readonly replyKey: Uint8Array | null;
  readonly cards: readonly IssuedCard[];
}

/** The note of a grant. */
export async function signGrant(grant: Grant, root: SigningKey): Promise<string> {
  const { organisation, demo, deskNote, reply, replyKey, cards } = grant;
  const text = writeFields('postern/grant/v1', [
    ['organisation', organisation],
    ['demo', demo ? 'yes' : 'no'],
    ['statement', toBase64Url(utf8Encode(deskNote))],
    ['reply', toBase64Url(reply)],
    ['reply-key', replyKey === null ? 'none' : toBase64Url(replyKey)],
    ...issuedCardsText(cards)
      .split('\n')
      .slice(0, -1)
      .map((line) => ['card', line] as const),
  ]);
  return signNote(text, 'postern-root', root);
}

/** The grant in a note, with the name and the key of the desk that it is for. Problems `note-invalid`, `encoding-invalid`, `signature-wrong`. */
export async function openGrant(
  note: string,
  rootKey: Uint8Array,
): Promise<{ grant: Grant; desk: string; key: Uint8Array }> {
  const fields = readFields(await openNote(note, 'postern-root', rootKey), 'postern/grant/v1');
  const organisation = fields.text('organisation');
  const demo = fields.flag('demo');
  const deskNote = utf8Decode(fromBase64Url(fields.text('statement')));
  const reply = fields.key('reply');
  const replyKey = fields.textOrNone('reply-key', (text) => text);
  const lines: string[] = [];
  while (fields.more('card')) lines.push(`${fields.text('card')}\n`);
  fields.end();
  const { desk, key } = await openDeskStatement(deskNote, rootKey);
  return {
    grant: {
      organisation,
      demo,
      deskNote,
      reply,
      replyKey: replyKey === null ? null : fromBase64Url(replyKey),
      cards: parseIssuedCards(lines.join('')),
    },
    desk,
    key,
  };
}

/** The seed of the reply key for a team, which only its identity opens. */
export async function sealReplyKey(seed: Uint8Array, recipient: string, random: Random): Promise<Uint8Array> {
  const plaintext = utf8Encode(seedText('postern-reply-key', seed));
  return encryptFile({ plaintext, recipients: [recipient], provider: nodeCipher, random });
}

/** The seed again; null when none of the identities opens it. Problem `encoding-invalid` when it is not that of `reply`; others of age files. */
export async function openReplyKey(
  { reply, replyKey }: { readonly reply: Uint8Array; readonly replyKey: Uint8Array },
  identities: readonly DatedIdentity[],
): Promise<Uint8Array | null> {
  const secrets = identities.map(({ identity }) => identity);
  const plaintext = await decryptFile({ file: replyKey, identities: secrets, provider: nodeCipher });
  if (plaintext === null) return null;
  const seed = parseSeed('postern-reply-key', utf8Decode(plaintext));
  if (!equalBytes((await ed25519FromSeed(seed)).publicKey, reply)) throw new Problem('encoding-invalid');
  return seed;
}
