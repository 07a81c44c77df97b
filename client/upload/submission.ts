/** The page's way into the upload: wires the engine to this browser's workers, requests, clock and randomness. */
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import { deriveCodename } from '../../shared/codename/derive.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Card } from '../../shared/statements/card.ts';
import { Problem } from '../../shared/problem/problem.ts';
import type { Mailbox, Unfinished } from '../mailbox/mailbox.ts';
import { systemClock } from './clock.ts';
import { startEngine } from './engine.ts';
import type { PickedFile, Submission } from './submission-types.ts';
import { systemRandom } from './system-random.ts';
import type { Resumption } from './resumption-types.ts';
import { startCrew } from './workers.ts';
import { createXhrTransport } from './xhr-transport.ts';

export interface SubmissionInput {
  readonly card: Card;
  readonly files: readonly PickedFile[];
  /** Null when there is none; never empty. */
  readonly message: string | null;
  /** The seven words. */
  readonly words: readonly string[];
}

export interface ResumptionInput {
  readonly mailbox: Mailbox;
  readonly keys: CodenameKeys;
  readonly card: Card;
  readonly unfinished: Unfinished;
}

/** The keys of the latest codename, or on their way: a few seconds' work, kept until a submission with them ends. */
let warm: { readonly name: string; readonly keys: Promise<CodenameKeys> } | null = null;

/** Starts to derive the keys of a codename: to be called while the person reads the words. Calling it again costs nothing. */
export function warmUp(words: readonly string[], rootKey: Uint8Array): void {
  void keysOf(words, rootKey);
}

/** Starts a submission. What it needs of the words and files it takes now; `stop` lets go of it. */
export function startSubmission({ card, files, message, words }: SubmissionInput): Submission {
  const crew = startCrew();
  const engine = startEngine({
    card,
    files,
    message,
    keys: keysOf(words, card.rootKey),
    hashing: crew.hashing,
    sealings: crew.sealings,
    transport: createXhrTransport(),
    clock: systemClock,
    random: systemRandom,
  });
  addEventListener('online', engine.wake);
  void engine.done.then(() => {
    removeEventListener('online', engine.wake);
    crew.end();
    warm = null;
  });
  return engine;
}

/** Takes up an unfinished submission: fetches and opens what is known of it. Problem `ledger-damaged` when that cannot be opened. */
export function openResumption(input: ResumptionInput): Promise<Resumption> {
  return Promise.reject(new Problem('internal', { writer: input.unfinished.writer }));
}

/** The keys of a codename, derived only once for the latest one. Problem `codename-invalid`. */
export function keysOf(words: readonly string[], rootKey: Uint8Array): Promise<CodenameKeys> {
  const name = `${words.join(' ')} ${toHex(rootKey)}`;
  if (warm?.name !== name) {
    const keys = deriveCodename({ words, rootKey });
    // Whoever uses them sees why it failed; a warm-up alone does not.
    keys.catch(() => undefined);
    warm = { name, keys };
  }
  return warm.keys;
}
