/** The words of a fingerprint: fixed for good, and different for different keys. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintWords } from '../../../shared/codename/fingerprint-words.ts';
import { CODENAME_WORDS } from '../../../shared/codename/words.ts';
import { Problem } from '../../../shared/problem/problem.ts';

const WORDS = CODENAME_WORDS.filter((word) => !word.includes('-'));

test('ten words from which the 128 bits follow again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const words = fingerprintWords(bytes).split(' ');
      expect(words).toHaveLength(10);
      const number = words.reduce((sum, word) => sum * BigInt(WORDS.length) + BigInt(WORDS.indexOf(word)), 0n);
      expect(number.toString(16).padStart(32, '0')).toBe(Buffer.from(bytes).toString('hex'));
    }),
  );
});

test('the words of a key do not change from one version to the next', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
  expect(fingerprintWords(bytes)).toBe(
    'abacus target plug overload marshy murmuring sector distress deprecate mortuary',
  );
  expect(() => fingerprintWords(bytes.subarray(1))).toThrow(Problem);
});
