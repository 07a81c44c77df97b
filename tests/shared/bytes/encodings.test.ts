/** Hex, base64 and UTF-8 are strict: what parses encodes back to itself, and nothing else parses. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from '../../../shared/bytes/base64.ts';
import { concat } from '../../../shared/bytes/concat.ts';
import { equalBytes } from '../../../shared/bytes/equal.ts';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { utf8Decode, utf8Encode } from '../../../shared/bytes/utf8.ts';
import { isProblem } from '../../../shared/problem/problem.ts';

const bytes = fc.uint8Array({ maxLength: 200 });
const refuses = (parse: () => unknown) => {
  try {
    parse();
    return false;
  } catch (error) {
    return isProblem(error, 'encoding-invalid');
  }
};

test('bytes come back from hex, base64 and base64url', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      expect(fromHex(toHex(value))).toEqual(value);
      expect(fromBase64(toBase64(value))).toEqual(value);
      expect(fromBase64Url(toBase64Url(value))).toEqual(value);
      expect(toBase64(value)).toBe(Buffer.from(value).toString('base64'));
      expect(toBase64Url(value)).toBe(Buffer.from(value).toString('base64url'));
    }),
  );
});

test('any text either parses to bytes that encode to that very text or is refused', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from('ABCabc019+/-_= \n')), maxLength: 12 });
  fc.assert(
    fc.property(text, (value) => {
      expect(refuses(() => fromBase64(value)) || toBase64(fromBase64(value)) === value).toBe(true);
      expect(refuses(() => fromBase64Url(value)) || toBase64Url(fromBase64Url(value)) === value).toBe(true);
      expect(refuses(() => fromHex(value)) || toHex(fromHex(value)) === value).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('trailing bits, wrong length, upper-case hex and broken UTF-8 are refused', () => {
  for (const parse of [
    () => fromBase64('QQ'),
    () => fromBase64('QR=='),
    () => fromBase64('QQ==', 2),
    () => fromBase64Url('QR'),
    () => fromBase64Url('Q'),
    () => fromHex('AB'),
    () => fromHex('abc'),
    () => fromHex('ab', 2),
    () => utf8Decode(Uint8Array.of(0xc3)),
    () => utf8Decode(Uint8Array.of(0xed, 0xa0, 0x80)),
  ])
    expect(refuses(parse)).toBe(true);
});

test('UTF-8 keeps every well-formed text, a byte order mark included', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => utf8Decode(utf8Encode(text)) === text));
  expect(utf8Decode(utf8Encode('\ufeffa'))).toBe('\ufeffa');
});

test('equality looks at every byte and at the length', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => equalBytes(a, b) === (toHex(a) === toHex(b)) && equalBytes(a, concat(a))),
  );
});
