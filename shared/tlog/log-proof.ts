/** The proof that a receipt is in the log, as it travels in an envelope: the form of c2sp.org/tlog-proof, with the blinding as its extra data. */
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { equalBytes } from '../bytes/equal.ts';
import { Problem } from '../problem/problem.ts';
import { parseNumber } from '../statements/fields.ts';
import { leafHash } from '../statements/merkle.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { BLINDING_LENGTH, receiptEntry } from './entry.ts';
import { rootFromPath } from './inclusion.ts';
import { HASH_LENGTH } from './tile-path.ts';

export interface LogProof {
  readonly blinding: Uint8Array;
  readonly index: number;
  /** Hashes beside the leaf's way up, the lowest first. */
  readonly path: readonly Uint8Array[];
  /** The note of the checkpoint. */
  readonly checkpoint: string;
}

/** The longest proof that is read at all, in UTF-16 units: a path is at most 53 hashes long. */
export const MAX_LOG_PROOF_LENGTH = 4_096;

const FORM = 'c2sp.org/tlog-proof@v1';
const HEAD = /^extra ([A-Za-z0-9+/=]+)\nindex (\d+)$/;

export function formatLogProof({ blinding, index, path, checkpoint }: LogProof): string {
  const lines = [FORM, `extra ${toBase64(blinding)}`, `index ${index}`, ...path.map((hash) => toBase64(hash))];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** The proof in a text; nothing in it is believed yet. Problems `note-invalid`, `encoding-invalid`. */
export function parseLogProof(text: string): LogProof {
  const cut = text.length <= MAX_LOG_PROOF_LENGTH ? text.indexOf('\n\n') : -1;
  const [form, extra, place, ...path] = text.slice(0, Math.max(cut, 0)).split('\n');
  const [, blinding = '', index = ''] = HEAD.exec(`${extra}\n${place}`) ?? [];
  if (form !== FORM || blinding === '') throw new Problem('note-invalid');
  const proof: LogProof = {
    blinding: sized(blinding, BLINDING_LENGTH),
    index: parseNumber(index),
    path: path.map((line) => sized(line, HASH_LENGTH)),
    checkpoint: text.slice(cut + 2),
  };
  return proof;
}

/**
 * The checkpoint under which `receipt` is proved to be in the log. Problems of the text as above; `signature-wrong` when the checkpoint is
 * not signed by the receipt key, `statement-mismatch` when the receipt is not in the log at that place.
 */
export async function openLogProof(text: string, receipt: string, receiptKey: Uint8Array): Promise<ProvedPlace> {
  const proof = parseLogProof(text);
  const checkpoint = await openCheckpoint(proof.checkpoint, receiptKey);
  const leaf = await leafHash(await receiptEntry(proof.blinding, receipt));
  const { index, path } = proof;
  const root = await rootFromPath(leaf, { index, size: checkpoint.size, path });
  if (root === null || !equalBytes(root, checkpoint.root)) throw new Problem('statement-mismatch');
  return { index, checkpoint };
}

export interface ProvedPlace {
  readonly index: number;
  readonly checkpoint: Checkpoint;
}

function sized(text: string, length: number): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes.length !== length) throw new Problem('note-invalid');
  return bytes;
}
