/** What cannot be seen in a stranger's text, or turns it around, is shown by its number; all else stands as it was written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameText, piecesOf } from '../../../desk/viewer/plain/odd-characters.ts';

const shown = (text: string, where: 'name' | 'text') =>
  piecesOf(text, where)
    .map(({ text, odd }) => (odd ? `<${text}>` : text))
    .join('');
const units = fc.string({ unit: 'binary', maxLength: 60 });
const plain = ({ text, odd }: { text: string; odd: boolean }): string =>
  odd ? String.fromCodePoint(Number.parseInt(text.slice(2), 16)) : text;

describe('odd characters', () => {
  test.for<[string, string, string]>([
    ['gate\u202Egpj.exe', 'gate<U+202E>gpj.exe', 'gate<U+202E>gpj.exe'],
    ['two\nlines\tand', 'two<U+000A>lines<U+0009>and', 'two\nlines\tand'],
    ['a\u200Bb', 'a<U+200B>b', 'a<U+200B>b'],
    ['soft\u00ADhyphen', 'soft<U+00AD>hyphen', 'soft\u00ADhyphen'],
    ['\u200Fשלום', '<U+200F>שלום', '\u200Fשלום'],
    ['\u{E0041}', '<U+E0041>', '<U+E0041>'],
    ['\u0007\u001B[2J', '<U+0007><U+001B>[2J', '<U+0007><U+001B>[2J'],
    ['half \uD800', 'half <U+D800>', 'half <U+D800>'],
    ['क्\u200Dष, 👩\u200D🚒', 'क्\u200Dष, 👩\u200D🚒', 'क्\u200Dष, 👩\u200D🚒'],
    ['مرحبا Привет 你好', 'مرحبا Привет 你好', 'مرحبا Привет 你好'],
  ])('%j', ([text, asName, asText]) => {
    expect(shown(text, 'name')).toBe(asName);
    expect(shown(text, 'text')).toBe(asText);
  });

  test('are the only thing that changes: the pieces are the text again', () => {
    fc.assert(
      fc.property(units, fc.constantFrom('name', 'text'), (text, where) => {
        expect(piecesOf(text, where).map(plain).join('')).toBe(text);
      }),
    );
  });

  test('leave no mark of direction and no control in a name', () => {
    fc.assert(
      fc.property(units, (text) => {
        const rest = piecesOf(text, 'name').filter(({ odd }) => !odd);
        expect(rest.map((piece) => piece.text).join('')).not.toMatch(
          /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u,
        );
        expect(nameText(text).slice(1, -1)).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
  });
});
