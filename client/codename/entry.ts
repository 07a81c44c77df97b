/** Entering a codename: seven fields, what each one holds, and what is still wrong with it. No DOM. */
import { CODENAME_LENGTH } from '../../shared/codename/draw.ts';
import { foldWord } from '../../shared/codename/normalise.ts';
import { completions, nearest } from '../../shared/codename/suggest.ts';

/** What is in the fields, as typed. Always seven. */
export type Entry = readonly string[];

export type Fault =
  | { readonly kind: 'missing' }
  /** Not in the list; `near` are the words spelled most like it. */
  | { readonly kind: 'unlisted'; readonly near: readonly string[] }
  /** In the list, but another word than the one that was shown. */
  | { readonly kind: 'different' };

export type Faults = readonly (Fault | null)[];

export const EMPTY_ENTRY: Entry = Array.from({ length: CODENAME_LENGTH }, () => '');
export const NO_FAULTS: Faults = EMPTY_ENTRY.map(() => null);

/** What was left out of a text that was typed or pasted. */
export type LeftOut =
  /** Words for which there is no field. */
  | { readonly kind: 'words'; readonly count: number }
  /** Signs and pictures: no word holds any. */
  | { readonly kind: 'signs' };

/** All that parts two words when they are typed or pasted together: spaces, commas, numbering, and hyphens, which no drawn word holds. */
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{Cf}]+/u;
const SIGNS = /\p{S}/u;

/**
 * The fields after `text` has been typed or pasted into field `at` (from 0): what holds several words fills the fields after it too,
 * and a whole codename fills them all. `next` is the field that comes next, which is `at` itself while one word is still being typed.
 */
export function enterText(entry: Entry, at: number, text: string): { readonly entry: Entry; readonly next: number } {
  const words = wordsIn(text);
  const finished = words.length > 0 && BETWEEN_WORDS.test(text.slice(-1));
  if (words.length <= 1) {
    return { entry: entry.with(at, words[0] ?? ''), next: finished ? Math.min(at + 1, CODENAME_LENGTH - 1) : at };
  }
  const first = firstField(words, at);
  const fits = words.slice(0, CODENAME_LENGTH - first);
  const filled = entry.map((before, index) => fits[index - first] ?? before);
  return { entry: filled, next: Math.min(first + fits.length, CODENAME_LENGTH - 1) };
}

/** What of `text`, typed or pasted into field `at`, went into no field; null when nothing did that matters. */
export function leftOutOf(text: string, at: number): LeftOut | null {
  const words = wordsIn(text);
  const count = words.length - (CODENAME_LENGTH - firstField(words, at));
  if (count > 0) return { kind: 'words', count };
  return SIGNS.test(text) ? { kind: 'signs' } : null;
}

function wordsIn(text: string): string[] {
  return text.split(BETWEEN_WORDS).filter((word) => word !== '');
}

/** Seven words and more begin in the first field, wherever they were pasted. */
function firstField(words: readonly string[], at: number): number {
  return words.length >= CODENAME_LENGTH ? 0 : at;
}

/** The words to offer while `typed` is being typed: none until two letters are there, none once it is a whole word with no longer one. */
export function offersFor(typed: string): readonly string[] {
  const word = foldWord(typed);
  if (word.length < 2) return [];
  const offers = completions(word, 6);
  return offers.length === 1 && offers[0] === word ? [] : offers;
}

/** True when the word, in any case and with accents forgiven, is in the list. */
export function isListed(typed: string): boolean {
  return completions(typed, 1)[0] === foldWord(typed);
}

/** What is wrong with a field that is no longer being typed in, apart from being empty; null when nothing is. */
export function spellingFault(typed: string): Fault | null {
  if (typed === '' || isListed(typed)) return null;
  // For a word in another script no word of the list is near.
  return { kind: 'unlisted', near: /[a-z]/.test(foldWord(typed)) ? nearest(typed, 3) : [] };
}

/** What is wrong with each field of a codename that this page does not know: a word that is missing, or not in the list. */
export function listFaults(entry: Entry): Faults {
  return entry.map((typed) => (typed === '' ? { kind: 'missing' } : spellingFault(typed)));
}

/** The words as the list has them. Only for an entry without faults. */
export function wordsOf(entry: Entry): string[] {
  return entry.map(foldWord);
}

/** What is wrong with each field, against the words that were shown. All null: the codename is confirmed. */
export function faultsOf(entry: Entry, words: readonly string[]): Faults {
  return words.map((word, index) => {
    const typed = entry[index] ?? '';
    if (typed === '') return { kind: 'missing' };
    if (foldWord(typed) === word) return null;
    return spellingFault(typed) ?? { kind: 'different' };
  });
}

/** True when all the right words are there, in another order. */
export function isOnlyOrder(entry: Entry, words: readonly string[]): boolean {
  const typed = entry.map(foldWord);
  return typed.join() !== words.join() && typed.toSorted().join() === words.toSorted().join();
}

/** The faults to show after field `at` was typed in: what changed is no longer called wrong; the word that was left is looked at. */
export function faultsAfter(faults: Faults, before: Entry, after: Entry, at: number, next: number): Faults {
  return faults.map((fault, index) => {
    const typed = after[index] ?? '';
    if (next !== at && index >= at && index < next) return spellingFault(typed);
    return typed === before[index] ? fault : null;
  });
}
