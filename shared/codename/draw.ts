/** Drawing a codename: seven words, each as likely as any other. */
import type { Random } from '../bytes/random.ts';
import { Problem } from '../problem/problem.ts';
import { CODENAME_WORDS } from './words.ts';

/** Words in a codename. */
export const CODENAME_LENGTH = 7;

/** The words that are drawn. The four with a hyphen are not: on paper "yo-yo" cannot be told from "yoyo". 7 of them carry 90.4 bits. */
const DRAWN = CODENAME_WORDS.filter((word) => !word.includes('-'));
/** Numbers of two bytes from here on are thrown away, or the first words would come up more often. */
const LIMIT = 2 ** 16 - (2 ** 16 % DRAWN.length);

/** Seven words drawn by `random`, in order; the same word may come twice. Problem `internal` when `random` gives too little. */
export function drawCodename(random: Random): string[] {
  const words: string[] = [];
  while (words.length < CODENAME_LENGTH) {
    const [high, low] = random(2);
    if (high === undefined || low === undefined) throw new Problem('internal');
    const number = high * 256 + low;
    if (number < LIMIT) words.push(DRAWN[number % DRAWN.length]!);
  }
  return words;
}
