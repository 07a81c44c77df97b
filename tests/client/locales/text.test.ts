/** The catalogue: every message whole, every problem in words, plurals and figures of the language. */
import { describe, expect, test } from 'vitest';
import { en } from '../../../client/locales/en.ts';
import { dayText, percentOf, percentText, sizeText, timeLeftText } from '../../../client/locales/quantities.ts';
import { createTranslate, isolate, plainName, t } from '../../../client/locales/text.ts';
import { PROBLEMS } from '../../../shared/problem/codes.ts';

describe('messages', () => {
  test('plurals and figures', () => {
    expect(t('choose.summary', { count: 1, size: '2 kB' })).toBe('1 file, 2 kB');
    expect(t('choose.summary', { count: 100_000, size: '2 kB' })).toBe('100,000 files, 2 kB');
  });

  test('a language with more plural forms than English', () => {
    const ukrainian = createTranslate('uk', {
      ...en,
      'choose.summary': { one: '{count} файл, {size}', few: '{count} файли, {size}', other: '{count} файлів, {size}' },
    });
    expect([1, 3, 5, 21].map((count) => ukrainian('choose.summary', { count, size: '–' }))).toEqual([
      '1 файл, –',
      '3 файли, –',
      '5 файлів, –',
      '21 файл, –',
    ]);
  });

  test('a value is put in as it is, even when it looks like a pattern', () => {
    expect(t('confirm.not-listed', { word: '$& {word}' })).toBe('“$& {word}” is not one of the words. Did you mean:');
  });

  test('a name from outside cannot turn the sentence around', () => {
    expect(isolate('\u202eevil')).toBe('\u2068\ufffdevil\u2069');
    expect(isolate('a\u2069\u202e.b')).toBe('\u2068a\ufffd\ufffd.b\u2069');
  });

  test('a name is shown in the order of its characters, whatever they are; marks between letters stay', () => {
    expect(plainName('photo\u202egpj.exe')).toBe('photo\ufffdgpj.exe');
    expect(plainName('one\r\ntwo\u009b')).toBe('one\ufffd\ufffdtwo\ufffd');
    const kept = 'لقطة \u200f1 می\u200cخواهم 👩🏽\u200d🚒 é.mp4';
    expect(plainName(kept)).toBe(kept);
  });

  test('every problem has a sentence', () => {
    for (const code of Object.keys(PROBLEMS) as (keyof typeof PROBLEMS)[]) {
      expect(t(`problem.${code}`)).toMatch(/^[A-Z“].*\.$/);
    }
  });

  test('plural forms name the same values', () => {
    for (const message of Object.values(en)) {
      if (typeof message === 'string') continue;
      const names = Object.values(message).map((form) =>
        form
          .match(/\{[a-z]+\}/g)
          ?.toSorted()
          .join(),
      );
      expect(new Set(names).size).toBe(1);
    }
  });
});

describe('quantities', () => {
  test('sizes in three figures', () => {
    expect([0, 1, 999, 1000, 999_499, 999_600, 18_240_000_000, 40_100_000_000_000].map(sizeText)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1 kB',
      '999 kB',
      '1 MB',
      '18.2 GB',
      '40.1 TB',
    ]);
  });

  test('time left is calm: rounded, and never zero', () => {
    const seconds = [null, Number.POSITIVE_INFINITY, 0, 59, 60, 130, 700, 3400, 3500, 5000, 100_000, 200_000];
    expect(seconds.map(timeLeftText)).toEqual([
      'Time left: not known yet',
      'Time left: not known yet',
      'Less than a minute left',
      'Less than a minute left',
      'About 1 minute left',
      'About 2 minutes left',
      'About 10 minutes left',
      'About 55 minutes left',
      'About 1 hour left',
      'About 1 hour left',
      'About 28 hours left',
      'About 2 days left',
    ]);
  });

  test('a hundred per cent is said only when all has arrived', () => {
    expect(percentOf(999_999, 1_000_000)).toBe(99);
    expect(percentOf(1_000_000, 1_000_000)).toBe(100);
    expect(percentOf(0, 0)).toBe(0);
    expect(percentText(45)).toBe('45%');
  });

  test('days as people write them', () => {
    expect(dayText('2026-11-03')).toBe('3 November 2026');
  });
});
