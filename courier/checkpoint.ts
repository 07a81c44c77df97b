/**
 * The whole of `checkpoint`: the server's newest word on its log of receipts is fetched, held against the last one in the bundle, and kept
 * with a request for a time stamp. What contradicts it is kept too: it is evidence.
 */
import { fromBase64Url } from '../shared/bytes/base64.ts';
import { equalBytes } from '../shared/bytes/equal.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { openCard } from '../shared/statements/card.ts';
import { rootOfHashes } from '../shared/statements/merkle.ts';
import { openCheckpoint } from '../shared/tlog/checkpoint.ts';
import type { Checkpoint } from '../shared/tlog/checkpoint.ts';
import { TILE_WIDTH } from '../shared/tlog/tile-path.ts';
import { openBundle, readIfThere } from './bundle.ts';
import { checkpointName, checkpointPath, forkName, keep, keptCheckpoints, noteHash } from './checkpoint-files.ts';
import type { KeptCheckpoint } from './checkpoint-files.ts';
import { atServer } from './connect.ts';
import type { ServerOptions } from './connect.ts';
import type { Effects } from './effects.ts';
import { Halt } from './halt.ts';
import { createLogApi } from './log-api.ts';
import type { LogApi } from './log-api.ts';
import { readCard } from './read-card.ts';
import { NONCE_LENGTH, timeStampRequest } from './time-stamp.ts';

export interface CheckpointOptions extends ServerOptions {
  readonly bundle: string;
  /** The public root key that the card must be signed by, base64url; null: the card in the bundle is taken as it is. */
  readonly root: string | null;
}

/**
 * - `signature`: not signed by the receipt key of the card.
 * - `tiles`: the log's own tiles are not what the checkpoint says.
 * - `fork`: what was signed before is not the beginning of what is signed now.
 * - `shorter`: the log was longer before.
 * - `other-log`: another log than the one known so far.
 */
export type CheckpointFinding = 'signature' | 'tiles' | 'fork' | 'shorter' | 'other-log';

export interface CheckpointReport {
  readonly finding: CheckpointFinding | null;
  /** Name of the log and number of its leaves; null when the signature does not hold. */
  readonly log: string | null;
  readonly size: number | null;
  /** The one before it that it was held against, or null where it is the first. */
  readonly before: number | null;
  /** Files, by their names in `checkpoints/`; the first is the note. */
  readonly files: readonly string[];
  /** True when this run brought it. */
  readonly fresh: boolean;
}

/** Fetches, checks and keeps. Halts `card-missing`, `log-missing`, and those of bundle and server. */
export async function checkpoint(options: CheckpointOptions, effects: Effects): Promise<CheckpointReport> {
  const bundle = await openBundle(options.bundle, effects.now);
  try {
    const key = await receiptKeyIn((await readIfThere(bundle.card)) ?? '', options.root);
    const kept = await keptCheckpoints(bundle.folder, key);
    return await atServer(options, effects, async ({ session, patience }) => {
      const api = createLogApi(session, patience);
      const note = await api.checkpoint();
      if (note === null)
        throw new Halt('log-missing', 'The server has no log of receipts yet.', 'It begins one when it is new enough.');
      const opened = await openCheckpoint(note, key).catch((error: unknown) => {
        if (isProblem(error)) return null;
        throw error;
      });
      const nothing = { log: null, size: null, before: null, files: [], fresh: false };
      if (opened === null) return { finding: 'signature', ...nothing };
      const before = kept.filter(({ origin }) => origin === opened.origin).at(-1);
      const finding =
        (await judge(opened, before, api)) ?? (before === undefined && kept.length > 0 ? 'other-log' : null);
      const isEvidence = finding === 'fork' || finding === 'tiles';
      const name = isEvidence ? forkName(opened) : checkpointName(opened);
      const fresh = await keep(checkpointPath(bundle.folder, name, 'note'), note);
      const request = timeStampRequest(noteHash(note), effects.random(NONCE_LENGTH));
      await keep(checkpointPath(bundle.folder, name, 'tsq'), request);
      const files = [`${name}.note`, `${name}.tsq`];
      return { finding, log: opened.origin, size: opened.size, before: before?.size ?? null, files, fresh };
    });
  } finally {
    await bundle.release();
  }
}

async function receiptKeyIn(note: string, root: string | null): Promise<Uint8Array> {
  if (root === null) {
    const card = await readCard(note);
    if (card !== null) return card.receiptKey;
    throw new Halt('card-missing', 'There is no key card in the bundle.', 'Run pull first: it brings the card.');
  }
  try {
    return (await openCard(note, fromBase64Url(root, 32))).receiptKey;
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Halt('card-missing', 'The card in the bundle is not signed by that root key.', 'Tell the desk.');
  }
}

/** What is wrong with a checkpoint, seen from the last one that was kept and from the log's own tiles. */
async function judge(
  now: Checkpoint,
  before: KeptCheckpoint | undefined,
  api: LogApi,
): Promise<CheckpointFinding | null> {
  if (before !== undefined && before.size > now.size) return 'shorter';
  if (before?.size === now.size) return equalBytes(before.root, now.root) ? null : 'fork';
  // All tiles are full, so both roots follow from the same list: whoever gets both has one history.
  const roots = await api.roots(now.size / TILE_WIDTH);
  if (!equalBytes(await rootOfHashes(roots), now.root)) return 'tiles';
  if (before === undefined) return null;
  const beginning = await rootOfHashes(roots.slice(0, before.size / TILE_WIDTH));
  return equalBytes(beginning, before.root) ? null : 'fork';
}
