/** The files of a proof folder. A proof comes from a stranger: each is read without following links, and none beyond its bound. */
import { readPlain } from '../read-only.ts';

export const PROOF_FILES = {
  proof: 'proof.txt',
  statement: 'statement.note',
  desk: 'desk.note',
  shown: 'shown.bin',
  card: 'card.note',
  receipt: 'receipt.note',
  log: 'receipt.tlog-proof',
  readme: 'README.txt',
  verifier: 'verify_clip.py',
} as const;

/** Most bytes of a proof's text: the salts of some 60 GB of clips. */
export const MAX_PROOF_BYTES = 64 * 1024 * 1024;
/** Most bytes of a note. */
export const MAX_NOTE_BYTES = 65_536;

/** The bytes of a file; null when it is not there, is no plain file, is larger than `most`, or cannot be read. */
export async function readSmall(path: string, most: number): Promise<Uint8Array | null> {
  return readPlain(path, most).catch(() => null);
}
