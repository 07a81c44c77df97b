/** HKDF against the vectors of RFC 5869, and both derivations against node:crypto. */
import { hkdfSync, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { hkdfSha256Sync } from '../../../shared/crypto/hkdf-sync.ts';
import { hkdfSha256 } from '../../../shared/crypto/hkdf.ts';
import { pbkdf2Sha512 } from '../../../shared/crypto/pbkdf2.ts';
import { sha256 } from '../../../shared/crypto/sha256.ts';

test.each([
  {
    name: 'RFC 5869 A.1',
    secret: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
    salt: '000102030405060708090a0b0c',
    info: 'f0f1f2f3f4f5f6f7f8f9',
    key: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  },
  {
    name: 'RFC 5869 A.3',
    secret: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
    salt: '',
    info: '',
    key: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  },
])('$name', async ({ secret, salt, info, key }) => {
  expect(toHex(await hkdfSha256(fromHex(secret), fromHex(salt), fromHex(info), 42))).toBe(key);
});

const someBytes = fc.uint8Array({ maxLength: 80 });

test('HKDF is what node:crypto makes of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      someBytes,
      someBytes,
      someBytes,
      fc.integer({ min: 1, max: 200 }),
      async (secret, salt, info, length) => {
        const expected = new Uint8Array(hkdfSync('sha256', secret, salt, info, length));
        expect(await hkdfSha256(secret, salt, info, length)).toEqual(expected);
        expect(hkdfSha256Sync(secret, salt, info, length)).toEqual(expected);
      },
    ),
  );
});

test('PBKDF2 is what node:crypto makes of it', async () => {
  await fc.assert(
    fc.asyncProperty(someBytes, someBytes, fc.integer({ min: 1, max: 50 }), async (password, salt, rounds) => {
      const expected = new Uint8Array(pbkdf2Sync(password, salt, rounds, 64, 'sha512'));
      expect(await pbkdf2Sha512(password, salt, rounds, 64)).toEqual(expected);
    }),
  );
});

test('SHA-256 of "abc" (FIPS 180-4)', async () => {
  expect(toHex(await sha256(new TextEncoder().encode('abc')))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
