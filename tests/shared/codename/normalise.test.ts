/** Typed codenames: forgiving in form, exact in the words, and silent about what was typed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldWord, parseCodename } from '../../../shared/codename/normalise.ts';
import { completions, nearest } from '../../../shared/codename/suggest.ts';
import { CODENAME_WORDS } from '../../../shared/codename/words.ts';
import type { Problem } from '../../../shared/problem/problem.ts';

function problemOf(text: string): Problem | null {
  try {
    parseCodename(text);
    return null;
  } catch (error) {
    return error as Problem;
  }
}

const WORDS = ['unearned', 'rocklike', 'attendant', 'felt-tip', 'polygon', 'delete', 'yo-yo'];

test.each([
  ['as drawn', 'unearned rocklike attendant felt-tip polygon delete yo-yo'],
  ['capitals', 'UNEARNED Rocklike ATTENDANT Felt-Tip polyGon DELETE Yo-yo'],
  ['lines, tabs and spaces', '  unearned\r\nrocklike\n\nattendant\tfelt-tip   polygon\u00a0delete\u3000yo-yo \n'],
  ['punctuation', 'unearned, rocklike; attendant. felt-tip / polygon | "delete" – yo-yo!'],
  ['numbering', '1. unearned 2. rocklike 3. attendant 4. felt-tip 5. polygon 6. delete 7. yo-yo'],
  ['numbering on lines', '1) unearned\n2) rocklike\n3) attendant\n4) felt-tip\n5) polygon\n6) delete\n7) yo-yo'],
  ['numbering without a space', '1unearned 2rocklike 3attendant 4felt-tip 5polygon 6delete 7yo-yo'],
  ['hyphens between words', 'unearned-rocklike-attendant-felt-tip-polygon-delete-yo-yo'],
  ['hyphenated words apart', 'unearned rocklike attendant felt tip polygon delete yo yo'],
  ['other hyphens', 'unearned rocklike attendant felt‑tip polygon delete yo–yo'],
  ['accents of an input method', 'unéarned röcklíke attendañt felt-tip pôlygon dëlete yo-yo'],
  ['combining accents', 'une\u0301arned rocklike attendant felt-tip polygon delete yo-yo'],
  [
    'full-width letters',
    'ｕｎｅａｒｎｅｄ　ｒｏｃｋｌｉｋｅ　ａｔｔｅｎｄａｎｔ　ｆｅｌｔ－ｔｉｐ　ｐｏｌｙｇｏｎ　ｄｅｌｅｔｅ　ｙｏ－ｙｏ',
  ],
  ['a Turkish keyboard', 'unearned rocklıke attendant felt-tİp polygon delete yo-yo'],
  ['invisible marks', '\ufeffunear\u00adned rocklike\u200e attendant felt-tip polygon \u202adelete\u202c yo-yo'],
])('%s', (_name, text) => {
  expect(parseCodename(text)).toEqual(WORDS);
});

describe('refused, by place and never by word', () => {
  test.each([
    ['the first wrong word, from 1', 'unearned rocklike atendant polygon wrongword delete delete', { index: 3 }],
    ['a wrong word among too many', 'x unearned rocklike attendant felt-tip polygon delete yo-yo', { index: 1 }],
    ['letters of another script', 'unearned rocklike attendant felt-tip polygon delete уо-уо', { index: 7 }],
    ['too few', 'unearned rocklike', { words: 2 }],
    ['too many', `${WORDS.join(' ')} delete`, { words: 8 }],
    ['nothing', ' \n1. 2. ', { words: 0 }],
  ])('%s', (_name, text, detail) => {
    expect(() => parseCodename(text)).toThrow(expect.objectContaining({ code: 'codename-invalid', detail }));
  });

  test('whatever is typed, the error does not hold it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 6, maxLength: 60 }), (text) => {
        const problem = problemOf(text);
        return problem === null || !JSON.stringify([problem.message, problem.code, problem.detail]).includes(text);
      }),
    );
  });
});

test('whatever is around and between the words, they are read', () => {
  const between = fc.string({
    unit: fc.constantFrom(' ', '\n', '\t', ',', '.', ';', '-', '7', '_', '"'),
    maxLength: 5,
  });
  const plain = CODENAME_WORDS.filter((word) => !word.includes('-'));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...plain), between), { minLength: 7, maxLength: 7 }), (pairs) => {
      const text = pairs.map(([word, gap]) => `${word} ${gap} `).join('');
      expect(parseCodename(text)).toEqual(pairs.map(([word]) => word));
    }),
  );
});

test('reading is the same however often it is done', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => foldWord(foldWord(text)) === foldWord(text)));
});

test('completions: in order, none for nothing, no more than asked', () => {
  expect(completions('zo')).toEqual([
    'zodiac',
    'zombie',
    'zone',
    'zoning',
    'zookeeper',
    'zoologist',
    'zoology',
    'zoom',
  ]);
  expect(completions('ABAC')).toEqual(['abacus']);
  expect(completions('abacus')).toEqual(['abacus']);
  expect(completions('a', 3)).toEqual(['abacus', 'abdomen', 'abdominal']);
  expect(completions('felt')).toEqual(['felt-tip']);
  expect(completions('')).toEqual([]);
  expect(completions('abacuses')).toEqual([]);
  expect(completions('zzz')).toEqual([]);
});

test('completions are exactly the words that begin so', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CODENAME_WORDS), fc.integer({ min: 1, max: 9 }), (word, length) => {
      const start = word.slice(0, length);
      expect(completions(start, 10_000)).toEqual(CODENAME_WORDS.filter((other) => other.startsWith(start)));
    }),
  );
});

test.each([
  ['atendant', 'attendant'],
  ['attendent', 'attendant'],
  ['polgyon', 'polygon'],
  ['felttip', 'felt-tip'],
  ['Zoomm', 'zoom'],
])('nearest to %s is %s', (typed, word) => {
  expect(nearest(typed)[0]).toBe(word);
  expect(nearest(typed)).toHaveLength(3);
  expect(nearest(typed, 1)).toEqual([word]);
});

test('nearest to a word of the list is itself, and a very long text is no burden', () => {
  expect(nearest('delete', 1)).toEqual(['delete']);
  expect(nearest('x'.repeat(1_000_000), 2)).toHaveLength(2);
});
