/** The page's way into the upload: wires the engine to this browser's workers, requests, clock and randomness. */
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import { deriveCodename } from '../../shared/codename/derive.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { nobleProvider } from '../../shared/crypto/noble-provider.ts';
import type { Card } from '../../shared/statements/card.ts';
import type { Mailbox, Unfinished } from '../mailbox/mailbox.ts';
import { systemClock } from './clock.ts';
import type { Effects } from './course.ts';
import { startEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { startFirstSending } from './first-sending.ts';
import { createResumption } from './resumption.ts';
import type { Resumption } from './resumption-types.ts';
import type { PickedFile, Submission } from './submission-types.ts';
import { systemRandom } from './system-random.ts';
import { startCrew } from './workers.ts';
import { createXhrTransport } from './xhr-transport.ts';

export interface SubmissionInput {
  readonly card: Card;
  readonly files: readonly PickedFile[];
  /** Null when there is none; never empty. */
  readonly message: string | null;
  /** The seven words: new ones, or those of a mailbox that is answered from. */
  readonly words: readonly string[];
}

export interface ResumptionInput {
  readonly mailbox: Mailbox;
  readonly keys: CodenameKeys;
  readonly card: Card;
  readonly unfinished: Unfinished;
}

/** The keys of the latest codename, or on their way: a few seconds' work, kept until a submission takes them. */
let warm: { readonly name: string; readonly keys: Promise<CodenameKeys> } | null = null;

/** Starts to derive the keys of a codename: to be called while the person reads the words. Calling it again costs nothing. */
export function warmUp(words: readonly string[], rootKey: Uint8Array): void {
  void keysOf(words, rootKey);
}

/** The keys of a codename, derived only once for the latest one, until a submission takes them. Problem `codename-invalid`. */
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

/** Starts a submission. What it needs of the words and files it takes now; `stop` lets go of it. */
export function startSubmission({ card, files, message, words }: SubmissionInput): Submission {
  const keys = keysOf(words, card.rootKey);
  warm = null;
  return withCrew(card, (effects) => startFirstSending({ ...effects, files, message, keys }));
}

/** Takes up an unfinished submission: fetches and opens what is known of it. Problem `ledger-damaged` when that cannot be opened. */
export function openResumption({ mailbox, keys, card, unfinished }: ResumptionInput): Promise<Resumption> {
  return createResumption({
    mailbox,
    keys,
    unfinished,
    provider: nobleProvider,
    begin(prepare) {
      warm = null;
      return withCrew(card, (effects) => startEngine(effects, prepare));
    },
  });
}

/** Runs an engine with workers of its own, for as long as it runs. What this thread encrypts is little: no WebAssembly for that. */
function withCrew(card: Card, start: (effects: Effects) => Engine): Engine {
  const crew = startCrew();
  const engine = start({
    card,
    hashing: crew.hashing,
    sealings: crew.sealings,
    provider: nobleProvider,
    transport: createXhrTransport(),
    clock: systemClock,
    random: systemRandom,
  });
  addEventListener('online', engine.wake);
  void engine.done.then(() => {
    removeEventListener('online', engine.wake);
    crew.end();
  });
  return engine;
}
