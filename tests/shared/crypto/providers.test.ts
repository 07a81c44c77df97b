/** The three ciphers are one cipher: same bytes, same refusals. Node's is OpenSSL, which makes it the independent witness. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { cipherProviders } from '../../kit/cipher-providers.ts';
import { patternBytes } from '../../kit/random-bytes.ts';

const key = patternBytes(32);
const nonce = patternBytes(12);

describe.each(cipherProviders)('$name', (provider) => {
  function encrypt(plaintext: Uint8Array): Uint8Array {
    const out = new Uint8Array(plaintext.length + 16);
    provider.encrypt(key, nonce, plaintext, out);
    return out;
  }

  test('encrypts as RFC 8439 does: the keystream of appendix A.1, vector 1 is that of an all-zero key at counter 0, so block 1 is vector 2', () => {
    const out = new Uint8Array(64 + 16);
    provider.encrypt(new Uint8Array(32), new Uint8Array(12), new Uint8Array(64), out);
    expect(toHex(out.subarray(0, 64))).toBe(
      '9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed' +
        '29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f',
    );
  });

  test('every provider opens what it made, whatever the length and the place in a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(40), (plaintext, offset) => {
        const buffer = new Uint8Array(offset + plaintext.length + 16 + 5).fill(0xaa);
        provider.encrypt(key, nonce, plaintext, buffer.subarray(offset, offset + plaintext.length + 16));
        expect(buffer.subarray(0, offset).every((byte) => byte === 0xaa)).toBe(true);
        expect(buffer.subarray(-5).every((byte) => byte === 0xaa)).toBe(true);
        const sealed = buffer.subarray(offset, offset + plaintext.length + 16);
        for (const other of cipherProviders) {
          const out = new Uint8Array(plaintext.length);
          expect(other.decrypt(key, nonce, sealed, out)).toBe(true);
          expect(out).toEqual(plaintext);
        }
      }),
    );
  });

  test.each([0, 1, 63, 64, 65, 65_535, 65_536])('%i bytes give what the others give', (length) => {
    const plaintext = patternBytes(length);
    const hex = toHex(encrypt(plaintext));
    for (const other of cipherProviders) {
      const out = new Uint8Array(length + 16);
      other.encrypt(key, nonce, plaintext, out);
      expect(toHex(out)).toBe(hex);
    }
  });

  test('a flipped bit anywhere, and another key or nonce, are refused', () => {
    const sealed = encrypt(patternBytes(100));
    const out = new Uint8Array(100);
    for (let at = 0; at < sealed.length; at++) {
      const damaged = sealed.slice();
      damaged[at]! ^= 1 << (at % 8);
      expect(provider.decrypt(key, nonce, damaged, out)).toBe(false);
    }
    expect(provider.decrypt(patternBytes(32, 2), nonce, sealed, out)).toBe(false);
    expect(provider.decrypt(key, patternBytes(12, 2), sealed, out)).toBe(false);
    expect(provider.decrypt(key, nonce, sealed, out)).toBe(true);
  });

  test('wrong sizes of key, nonce or output are a Problem, not a wrong result', () => {
    const plaintext = new Uint8Array(10);
    const sealed = encrypt(plaintext);
    const internal = expect.objectContaining({ code: 'internal' });
    const short = (bytes: Uint8Array) => bytes.subarray(1);
    expect(() => provider.encrypt(short(key), nonce, plaintext, new Uint8Array(26))).toThrow(internal);
    expect(() => provider.encrypt(key, short(nonce), plaintext, new Uint8Array(26))).toThrow(internal);
    expect(() => provider.encrypt(key, nonce, plaintext, new Uint8Array(25))).toThrow(internal);
    expect(() => provider.encrypt(key, nonce, plaintext, new Uint8Array(27))).toThrow(internal);
    expect(() => provider.decrypt(key, nonce, sealed, new Uint8Array(11))).toThrow(internal);
    expect(() => provider.decrypt(key, nonce, fromHex('00'), new Uint8Array(0))).toThrow(internal);
  });
});
