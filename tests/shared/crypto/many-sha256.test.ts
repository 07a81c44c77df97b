/** Short and long: the hash is the same, whoever makes it. */
import { expect, test } from 'vitest';
import { manySha256 } from '../../../shared/crypto/many-sha256.ts';
import { sha256 } from '../../../shared/crypto/sha256.ts';
import { patternBytes } from '../../kit/random-bytes.ts';

test.each([0, 1, 63, 64, 4095, 4096, 4097, 100_000])('%i bytes', async (size) => {
  const bytes = patternBytes(size);
  expect(await manySha256(bytes)).toEqual(await sha256(bytes));
});
