/** The sign-in: a courier's answer to a challenge, bound to the host that it meant to speak to. */
import { toBase64Url } from '../bytes/base64.ts';
import type { SigningKey } from '../crypto/ed25519.ts';
import { readFields, writeFields } from './fields.ts';
import { openNote, signNote, unverifiedText } from './note.ts';

export interface SignIn {
  /** The server's challenge, 32 bytes. */
  readonly challenge: Uint8Array;
  /** Public key of the courier that signs. */
  readonly courier: Uint8Array;
  /** Host and port as in the courier's request, so that another server cannot pass the answer on. */
  readonly host: string;
}

/** Signs a sign-in with the courier's key. */
export async function signSignIn(answer: Omit<SignIn, 'courier'>, courier: SigningKey): Promise<string> {
  const text = writeFields('postern/sign-in/v1', [
    ['challenge', toBase64Url(answer.challenge)],
    ['courier', toBase64Url(courier.publicKey)],
    ['host', answer.host],
  ]);
  return signNote(text, 'postern-courier', courier);
}

/** The sign-in in a note that the key it names has signed; whether that key is enrolled is for the caller. Problems `note-invalid`, `signature-wrong`. */
export async function openSignIn(note: string): Promise<SignIn> {
  const fields = readFields(unverifiedText(note), 'postern/sign-in/v1');
  const answer: SignIn = {
    challenge: fields.key('challenge'),
    courier: fields.key('courier'),
    host: fields.text('host'),
  };
  fields.end();
  await openNote(note, 'postern-courier', answer.courier);
  return answer;
}
