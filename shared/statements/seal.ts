/** The seal: the sender's signed word that a parcel is complete, and of which parts. */
import type { SigningKey } from '../crypto/ed25519.ts';
import { SENDER_KEY } from './direction.ts';
import type { Direction } from './direction.ts';
import { readFields, writeFields } from './fields.ts';
import { openNote, signNote } from './note.ts';

export interface Seal {
  readonly parcel: string;
  readonly partSize: number;
  readonly parts: number;
  /** RFC 6962 Merkle root over the SHA-256 of each part's ciphertext, in lower-case hex. */
  readonly root: string;
}

const CONTEXT = { submission: 'postern/seal/v1', reply: 'postern/reply-seal/v1' } as const;

/** Signs a seal with the sender's key. */
export async function signSeal(seal: Seal, sender: SigningKey, direction: Direction = 'submission'): Promise<string> {
  const text = writeFields(CONTEXT[direction], [
    ['parcel', seal.parcel],
    ['part-size', seal.partSize],
    ['parts', seal.parts],
    ['root', seal.root],
  ]);
  return signNote(text, SENDER_KEY[direction], sender);
}

/** The seal in a note signed by the sender's key. Problems `note-invalid`, `signature-wrong`. */
export async function openSeal(note: string, sender: Uint8Array, direction: Direction = 'submission'): Promise<Seal> {
  const fields = readFields(await openNote(note, SENDER_KEY[direction], sender), CONTEXT[direction]);
  const seal: Seal = {
    parcel: fields.parcel(),
    partSize: fields.number('part-size'),
    parts: fields.number('parts'),
    root: fields.hex('root', 32),
  };
  fields.end();
  return seal;
}
