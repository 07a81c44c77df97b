/** Drawing a codename: seven words, each as likely as any other. */
import type { Random } from '../bytes/random.ts';
import { CODENAME_WORDS } from './words.ts';

/** Words in a codename. */
export const CODENAME_LENGTH = 7;

/** The words that are drawn. The four with a hyphen are not: on paper "yo-yo" cannot be told from "yoyo". 7 of them carry 90.4 bits. */
const DRAWN = CODENAME_WORDS.filter((word) => !word.includes('-'));
/** Numbers of two bytes from here on are thrown away, or the first words would come up more often. */
const LIMIT = 2 ** 16 - (2 ** 16 % DRAWN.length);

/** Seven words drawn by `random`, in order; the same word may come twice. */
export function drawCodename(random: Random): string[] {
  const words: string[] = [];
  while (words.length < CODENAME_LENGTH) {
    const [high = 0, low = 0] = random(2);
    const number = high * 256 + low;
    const word = number < LIMIT ? DRAWN[number % DRAWN.length] : undefined;
    if (word !== undefined) words.push(word);
  }
  return words;
}
