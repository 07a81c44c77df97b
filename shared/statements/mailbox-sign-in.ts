/** The mailbox sign-in: a source's answer to a challenge. It says which codename's mailbox is meant, and nothing else. */
import { toBase64Url } from '../bytes/base64.ts';
import type { SigningKey } from '../crypto/ed25519.ts';
import { readFields, writeFields } from './fields.ts';
import { openNote, signNote, unverifiedText } from './note.ts';

export interface MailboxSignIn {
  /** The server's challenge, 32 bytes. */
  readonly challenge: Uint8Array;
  /** Public key of the mailbox that signs. */
  readonly mailbox: Uint8Array;
}

/** Signs a sign-in with the mailbox key. */
export async function signMailboxSignIn(challenge: Uint8Array, mailbox: SigningKey): Promise<string> {
  const text = writeFields('postern/mailbox/v1', [
    ['challenge', toBase64Url(challenge)],
    ['mailbox', toBase64Url(mailbox.publicKey)],
  ]);
  return signNote(text, 'postern-mailbox', mailbox);
}

/** The sign-in in a note that the key it names has signed; whether the challenge is good is for the caller. Problems `note-invalid`, `signature-wrong`. */
export async function openMailboxSignIn(note: string): Promise<MailboxSignIn> {
  const fields = readFields(unverifiedText(note), 'postern/mailbox/v1');
  const answer: MailboxSignIn = { challenge: fields.key('challenge'), mailbox: fields.key('mailbox') };
  fields.end();
  await openNote(note, 'postern-mailbox', answer.mailbox);
  return answer;
}
