/** The root key's fingerprint: what people compare is fixed for good. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { rootFingerprint } from '../../../shared/statements/fingerprint.ts';

test('eight groups of four digits: the first half of SHA-256 of the key', async () => {
  const key = Uint8Array.from({ length: 32 }, (_, index) => index);
  const fingerprint = await rootFingerprint(key);
  expect(fingerprint).toBe('630d cd29 66c4 3366 9112 5448 bbb2 5b4f');
  expect(fingerprint.replaceAll(' ', '')).toBe(createHash('sha256').update(key).digest('hex').slice(0, 32));
});
