/** The desk's signed word about the files of a parcel, made so that it can be published before any of them: it shows their number and nothing else. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { MAX_FILES } from '../../shared/parcel/limits.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { readFields, writeFields } from '../../shared/statements/fields.ts';
import { openNote, signNote } from '../../shared/statements/note.ts';

const CONTEXT = 'postern/clip-commitments/v1';

export interface ClipStatement {
  /** Public key of the desk that signs it. */
  readonly desk: Uint8Array;
  readonly day: string;
  /** 16 bytes in hex, drawn for this statement. */
  readonly nonce: string;
  /** Parcel id, blinded. */
  readonly parcel: string;
  /** Root of the seal, blinded; null when the parcel was not sealed. */
  readonly seal: string | null;
  /** How many files, and the root of the tree over the lines of each (clip-file.ts). */
  readonly files: number;
  readonly tree: string;
}

/** Signs a statement with the desk's key. */
export async function signClipStatement(statement: Omit<ClipStatement, 'desk'>, key: SigningKey): Promise<string> {
  const text = writeFields(CONTEXT, [
    ['desk', toBase64Url(key.publicKey)],
    ['day', statement.day],
    ['nonce', statement.nonce],
    ['parcel', statement.parcel],
    ['seal', statement.seal ?? 'none'],
    ['files', statement.files],
    ['tree', statement.tree],
  ]);
  return signNote(text, 'postern-desk', key);
}

/** The statement in a note signed by this desk. Problems `note-invalid`, `signature-wrong`. */
export async function openClipStatement(note: string, desk: Uint8Array): Promise<ClipStatement> {
  const fields = readFields(await openNote(note, 'postern-desk', desk), CONTEXT);
  const statement: ClipStatement = {
    desk: fields.key('desk'),
    day: fields.day('day'),
    nonce: fields.hex('nonce', 16),
    parcel: fields.hex('parcel', 32),
    seal: fields.textOrNone('seal', (value) => toHex(fromHex(value, 32))),
    files: fields.number('files'),
    tree: fields.hex('tree', 32),
  };
  fields.end();
  if (!equalBytes(statement.desk, desk) || statement.files < 1 || statement.files > MAX_FILES)
    throw new Problem('note-invalid');
  return statement;
}
