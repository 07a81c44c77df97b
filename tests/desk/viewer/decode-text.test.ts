/** The characters of a text file: by its mark, by what is valid, else guessed; a window cut anywhere shows no broken character at its end. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText, guessEncoding } from '../../../desk/viewer/file/decode-text.ts';

const utf16 = (text: string, order: 'le' | 'be') => {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};
const CYRILLIC = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x2c, 0x20, 0xec, 0xe8, 0xf0]);

describe('the encoding', () => {
  test.for<[string, Uint8Array, string, boolean]>([
    ['a mark of UTF-8', Buffer.from('\uFEFFx'), 'utf-8', true],
    ['a mark of UTF-16', Buffer.from([0xff, 0xfe, 0x78, 0]), 'utf-16le', true],
    ['the other mark of UTF-16', Buffer.from([0xfe, 0xff, 0, 0x78]), 'utf-16be', true],
    ['UTF-16 without a mark', utf16('A short English note', 'le'), 'utf-16le', false],
    ['the other UTF-16 without a mark', utf16('A short English note', 'be'), 'utf-16be', false],
    ['UTF-8', Buffer.from('Привет, 你好'), 'utf-8', false],
    ['UTF-8 that is cut within a character', Buffer.from('Привет').subarray(0, 11), 'utf-8', false],
    ['Cyrillic of one byte a letter', CYRILLIC, 'windows-1251', false],
    ['Western of one byte a letter', Buffer.from('Gr\xfc\xdfe aus K\xf6ln', 'latin1'), 'windows-1252', false],
    ['nothing', new Uint8Array(0), 'utf-8', false],
  ])('is found: %s', ([, bytes, encoding, sure]) => {
    expect(guessEncoding(bytes)).toEqual({ encoding, sure });
  });

  test('is always one or another, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { encoding } = guessEncoding(bytes);
        expect(typeof decodeText(bytes, encoding, true)).toBe('string');
      }),
    );
  });
});

describe('a window of the text', () => {
  test('of UTF-8, cut anywhere, is a piece of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(), fc.nat(), (text, a, b) => {
        // A mark at the very beginning is not shown.
        fc.pre(!text.startsWith('\uFEFF') && text.isWellFormed());
        const bytes = Buffer.from(text);
        const [from, to] = [a % (bytes.length + 1), b % (bytes.length + 1)].toSorted((x, y) => x - y) as [
          number,
          number,
        ];
        expect(text).toContain(decodeText(bytes.subarray(from, to), 'utf-8', from === 0));
      }),
    );
  });

  test('leaves a mark of the encoding out', () => {
    expect(decodeText(Buffer.from('\uFEFFwords'), 'utf-8', true)).toBe('words');
    expect(decodeText(utf16('\uFEFFwords', 'le'), 'utf-16le', true)).toBe('words');
  });
});
