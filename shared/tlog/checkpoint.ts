/** A checkpoint of the log of receipts (c2sp.org/tlog-checkpoint): the server's signed word that its first leaves are these, and no others. */
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { toHex } from '../bytes/hex.ts';
import type { SigningKey } from '../crypto/ed25519.ts';
import { Problem } from '../problem/problem.ts';
import { parseNumber } from '../statements/fields.ts';
import { openNote, signNote, unverifiedText } from '../statements/note.ts';
import type { LogName } from '../statements/note.ts';
import { TILE_WIDTH } from './tile-path.ts';

export interface Checkpoint {
  /** The name of the log, which is also that of the key in the signature line. */
  readonly origin: LogName;
  /** Number of leaves; only full tiles are ever published. */
  readonly size: number;
  /** RFC 6962 Merkle root over them. */
  readonly root: Uint8Array;
}

const ORIGIN = /^postern\/log\/v1\/[0-9a-f]{32}$/;

/** The name of a log from the 16 random bytes that were drawn at its start. */
export function logName(start: Uint8Array): LogName {
  return `postern/log/v1/${toHex(start)}`;
}

/**
 * Signs a checkpoint with the server's receipt key. It cannot pass for a receipt, nor a receipt for it: the signed texts begin with
 * different lines, and the signature lines bear different names.
 */
export async function signCheckpoint({ origin, size, root }: Checkpoint, key: SigningKey): Promise<string> {
  return signNote(`${origin}\n${size}\n${toBase64(root)}\n`, origin, key);
}

/** The checkpoint in a note signed by the receipt key of the card. Problems `note-invalid`, `encoding-invalid`, `signature-wrong`. */
export async function openCheckpoint(note: string, receiptKey: Uint8Array): Promise<Checkpoint> {
  const checkpoint = parse(unverifiedText(note));
  await openNote(note, checkpoint.origin, receiptKey);
  return checkpoint;
}

function parse(text: string): Checkpoint {
  const [origin = '', size = '', root = '', end, ...more] = text.split('\n');
  if (!isLogName(origin) || end !== '' || more.length > 0) throw new Problem('note-invalid');
  const checkpoint = { origin, size: parseNumber(size), root: fromBase64(root) };
  const isWhole = checkpoint.size > 0 && checkpoint.size % TILE_WIDTH === 0;
  if (!isWhole || checkpoint.root.length !== 32) throw new Problem('note-invalid');
  return checkpoint;
}

function isLogName(origin: string): origin is LogName {
  return ORIGIN.test(origin);
}
