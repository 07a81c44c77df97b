/** The part statement: the sender's signed word that this ciphertext is this part of this parcel. */
import type { SigningKey } from '../crypto/ed25519.ts';
import { readFields, writeFields } from './fields.ts';
import { openNote, signNote, unverifiedText } from './note.ts';

export interface PartStatement {
  readonly parcel: string;
  /** Sequence number from 0. */
  readonly part: number;
  /** Bytes of ciphertext: a whole age file. */
  readonly size: number;
  /** SHA-256 of the ciphertext in lower-case hex. */
  readonly sha256: string;
}

/** Signs a part statement with the mailbox key. */
export async function signPartStatement(statement: PartStatement, mailbox: SigningKey): Promise<string> {
  const text = writeFields('postern/part/v1', [
    ['parcel', statement.parcel],
    ['part', statement.part],
    ['size', statement.size],
    ['sha256', statement.sha256],
  ]);
  return signNote(text, 'postern-mailbox', mailbox);
}

/** The statement in a note signed by the mailbox key. Problems `note-invalid`, `signature-wrong`. */
export async function openPartStatement(note: string, mailbox: Uint8Array): Promise<PartStatement> {
  return readPartStatement(await openNote(note, 'postern-mailbox', mailbox));
}

/** What a note says before its signature has been looked at: only good for finding the parcel it must belong to. Problem `note-invalid`. */
export function unverifiedPartStatement(note: string): PartStatement {
  return readPartStatement(unverifiedText(note));
}

function readPartStatement(text: string): PartStatement {
  const fields = readFields(text, 'postern/part/v1');
  const statement: PartStatement = {
    parcel: fields.parcel(),
    part: fields.number('part'),
    size: fields.number('size'),
    sha256: fields.hex('sha256', 32),
  };
  fields.end();
  return statement;
}
