/** Seeking: any range is the slice, read from its own chunks alone, and never from a file whose end is missing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encryptFile, openFile } from '../../../shared/age/file.ts';
import { createHeader } from '../../../shared/age/header.ts';
import { generateIdentity, recipientOf } from '../../../shared/age/identity.ts';
import { payloadSize } from '../../../shared/age/payload-layout.ts';
import { encryptPayload } from '../../../shared/age/payload.ts';
import { bytesReader, decryptRange, openPayload } from '../../../shared/age/seek.ts';
import { cipherProviders } from '../../kit/cipher-providers.ts';
import { patternBytes, random } from '../../kit/random-bytes.ts';

const CHUNK = 65_536;
const SEALED = CHUNK + 16;
const identity = await generateIdentity('classic');
const recipients = [await recipientOf(identity)];
const damaged = { code: 'age-payload-damaged' };

describe.each(cipherProviders)('$name', (provider) => {
  const fileKey = patternBytes(16);

  async function payloadOf(size: number): Promise<Uint8Array> {
    const out = new Uint8Array(payloadSize(size));
    await encryptPayload({ provider, fileKey, nonce16: patternBytes(16, 2), plaintext: patternBytes(size), out });
    return out;
  }

  test('random ranges of random files are the slices', async () => {
    const sizes = fc.oneof(
      fc.nat(300),
      fc.nat(4 * CHUNK),
      fc.nat(4).map((chunks) => chunks * CHUNK),
    );
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 8 }), async (size, pairs) => {
        const plaintext = patternBytes(size);
        const file = await encryptFile({ plaintext, recipients, provider, random });
        const reader = await openFile(file, [identity], provider);
        expect(reader!.size).toBe(size);
        for (const pair of pairs) {
          const [from, to] = pair.map((at) => at % (size + 1)).sort((a, b) => a - b) as [number, number];
          expect(Buffer.compare(await reader!.read(from, to), plaintext.subarray(from, to))).toBe(0);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('reads the chunks of its range and the last one, no others', async () => {
    const payload = await payloadOf(20 * CHUNK + 9);
    const reads: [number, number][] = [];
    const reader = {
      size: payload.length,
      read(from: number, to: number) {
        reads.push([from, to]);
        return Promise.resolve(payload.subarray(from, to));
      },
    };
    const range = { provider, fileKey, payload: reader, from: 5 * CHUNK - 1, to: 6 * CHUNK + 1 };
    expect(Buffer.compare(await decryptRange(range), patternBytes(6 * CHUNK + 1).subarray(5 * CHUNK - 1))).toBe(0);
    expect(reads).toEqual([
      [0, 16],
      [16 + 20 * SEALED, payload.length],
      [16 + 4 * SEALED, 16 + 7 * SEALED],
    ]);
  });

  test('a payload cut at a chunk boundary is refused though every chunk left in it is good', async () => {
    const payload = await payloadOf(3 * CHUNK);
    for (const chunks of [1, 2]) {
      const cut = payload.subarray(0, 16 + chunks * SEALED);
      await expect(decryptRange({ provider, fileKey, payload: cut, from: 0, to: 10 })).rejects.toMatchObject(damaged);
    }
  });

  test('any other wrong length, or a reader that gives too little, is refused', async () => {
    const payload = await payloadOf(CHUNK + 50);
    for (const length of [0, 16, 31, 16 + 100, 16 + SEALED + 16, payload.length - 1])
      await expect(
        decryptRange({ provider, fileKey, payload: payload.subarray(0, length), from: 0, to: 0 }),
      ).rejects.toMatchObject(damaged);
    const longer = new Uint8Array(payload.length + 1);
    longer.set(payload);
    await expect(decryptRange({ provider, fileKey, payload: longer, from: 0, to: 1 })).rejects.toMatchObject(damaged);
    const short = {
      size: payload.length,
      read: (from: number, to: number) => Promise.resolve(payload.subarray(from, to - 1)),
    };
    await expect(openPayload({ provider, fileKey, payload: short })).rejects.toMatchObject(damaged);
  });

  test('a damaged chunk spoils its own ranges alone', async () => {
    const payload = await payloadOf(3 * CHUNK);
    payload[16 + SEALED + 7]! ^= 1;
    const reader = await openPayload({ provider, fileKey, payload: bytesReader(payload) });
    expect(Buffer.compare(await reader.read(0, CHUNK), patternBytes(CHUNK))).toBe(0);
    expect(await reader.read(2 * CHUNK, 3 * CHUNK)).toHaveLength(CHUNK);
    await expect(reader.read(CHUNK - 1, CHUNK + 1)).rejects.toMatchObject({ ...damaged, detail: { chunk: 1 } });
  });

  test('an empty file opens, and has only the empty range', async () => {
    const reader = await openPayload({ provider, fileKey, payload: bytesReader(await payloadOf(0)) });
    expect(reader.size).toBe(0);
    expect(await reader.read(0, 0)).toHaveLength(0);
    await expect(reader.read(0, 1)).rejects.toMatchObject({ code: 'internal' });
  });

  test('ranges outside of the plaintext are a Problem', async () => {
    const reader = await openPayload({ provider, fileKey, payload: bytesReader(await payloadOf(100)) });
    for (const [from, to] of [
      [-1, 5],
      [5, 4],
      [0, 101],
      [0.5, 2],
      [0, Number.NaN],
    ] as const)
      await expect(reader.read(from, to)).rejects.toMatchObject({ code: 'internal' });
  });
});

test('a file that ends with its header has a broken header; one for others is null', async () => {
  const provider = cipherProviders[0]!;
  const { header } = await createHeader(recipients);
  await expect(openFile(header, [identity], provider)).rejects.toMatchObject({ code: 'age-header-damaged' });
  const file = await encryptFile({ plaintext: new Uint8Array(9), recipients, provider, random });
  expect(await openFile(file, [await generateIdentity('classic')], provider)).toBeNull();
});
