/** `checkpoint --answer`: what a time-stamping authority answered is laid beside the checkpoint that it is about, if it is granted and fits the request. */
import { basename } from 'node:path';
import { equalBytes } from '../shared/bytes/equal.ts';
import { openBundleThatIs, readIfThere } from './bundle.ts';
import { checkpointNames, checkpointPath, keep, noteHash, readBytes } from './checkpoint-files.ts';
import type { Effects } from './effects.ts';
import { Halt } from './halt.ts';
import { nonceIn, readTimeStamp } from './time-stamp.ts';
import type { TimeStamp } from './time-stamp.ts';

/**
 * - `not-an-answer`: not in the form of one.
 * - `refused`: the authority did not grant it.
 * - `unknown`: it is about none of these checkpoints.
 * - `other-request`: it does not bear the number of the request that lies there.
 */
export type AnswerFinding = 'not-an-answer' | 'refused' | 'unknown' | 'other-request';

export interface AnswerReport {
  readonly finding: AnswerFinding | null;
  /** The checkpoint's name in `checkpoints/`, or null. */
  readonly checkpoint: string | null;
  /** `20261124120000Z`, by the authority's word. */
  readonly time: string | null;
}

const MOST_BYTES = 65_536;
const MOST_REQUEST = 1_024;

/** Keeps an answer. Halt `answer` for a file that cannot be read, and those of the bundle. */
export async function keepAnswer(
  { bundle: folder, answer: file }: { readonly bundle: string; readonly answer: string },
  effects: Effects,
): Promise<AnswerReport> {
  const bundle = await openBundleThatIs(folder, effects.now);
  try {
    const bytes = await readBytes(file, MOST_BYTES);
    if (bytes === null) throw new Halt('answer', `There is no file ${basename(file)}.`);
    const stamp = bytes.length === MOST_BYTES ? null : readTimeStamp(bytes);
    if (stamp === null) return { finding: 'not-an-answer', checkpoint: null, time: null };
    if (!stamp.granted) return { finding: 'refused', checkpoint: null, time: null };
    const { time } = stamp;
    const name = await nameOf(bundle.folder, stamp);
    if (name === null) return { finding: 'unknown', checkpoint: null, time };
    const request = await readBytes(checkpointPath(bundle.folder, name, 'tsq'), MOST_REQUEST);
    const nonce = request === null ? null : nonceIn(request);
    if (nonce !== null && !(stamp.nonce !== null && equalBytes(nonce, stamp.nonce)))
      return { finding: 'other-request', checkpoint: name, time };
    await keep(checkpointPath(bundle.folder, name, 'tsr'), bytes);
    return { finding: null, checkpoint: name, time };
  } finally {
    await bundle.release();
  }
}

/** The checkpoint whose note has the hash that was stamped. */
async function nameOf(folder: string, { sha256 }: TimeStamp): Promise<string | null> {
  if (sha256 === null) return null;
  for (const name of await checkpointNames(folder)) {
    const note = await readIfThere(checkpointPath(folder, name, 'note'));
    if (note !== null && equalBytes(noteHash(note), sha256)) return name;
  }
  return null;
}
