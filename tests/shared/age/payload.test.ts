/** Payloads: sizes, round trips between all providers, and everything that must be refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { payloadSize, plaintextSize, setChunkNonce } from '../../../shared/age/payload-layout.ts';
import { decryptPayload, encryptPayload } from '../../../shared/age/payload.ts';
import { toHex } from '../../../shared/bytes/hex.ts';
import { isProblem } from '../../../shared/problem/problem.ts';
import { cipherProviders } from '../../kit/cipher-providers.ts';
import { patternBytes } from '../../kit/random-bytes.ts';

const CHUNK = 65_536;
const SEALED = CHUNK + 16;
const fileKey = patternBytes(16, 3);
const nonce16 = patternBytes(16, 4);
const damaged = { code: 'age-payload-damaged' };

async function encrypt(size: number, provider = cipherProviders[0]!): Promise<Uint8Array> {
  const out = new Uint8Array(payloadSize(size));
  await encryptPayload({ provider, fileKey, nonce16, plaintext: patternBytes(size), out });
  return out;
}

function isDamaged(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (error) {
    return isProblem(error, 'age-payload-damaged');
  }
}

test.each([
  [0, 16 + 16],
  [1, 16 + 17],
  [CHUNK - 1, 16 + SEALED - 1],
  [CHUNK, 16 + SEALED],
  [CHUNK + 1, 16 + SEALED + 17],
  [2 * CHUNK, 16 + 2 * SEALED],
  [8 * 2 ** 20, 16 + 128 * SEALED],
])('%i bytes make a payload of %i', (plain, payload) => {
  expect(payloadSize(plain)).toBe(payload);
  expect(plaintextSize(payload)).toBe(plain);
});

test('a size is one that a payload can have, or refused: no third way', () => {
  fc.assert(
    fc.property(fc.nat(5 * SEALED), (size) => {
      const last = (size - 16) % SEALED;
      const possible = size === 32 || (size > 32 && (last === 0 || last > 16));
      const inverse = () => payloadSize(plaintextSize(size)) === size;
      return possible ? inverse() : isDamaged(inverse);
    }),
    { numRuns: 2000, examples: [[0], [15], [16], [31], [32], [16 + SEALED], [32 + SEALED], [33 + SEALED]] },
  );
});

test('the chunk counter is 11 bytes, big-endian, and the flag is the last byte', () => {
  const nonce = new Uint8Array(12).fill(0);
  setChunkNonce(nonce, 2 ** 32 + 258, true);
  expect(toHex(nonce)).toBe('000000000000010000010201');
  setChunkNonce(nonce, 0, false);
  expect(toHex(nonce)).toBe('000000000000000000000000');
});

describe.each(cipherProviders)('$name', (provider) => {
  test.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])(
    '%i bytes: the same payload as by the others, and read back',
    async (size) => {
      const payload = await encrypt(size, provider);
      for (const other of cipherProviders) {
        expect(Buffer.compare(await encrypt(size, other), payload)).toBe(0);
        const plaintext = await decryptPayload({ provider: other, fileKey, payload });
        expect(Buffer.compare(plaintext, patternBytes(size))).toBe(0);
      }
    },
  );

  test('cut at any length: refused', async () => {
    const payload = await encrypt(2 * CHUNK + 100, provider);
    const ends = [0, 15, 16, 17, 31, 32, 33, 15 + SEALED, 16 + SEALED, 17 + SEALED, 32 + SEALED, 33 + SEALED];
    for (const length of [...ends, 16 + 2 * SEALED, 32 + 2 * SEALED, payload.length - 16, payload.length - 1])
      await expect(decryptPayload({ provider, fileKey, payload: payload.subarray(0, length) })).rejects.toMatchObject(
        damaged,
      );
  });

  test.each([1, 15, 16, 17, SEALED, SEALED + 1])('%i bytes appended: refused', async (extra) => {
    for (const size of [0, 100, CHUNK, 2 * CHUNK]) {
      const longer = new Uint8Array(payloadSize(size) + extra);
      longer.set(await encrypt(size, provider));
      await expect(decryptPayload({ provider, fileKey, payload: longer })).rejects.toMatchObject(damaged);
    }
  });

  test('chunks swapped, repeated, left out, or a last one not marked as the last: refused', async () => {
    const payload = await encrypt(4 * CHUNK, provider);
    const nonce = payload.subarray(0, 16);
    const chunks = [0, 1, 2, 3].map((index) => payload.subarray(16 + index * SEALED, 16 + (index + 1) * SEALED));
    for (const order of [[1, 0, 2, 3], [0, 1, 1, 3], [0, 1, 3], [0, 1, 2], [3], [0, 1, 2, 3, 3], [0, 1, 3, 2]]) {
      const changed = new Uint8Array(Buffer.concat([nonce, ...order.map((index) => chunks[index]!)]));
      await expect(decryptPayload({ provider, fileKey, payload: changed })).rejects.toMatchObject(damaged);
    }
  });

  test('a flipped bit says which chunk, and leaves no plaintext behind', async () => {
    const payload = await encrypt(2 * CHUNK + 100, provider);
    const out = new Uint8Array(2 * CHUNK + 100).fill(1);
    payload[16 + SEALED + 5]! ^= 1;
    await expect(decryptPayload({ provider, fileKey, payload, out })).rejects.toMatchObject({
      ...damaged,
      detail: { chunk: 1 },
    });
    expect(out.every((byte) => byte === 0)).toBe(true);
  });

  test('another file key or nonce: refused', async () => {
    const payload = await encrypt(10, provider);
    await expect(decryptPayload({ provider, fileKey: nonce16, payload })).rejects.toMatchObject(damaged);
    payload[0]! ^= 1;
    await expect(decryptPayload({ provider, fileKey, payload })).rejects.toMatchObject(damaged);
  });

  test('buffers of the wrong size are a Problem', async () => {
    const plaintext = new Uint8Array(10);
    const out = new Uint8Array(payloadSize(10) + 1);
    await expect(encryptPayload({ provider, fileKey, nonce16, plaintext, out })).rejects.toMatchObject({
      code: 'internal',
    });
    await expect(
      decryptPayload({ provider, fileKey, payload: await encrypt(10), out: new Uint8Array(9) }),
    ).rejects.toMatchObject({ code: 'internal' });
  });
});
