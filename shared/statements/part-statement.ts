/** The part statement: the sender's signed word that this ciphertext is this part of this parcel. */
import type { SigningKey } from '../crypto/ed25519.ts';
import { SENDER_KEY } from './direction.ts';
import type { Direction } from './direction.ts';
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

const CONTEXT = { submission: 'postern/part/v1', reply: 'postern/reply-part/v1' } as const;

/** Signs a part statement with the sender's key. */
export async function signPartStatement(
  statement: PartStatement,
  sender: SigningKey,
  direction: Direction = 'submission',
): Promise<string> {
  const text = writeFields(CONTEXT[direction], [
    ['parcel', statement.parcel],
    ['part', statement.part],
    ['size', statement.size],
    ['sha256', statement.sha256],
  ]);
  return signNote(text, SENDER_KEY[direction], sender);
}

/** The statement in a note signed by the sender's key. Problems `note-invalid`, `signature-wrong`. */
export async function openPartStatement(
  note: string,
  sender: Uint8Array,
  direction: Direction = 'submission',
): Promise<PartStatement> {
  return readPartStatement(await openNote(note, SENDER_KEY[direction], sender), direction);
}

/** What a note says before its signature has been looked at: only good for finding the parcel it must belong to. Problem `note-invalid`. */
export function unverifiedPartStatement(note: string, direction: Direction = 'submission'): PartStatement {
  return readPartStatement(unverifiedText(note), direction);
}

function readPartStatement(text: string, direction: Direction): PartStatement {
  const fields = readFields(text, CONTEXT[direction]);
  const statement: PartStatement = {
    parcel: fields.parcel(),
    part: fields.number('part'),
    size: fields.number('size'),
    sha256: fields.hex('sha256', 32),
  };
  fields.end();
  return statement;
}
