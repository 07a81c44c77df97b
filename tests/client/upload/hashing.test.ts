/** Hashing files as their bytes go by in parts, here or, from where it stood, elsewhere. */
import { expect, test } from 'vitest';
import { createHashing } from '../../../client/upload/hashing.ts';
import { createNobleSha256 } from '../../../shared/crypto/noble-sha256.ts';
import { loadHashWasmSha256 } from '../../../shared/crypto/hash-wasm-sha256.ts';
import { sha256 as nodeSha256 } from '../../kit/parcel-stream.ts';
import { patternBytes } from '../../kit/random-bytes.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(nodeSha256(bytes));

const engines = [
  ['hash-wasm', await loadHashWasmSha256()],
  ['noble', createNobleSha256],
] as const;

const span = (at: number, length: number, last: boolean) => ({ at, length, last });

test.each(engines)('%s: files that begin, go on and end anywhere', async (_, create) => {
  const hashing = createHashing(create);
  const bytes = patternBytes(4096);
  const first = await hashing(bytes, [span(100, 50, true), span(512, 1024, true), span(2048, 2048, false)], null);
  expect(first.bytes).toBe(bytes);
  expect(first.hashes).toEqual([sha256(bytes.subarray(100, 150)), sha256(bytes.subarray(512, 1536))]);
  const second = await hashing(bytes, [span(0, 4096, false)], first.running);
  expect([second.hashes, second.running?.length]).toEqual([[], 2048 + 4096]);
  const last = await hashing(bytes, [span(0, 10, true), span(512, 1, true)], second.running);
  expect(last.running).toBeNull();
  expect(last.hashes).toEqual([
    sha256(Buffer.concat([bytes.subarray(2048), bytes, bytes.subarray(0, 10)])),
    sha256(bytes.subarray(512, 513)),
  ]);
});

test('small files and large ones, whole in a part or not, have the same hashes', async () => {
  const hashing = createHashing(createNobleSha256);
  const bytes = patternBytes(100_000);
  const sizes = [1, 4095, 4096, 4097, 50_000];
  const spans = sizes.map((length, index) => span(index * 512, length, true));
  const { hashes } = await hashing(bytes, spans, null);
  expect(hashes).toEqual(spans.map(({ at, length }) => sha256(bytes.subarray(at, at + length))));
});

test.each(engines)('%s: what stands between two parts goes on in another browser', async (_, create) => {
  const bytes = patternBytes(600_000);
  const { running } = await createHashing(create)(bytes, [span(0, 524_288, false)], null);
  const later = createHashing(createNobleSha256);
  const { hashes } = await later(bytes, [span(524_288, 600_000 - 524_288, true)], running);
  expect(hashes).toEqual([sha256(bytes)]);
});
