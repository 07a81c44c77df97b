/** Ed25519 against RFC 8032 §7.1 and node:crypto, and its refusals. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { ed25519FromSeed, verifyEd25519 } from '../../../shared/crypto/ed25519.ts';

test.each([
  {
    name: 'RFC 8032 §7.1, test 1',
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    name: 'RFC 8032 §7.1, test 3',
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
])('$name', async ({ seed, publicKey, message, signature }) => {
  const key = await ed25519FromSeed(fromHex(seed));
  expect(toHex(key.publicKey)).toBe(publicKey);
  expect(toHex(await key.sign(fromHex(message)))).toBe(signature);
  expect(await verifyEd25519(key.publicKey, fromHex(message), fromHex(signature))).toBe(true);
});

test('signs and checks as node:crypto does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array(), async (seed, message) => {
      const key = await ed25519FromSeed(seed);
      const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
      expect(toHex(key.publicKey)).toBe(spki.subarray(-32).toString('hex'));
      const signature = await key.sign(message);
      expect(toHex(signature)).toBe(sign(null, message, privateKey).toString('hex'));
      expect(await verifyEd25519(key.publicKey, message, signature)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('a changed message, signature or key is false', async () => {
  const key = await ed25519FromSeed(new Uint8Array(32).fill(7));
  const message = new Uint8Array(50);
  const signature = await key.sign(message);
  for (const changed of [message, signature, key.publicKey]) {
    changed[3]! ^= 4;
    expect(await verifyEd25519(key.publicKey, message, signature)).toBe(false);
    changed[3]! ^= 4;
  }
  expect(await verifyEd25519(key.publicKey, message, signature)).toBe(true);
});

test('junk is false and never an exception', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ maxLength: 70 }), async (key, signature) => {
      expect(await verifyEd25519(key, new Uint8Array(0), signature)).toBe(false);
    }),
  );
});

test.each([
  ['the neutral point', '0100000000000000000000000000000000000000000000000000000000000000'],
  ['the neutral point, y as p + 1', 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
])('%s as a key is false, though a signature that fits every message is made in a moment', async (_name, hex) => {
  const key = fromHex(hex);
  const signature = new Uint8Array(64);
  signature[0] = 1;
  expect(await verifyEd25519(key, new Uint8Array(3), signature)).toBe(false);
});

test('the private half stays inside WebCrypto, and a seed of the wrong length is refused', async () => {
  const importKey = vi.spyOn(crypto.subtle, 'importKey');
  await ed25519FromSeed(new Uint8Array(32));
  expect(importKey.mock.calls.at(-1)?.[3]).toBe(false);
  importKey.mockRestore();
  await expect(ed25519FromSeed(new Uint8Array(31))).rejects.toMatchObject({ code: 'internal' });
});
