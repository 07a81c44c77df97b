/** The seal: the sender's signed word that a parcel is complete, and of which parts. */
import type { SigningKey } from '../crypto/ed25519.ts';
import { readFields, writeFields } from './fields.ts';
import { openNote, signNote } from './note.ts';

export interface Seal {
  readonly parcel: string;
  readonly partSize: number;
  readonly parts: number;
  /** RFC 6962 Merkle root over the SHA-256 of each part's ciphertext, in lower-case hex. */
  readonly root: string;
}

/** Signs a seal with the mailbox key. */
export async function signSeal(seal: Seal, mailbox: SigningKey): Promise<string> {
  const text = writeFields('postern/seal/v1', [
    ['parcel', seal.parcel],
    ['part-size', seal.partSize],
    ['parts', seal.parts],
    ['root', seal.root],
  ]);
  return signNote(text, 'postern-mailbox', mailbox);
}

/** The seal in a note signed by the mailbox key. Problems `note-invalid`, `signature-wrong`. */
export async function openSeal(note: string, mailbox: Uint8Array): Promise<Seal> {
  const fields = readFields(await openNote(note, 'postern-mailbox', mailbox), 'postern/seal/v1');
  const seal: Seal = {
    parcel: fields.parcel(),
    partSize: fields.number('part-size'),
    parts: fields.number('parts'),
    root: fields.hex('root', 32),
  };
  fields.end();
  return seal;
}
