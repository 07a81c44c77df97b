/** Hashing files as their bytes go by in parts, and telling whether another copy begins with the same bytes. */
import { expect, test } from 'vitest';
import { createHashing } from '../../../client/upload/hashing.ts';
import type { Span } from '../../../client/upload/part-reader.ts';
import { createNobleSha256 } from '../../../shared/crypto/noble-sha256.ts';
import { loadHashWasmSha256 } from '../../../shared/crypto/hash-wasm-sha256.ts';
import { sha256 as nodeSha256 } from '../../kit/parcel-stream.ts';
import { patternBytes } from '../../kit/random-bytes.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(nodeSha256(bytes));

const engines = [
  ['hash-wasm', await loadHashWasmSha256()],
  ['noble', createNobleSha256],
] as const;

test.each(engines)('%s: files that begin, go on and end anywhere', async (_, create) => {
  const hashing = createHashing(create);
  const bytes = patternBytes(4096);
  const span = (index: number, at: number, length: number, last: boolean): Span => ({ index, at, length, last });
  const first = await hashing.hash(bytes, [
    span(0, 100, 50, true),
    span(1, 512, 1024, true),
    span(2, 2048, 2048, false),
  ]);
  expect(first.bytes).toBe(bytes);
  expect(first.hashes).toEqual([sha256(bytes.subarray(100, 150)), sha256(bytes.subarray(512, 1536))]);
  expect((await hashing.hash(bytes, [span(2, 0, 4096, false)])).hashes).toEqual([]);
  const last = await hashing.hash(bytes, [span(2, 0, 10, true), span(3, 512, 1, true)]);
  expect(last.hashes).toEqual([
    sha256(Buffer.concat([bytes.subarray(2048), bytes, bytes.subarray(0, 10)])),
    sha256(bytes.subarray(512, 513)),
  ]);
});

test('small files and large ones, whole in a part or not, have the same hashes', async () => {
  const hashing = createHashing(createNobleSha256);
  const bytes = patternBytes(100_000);
  const sizes = [1, 4095, 4096, 4097, 50_000];
  const spans = sizes.map((length, index) => ({ index, at: index * 512, length, last: true }));
  const { hashes } = await hashing.hash(bytes, spans);
  expect(hashes).toEqual(spans.map(({ at, length }) => sha256(bytes.subarray(at, at + length))));
});

test.each(engines)('%s: another copy is the same as far as it was sent, or it is not', async (_, create) => {
  const bytes = patternBytes(600_000);
  const sent = 524_288;
  const run = async (copy: Uint8Array<ArrayBuffer>): Promise<boolean> => {
    const hashing = createHashing(create);
    await hashing.hash(bytes, [{ index: 0, at: 0, length: sent, last: false }]);
    await hashing.replay(copy.slice(0, 300_032), true);
    await hashing.replay(copy.slice(300_032), false);
    const same = await hashing.replayedSame();
    // The hash that was broken off has not moved.
    const { hashes } = await hashing.hash(bytes, [{ index: 0, at: sent, length: 600_000 - sent, last: true }]);
    expect(hashes).toEqual([sha256(bytes)]);
    return same;
  };
  expect(await run(bytes.slice(0, sent))).toBe(true);
  const other = bytes.slice(0, sent);
  other[3]! ^= 1;
  expect(await run(other)).toBe(false);
  expect(await run(bytes.slice(0, sent - 64))).toBe(false);
});
