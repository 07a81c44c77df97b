/** The checkpoint of the server's log under which a receipt is proved, when somebody outside has stamped it with a time: taken from the bundle into the bag. */
import { createHash } from 'node:crypto';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { readBesideCheckpoint, readCheckpoints } from '../case/checkpoints.ts';
import type { LogPlace } from '../case/log-place.ts';
import { sha256Hex } from './report-note.ts';
import { answersRequest, MAX_ANSWER } from './time-stamp.ts';

/** What the report says of it: SHA-256 of the note and of the answer. */
export interface CheckpointStamp {
  readonly note: string;
  readonly answer: string;
}

/** The stamp, and the files to lie in custody/; null where no answer in the bundle is over exactly this checkpoint. */
export async function findCheckpointStamp(
  bundle: string,
  place: LogPlace | null,
  receiptKeys: readonly Uint8Array[],
): Promise<{ stamp: CheckpointStamp; files: ReadonlyMap<string, Uint8Array> } | null> {
  if (place === null) return null;
  for (const checkpoint of await readCheckpoints(bundle, receiptKeys)) {
    const { origin, size, root } = checkpoint;
    if (origin !== place.origin || size !== place.size || toHex(root) !== place.root) continue;
    const note = utf8Encode(checkpoint.note);
    const answer = await readBesideCheckpoint(bundle, checkpoint, 'tsr', MAX_ANSWER);
    if (answer === null || !answersRequest(answer, createHash('sha256').update(note).digest())) continue;
    const request = await readBesideCheckpoint(bundle, checkpoint, 'tsq', MAX_ANSWER);
    return {
      stamp: { note: sha256Hex(note), answer: sha256Hex(answer) },
      files: new Map([
        ['checkpoint.note', note],
        ...(request === null ? [] : [['checkpoint.tsq', request] as const]),
        ['checkpoint.tsr', answer],
      ]),
    };
  }
  return null;
}
