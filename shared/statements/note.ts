/** C2SP signed notes (c2sp.org/signed-note) with exactly one Ed25519 signature: the form of every signed statement. */
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { concat } from '../bytes/concat.ts';
import { equalBytes } from '../bytes/equal.ts';
import { utf8Encode } from '../bytes/utf8.ts';
import { verifyEd25519 } from '../crypto/ed25519.ts';
import type { SigningKey } from '../crypto/ed25519.ts';
import { sha256 } from '../crypto/sha256.ts';
import { Problem } from '../problem/problem.ts';

/** Whose key signs: the name in the signature line. One name per role, so that a key of one role says nothing for another. */
export type KeyName =
  | 'postern-root'
  | 'postern-mailbox'
  | 'postern-receipt'
  | 'postern-courier'
  | 'postern-reply'
  | 'postern-desk'
  /** A log of receipts signs its checkpoints under its own name. */
  | LogName;

export type LogName = `postern/log/v1/${string}`;

/** The longest note that is read at all, in UTF-16 units; a card with many hybrid recipients is the largest. */
export const MAX_NOTE_LENGTH = 65_536;

const ED25519_ALGORITHM = 0x01;
const SIGNATURE_LINE = /^— ([^ +\n]+) ([A-Za-z0-9+/]+={0,2})\n$/;

/** The first four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ public key): which key a signature line is from. */
async function keyId(name: KeyName, publicKey: Uint8Array): Promise<Uint8Array> {
  const hash = await sha256(concat(utf8Encode(`${name}\n`), Uint8Array.of(ED25519_ALGORITHM), publicKey));
  return hash.subarray(0, 4);
}

/** Signs `text` (which ends in LF) and gives the whole note: text, an empty line, one signature line. */
export async function signNote(text: string, name: KeyName, key: SigningKey): Promise<string> {
  const signature = await key.sign(utf8Encode(text));
  return `${text}\n— ${name} ${toBase64(concat(await keyId(name, key.publicKey), signature))}\n`;
}

/** The text of a note before its signature has been looked at: only good for learning which key must have signed it. */
export function unverifiedText(note: string): string {
  return splitNote(note).text;
}

/** The signed text of a note. Problems: `note-invalid` when it is no such note, `signature-wrong` when another key signed or a byte differs. */
export async function openNote(note: string, name: KeyName, publicKey: Uint8Array): Promise<string> {
  const { text, signer, blob } = splitNote(note);
  if (signer !== name || !equalBytes(blob.subarray(0, 4), await keyId(name, publicKey)))
    throw new Problem('signature-wrong');
  if (!(await verifyEd25519(publicKey, utf8Encode(text), blob.subarray(4)))) throw new Problem('signature-wrong');
  return text;
}

function splitNote(note: string): { text: string; signer: string; blob: Uint8Array } {
  const cut = note.length <= MAX_NOTE_LENGTH && note.isWellFormed() ? note.lastIndexOf('\n\n') : -1;
  const line = cut < 0 ? null : SIGNATURE_LINE.exec(note.slice(cut + 2));
  if (!line) throw new Problem('note-invalid');
  const blob = fromBase64(line[2]!);
  if (blob.length !== 68) throw new Problem('note-invalid');
  return { text: note.slice(0, cut + 1), signer: line[1]!, blob };
}
