/** Bech32 against BIP 173 and itself; what is not canonical is refused. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBech32, toBech32 } from '../../../shared/age/bech32.ts';
import { toHex } from '../../../shared/bytes/hex.ts';

const invalid = expect.objectContaining({ code: 'encoding-invalid' });

test('the valid texts of BIP 173 that hold whole bytes', () => {
  expect(toHex(fromBech32('a', 'a12uel5l'))).toBe('');
  expect(toHex(fromBech32('abcdef', 'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw'))).toBe(
    '00443214c74254b635cf84653a56d7c675be77df',
  );
  expect(toBech32('abcdef', fromBech32('abcdef', 'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw'))).toBe(
    'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw',
  );
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1300 }), (bytes) => {
      expect(fromBech32('age', toBech32('age', bytes))).toEqual(bytes);
    }),
  );
});

test.each([
  ['a1qy089ch6', '01'],
  ['a1qqqqtk27v5', '0000'],
])('%s is whole bytes', (text, hex) => {
  expect(toHex(fromBech32('a', text))).toBe(hex);
});

test.each([
  ['a padding bit that is not zero', 'a1qpamnt9j'],
  ['a padding bit that is not zero, after two bytes', 'a1qqqpkq7t3x'],
  ['a group too many', 'a1qqqd87cpp'],
  ['one group alone', 'a1q3g6mn3'],
])('%s: refused although the checksum is right', (_name, text) => {
  expect(() => fromBech32('a', text)).toThrow(invalid);
});

test('one wrong letter, upper case, another prefix, cut or lengthened: refused', () => {
  const text = toBech32('age', new Uint8Array(32).fill(99));
  for (let at = 4; at < text.length; at++) {
    const other = text[at] === 'q' ? 'p' : 'q';
    expect(() => fromBech32('age', text.slice(0, at) + other + text.slice(at + 1))).toThrow(invalid);
    expect(() => fromBech32('age', text.slice(0, at))).toThrow(invalid);
  }
  for (const wrong of [text.toUpperCase(), `${text}q`, `${text}\n`, ` ${text}`, `x${text}`, ''])
    expect(() => fromBech32('age', wrong)).toThrow(invalid);
});
