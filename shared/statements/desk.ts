/** The desk statement: the root key's word that a key signs what one desk did, so that a report can be verified from the root key alone. */
import { toBase64Url } from '../bytes/base64.ts';
import { equalBytes } from '../bytes/equal.ts';
import type { SigningKey } from '../crypto/ed25519.ts';
import { Problem } from '../problem/problem.ts';
import { parseDay, readFields, writeFields } from './fields.ts';
import { openNote, signNote } from './note.ts';

/** A desk, as the organisation knows it. */
export interface DeskStatement {
  readonly rootKey: Uint8Array;
  /** What the organisation calls the desk. */
  readonly desk: string;
  /** Public key by which the desk signs its custody records. */
  readonly key: Uint8Array;
  /** The day of the statement. */
  readonly issued: string;
}

/** The longest name of a desk, in UTF-16 units. */
export const DESK_NAME_LENGTH = 60;

/** Signs a desk statement with the root key; `statement.rootKey` must be its public key. Problems `note-invalid`, `signature-wrong`. */
export async function signDeskStatement(statement: DeskStatement, root: SigningKey): Promise<string> {
  if (!equalBytes(statement.rootKey, root.publicKey)) throw new Problem('signature-wrong');
  checkStatement(statement);
  const text = writeFields('postern/desk/v1', [
    ['root', toBase64Url(statement.rootKey)],
    ['desk', statement.desk],
    ['key', toBase64Url(statement.key)],
    ['issued', statement.issued],
  ]);
  return signNote(text, 'postern-root', root);
}

/** The desk statement in a note that the root key signed. Problems `note-invalid`, `encoding-invalid`, `signature-wrong`. */
export async function openDeskStatement(note: string, rootKey: Uint8Array): Promise<DeskStatement> {
  const fields = readFields(await openNote(note, 'postern-root', rootKey), 'postern/desk/v1');
  const statement: DeskStatement = {
    rootKey: fields.key('root'),
    desk: fields.text('desk'),
    key: fields.key('key'),
    issued: fields.day('issued'),
  };
  fields.end();
  if (!equalBytes(statement.rootKey, rootKey)) throw new Problem('signature-wrong');
  checkStatement(statement);
  return statement;
}

function checkStatement({ desk, key, issued }: DeskStatement): void {
  if (desk.length > DESK_NAME_LENGTH || key.length !== 32 || parseDay(issued) !== issued)
    throw new Problem('note-invalid');
}
