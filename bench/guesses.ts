/** What a guess at a codename costs whoever has the server's database: candidates near the true one, each made into a mailbox key and looked up. */
import { toHex } from '../shared/bytes/hex.ts';
import type { Random } from '../shared/bytes/random.ts';
import { deriveCodename } from '../shared/codename/derive.ts';
import { drawCodename } from '../shared/codename/draw.ts';

export interface GuessFigures {
  readonly guesses: number;
  /** Milliseconds of one processor for each. */
  readonly each: number;
  /** True when the true one, put in as the last guess, was recognised: the work measured is the whole of an attack. */
  readonly found: boolean;
}

/** Guesses for about `ms`, one after the other. `now` in milliseconds. */
export async function measureGuesses(ms: number, now: () => number, random: Random): Promise<GuessFigures> {
  const rootKey = random(32);
  const words = drawCodename(random);
  const mailboxes = new Set([toHex((await deriveCodename({ words, rootKey })).mailbox.publicKey)]);
  const guess = async (candidate: readonly string[]) =>
    mailboxes.has(toHex((await deriveCodename({ words: candidate, rootKey })).mailbox.publicKey));
  const start = now();
  let guesses = 0;
  do {
    // One word differs: nearer than that no list of candidates can be.
    const place = guesses % words.length;
    const candidate = words.with(place, drawCodename(random)[0]!);
    if (await guess(candidate)) throw new Error('a wrong codename was taken for the true one');
    guesses += 1;
  } while (now() - start < ms);
  const each = (now() - start) / guesses;
  return { guesses, each, found: await guess(words) };
}
