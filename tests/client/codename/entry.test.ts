/** Re-entering the codename: what people type and paste, what is forgiven, and what is pointed out. */
import { describe, expect, test } from 'vitest';
import {
  EMPTY_ENTRY,
  enterText,
  faultsAfter,
  faultsOf,
  isOnlyOrder,
  leftOutOf,
  listFaults,
  NO_FAULTS,
  offersFor,
  spellingFault,
  wordsOf,
} from '../../../client/codename/entry.ts';

const WORDS = ['garden', 'uncle', 'gopher', 'playoff', 'curator', 'juggle', 'dizzy'];

describe('typing', () => {
  test('one word stays in its field until a space ends it', () => {
    expect(enterText(EMPTY_ENTRY, 0, 'gard')).toEqual({ entry: EMPTY_ENTRY.with(0, 'gard'), next: 0 });
    expect(enterText(EMPTY_ENTRY, 0, 'garden ')).toEqual({ entry: EMPTY_ENTRY.with(0, 'garden'), next: 1 });
    expect(enterText(EMPTY_ENTRY, 6, 'dizzy,')).toEqual({ entry: EMPTY_ENTRY.with(6, 'dizzy'), next: 6 });
  });

  test('emptying a field empties it', () => {
    expect(enterText(EMPTY_ENTRY.with(2, 'x'), 2, '')).toEqual({ entry: EMPTY_ENTRY, next: 2 });
  });

  test.each([
    WORDS.join(' '),
    WORDS.join('\n'),
    `  ${WORDS.map((word, index) => `${index + 1}. ${word.toUpperCase()}`).join(',\r\n')}  `,
    WORDS.join('-'),
    WORDS.map((word) => `“${word}”`).join(' … '),
  ])('all seven pasted at once fill the fields: %j', (text) => {
    const { entry, next } = enterText(EMPTY_ENTRY, 0, text);
    expect(faultsOf(entry, WORDS)).toEqual(NO_FAULTS);
    expect(next).toBe(6);
  });

  test('a whole codename pasted into any field begins in the first', () => {
    expect(enterText(EMPTY_ENTRY, 3, WORDS.join(' '))).toEqual({ entry: WORDS, next: 6 });
    expect(leftOutOf(WORDS.join(' '), 3)).toBeNull();
  });

  test('more words than there are fields are left out, and it is said how many', () => {
    expect(enterText(EMPTY_ENTRY, 5, 'a b c d').entry).toEqual(['', '', '', '', '', 'a', 'b']);
    expect(leftOutOf('a b c d', 5)).toEqual({ kind: 'words', count: 2 });
    const eight = [...WORDS, 'zoom'].join(' ');
    expect(enterText(EMPTY_ENTRY, 0, eight).entry).toEqual(WORDS);
    expect(leftOutOf(eight, 0)).toEqual({ kind: 'words', count: 1 });
  });

  test('signs and pictures go into no field, and that is said; what only parts words is not', () => {
    expect(enterText(EMPTY_ENTRY, 0, 'garden🌻').entry[0]).toBe('garden');
    expect(leftOutOf('🌻', 0)).toEqual({ kind: 'signs' });
    expect(leftOutOf('garden🌻 uncle', 0)).toEqual({ kind: 'signs' });
    for (const text of ['garden', '1. garden, ', '“garden”', 'gárden', '']) expect(leftOutOf(text, 0)).toBeNull();
  });
});

describe('completing', () => {
  test('offers words of the list from the second letter on, and none once the word is whole', () => {
    expect(offersFor('g')).toEqual([]);
    expect(offersFor('gard')).toEqual(['garden']);
    expect(offersFor('GARD')).toEqual(['garden']);
    expect(offersFor('garden')).toEqual([]);
    expect(offersFor('zzz')).toEqual([]);
    expect(offersFor('un').length).toBeLessThanOrEqual(6);
  });
});

describe('pointing out', () => {
  test('a mistyped word, with the nearest words', () => {
    const fault = spellingFault('gardun');
    expect(fault).toMatchObject({ kind: 'unlisted' });
    expect(fault?.kind === 'unlisted' && fault.near[0]).toBe('garden');
    expect(spellingFault('Garden')).toBeNull();
    expect(spellingFault('')).toBeNull();
  });

  test('a missing word, a word of the list in the wrong place, and the right ones in any case', () => {
    const entry = ['GARDEN', 'Unclé', '', 'gopher', 'curator', 'jugle', 'dizzy'];
    expect(faultsOf(entry, WORDS).map((fault) => fault?.kind ?? null)).toEqual([
      null,
      null,
      'missing',
      'different',
      null,
      'unlisted',
      null,
    ]);
  });

  test('a codename that the page does not know: only what is missing, or in no list', () => {
    const entry = WORDS.with(0, 'Gárden').with(2, '').with(3, 'playof');
    expect(listFaults(entry).map((fault) => fault?.kind ?? null)).toEqual([
      null,
      null,
      'missing',
      'unlisted',
      null,
      null,
      null,
    ]);
    expect(listFaults(WORDS.with(0, 'Gárden'))).toEqual(NO_FAULTS);
    expect(wordsOf(WORDS.with(0, 'Gárden'))).toEqual(WORDS);
  });

  test('for a word in another script no word of the list is near', () => {
    expect(spellingFault('сад')).toEqual({ kind: 'unlisted', near: [] });
  });

  test('words that are only out of order', () => {
    expect(isOnlyOrder(WORDS.toReversed(), WORDS)).toBe(true);
    expect(isOnlyOrder(WORDS, WORDS)).toBe(false);
    expect(isOnlyOrder(WORDS.with(0, 'dizzy'), WORDS)).toBe(false);
  });

  test('what is typed in again is no longer called wrong, the rest still is', () => {
    const before = WORDS.with(0, 'gardun').with(3, 'zzz');
    const faults = faultsOf(before, WORDS);
    const typing = faultsAfter(faults, before, before.with(0, 'gard'), 0, 0);
    expect(typing.map((fault) => fault?.kind ?? null)).toEqual([null, null, null, 'unlisted', null, null, null]);
    const left = faultsAfter(NO_FAULTS, EMPTY_ENTRY, EMPTY_ENTRY.with(0, 'gardun'), 0, 1);
    expect(left[0]?.kind).toBe('unlisted');
  });
});
