/** Help for someone who types a codename: words that begin so, and words that are spelled nearly so. */
import { foldWord } from './normalise.ts';
import { CODENAME_WORDS } from './words.ts';

/** Letters of a typed word that are looked at; the longest word of the list has nine. */
const LONGEST_TYPED = 24;

/** Words of the list that begin with `prefix`, in order, at most `limit`; none for an empty prefix. */
export function completions(prefix: string, limit = 8): string[] {
  const start = foldWord(prefix);
  if (start === '') return [];
  const found: string[] = [];
  for (let at = firstNotBefore(start); found.length < limit; at++) {
    const word = CODENAME_WORDS[at];
    if (word === undefined || !word.startsWith(start)) break;
    found.push(word);
  }
  return found;
}

/** The `limit` words of the list with the fewest slips (a letter missing, added, wrong, or two swapped) from `word`, nearest first. */
export function nearest(word: string, limit = 3): string[] {
  const typed = foldWord(word).slice(0, LONGEST_TYPED);
  return CODENAME_WORDS.map((candidate) => ({ candidate, slips: editDistance(typed, candidate) }))
    .sort((a, b) => a.slips - b.slips)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

function firstNotBefore(start: string): number {
  let low = 0;
  let high = CODENAME_WORDS.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (CODENAME_WORDS[middle]! < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Optimal string alignment distance: Levenshtein's, with a swap of neighbours as one slip. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, previous[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
