/** The word list is the EFF's, whole, in order and unchanged. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { CODENAME_WORDS } from '../../../shared/codename/words.ts';

test('7,776 different words in ASCII order, three to nine small letters, a hyphen in four of them', () => {
  expect(CODENAME_WORDS).toHaveLength(6 ** 5);
  expect(new Set(CODENAME_WORDS).size).toBe(6 ** 5);
  expect(CODENAME_WORDS.every((word, at) => at === 0 || CODENAME_WORDS[at - 1]! < word)).toBe(true);
  expect(CODENAME_WORDS.every((word) => /^[a-z-]{3,9}$/.test(word))).toBe(true);
  expect(CODENAME_WORDS.filter((word) => word.includes('-'))).toEqual(['drop-down', 'felt-tip', 't-shirt', 'yo-yo']);
});

test('SHA-256 of the words, one a line, as in the published list without its dice numbers', () => {
  const text = CODENAME_WORDS.map((word) => `${word}\n`).join('');
  expect(createHash('sha256').update(text).digest('hex')).toBe(
    '6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522',
  );
});
