/** Reading a codename as people type it: any case, punctuation, numbering, line breaks and accents of an input method. */
import { Problem } from '../problem/problem.ts';
import { CODENAME_LENGTH } from './draw.ts';
import { CODENAME_WORDS } from './words.ts';

const KNOWN: ReadonlySet<string> = new Set(CODENAME_WORDS);

/** Invisible characters and combining marks: dropped. */
const IGNORED = /[\p{Mn}\p{Me}\p{Cf}]+/gu;
/** All that is neither letter nor digit parts words; so do hyphens, and the words that hold one are put together again. */
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u;

/**
 * The seven words of a codename. Problem `codename-invalid`: `{ index }`, from 1, of the first word that is not in the list, or
 * `{ words }` when all are but there are not seven. Never the words themselves.
 */
export function parseCodename(text: string): string[] {
  const words = joinHyphens(splitWords(text));
  const wrong = words.findIndex((word) => !KNOWN.has(word));
  if (wrong >= 0) throw new Problem('codename-invalid', { index: wrong + 1 });
  if (words.length !== CODENAME_LENGTH) throw new Problem('codename-invalid', { words: words.length });
  return words;
}

/** One word as the list would have it: lower case, compatibility forms and accents taken away (NFKD). It need not be in the list. */
export function foldWord(text: string): string {
  return text.normalize('NFKD').replace(IGNORED, '').toLowerCase().replaceAll('ı', 'i');
}

function splitWords(text: string): string[] {
  const pieces = foldWord(text).split(BETWEEN_WORDS);
  // Numbering: "1. word", "2) word", "3word". A number alone is no word.
  return pieces.map((piece) => piece.replace(/^\p{N}+/u, '')).filter((piece) => piece !== '');
}

/** "felt", "tip" are one word of the list; a pair is joined only where that makes one. */
function joinHyphens(pieces: readonly string[]): string[] {
  const words: string[] = [];
  for (const piece of pieces) {
    const joined = `${words.at(-1) ?? ''}-${piece}`;
    if (KNOWN.has(joined)) words[words.length - 1] = joined;
    else words.push(piece);
  }
  return words;
}
