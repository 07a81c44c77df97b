/** What a person can say of a file that cannot be read, and what becomes of it. */
import { expect, test } from 'vitest';
import { systemClock } from '../../../client/upload/clock.ts';
import { createHashing } from '../../../client/upload/hashing.ts';
import { createHeldFiles } from '../../../client/upload/held-files.ts';
import { createNobleSha256 } from '../../../shared/crypto/noble-sha256.ts';
import { patternBytes } from '../../kit/random-bytes.ts';
import { failingFile } from './failing-file.ts';
import { soon } from './soon.ts';

const SENT = 5 * 1024 * 1024 + 512;
const content = patternBytes(SENT + 1000);

async function setUp() {
  const hashing = createHashing(createNobleSha256);
  const { running } = await hashing(content, [{ at: 0, length: SENT, last: false }], null);
  const said: unknown[] = [];
  const given: string[] = [];
  const { file } = failingFile(content, 'a', 1_000);
  const held = createHeldFiles({
    chosen: (index) => ({ path: `path-${index}`, size: content.length, modified: 1_000, file }),
    hashing,
    clock: systemClock,
    hashed: () => Promise.resolve(running),
    onHeld: (one) => said.push(one),
    onGivenUp: (path) => given.push(path),
  });
  return { held, said, given, file };
}
const copy = (bytes: Uint8Array<ArrayBuffer>, modified = 1_000): File =>
  new File([bytes], 'x', { lastModified: modified });
const UNREADABLE = { code: 'file-unreadable', path: 'path-0' };

test('goes on without it', async () => {
  const { held, said, given } = await setUp();
  const decision = held.decide({ index: 0, before: SENT, reason: 'unreadable' });
  held.continueWithout('another');
  expect(given).toEqual([]);
  held.continueWithout('path-0');
  expect(await decision).toEqual({ kind: 'zeros' });
  expect([said, given]).toEqual([[UNREADABLE, null], ['path-0']]);
  const short = held.decide({ index: 1, before: 0, reason: 'short' });
  expect(said.at(-1)).toEqual({ code: 'file-changed', path: 'path-1' });
  held.continueWithoutAll();
  await short;
  // All others after it, without a word.
  expect(await held.decide({ index: 2, before: 0, reason: 'short' })).toEqual({ kind: 'zeros' });
  expect(said.at(-1)).toBeNull();
  expect(given).toEqual(['path-0', 'path-1', 'path-2']);
});

test('tries the same file again', async () => {
  const { held, file } = await setUp();
  held.tryAgain();
  const decision = held.decide({ index: 0, before: SENT, reason: 'unreadable' });
  held.tryAgain();
  expect(await decision).toEqual({ kind: 'file', file });
});

test('takes another copy of the same size, time and beginning, and no other', async () => {
  const { held, said } = await setUp();
  expect(held.replaceFile('path-0', copy(content))).toBe(false);
  const decision = held.decide({ index: 0, before: SENT, reason: 'unreadable' });
  expect(held.replaceFile('path-1', copy(content))).toBe(false);
  expect(held.replaceFile('path-0', copy(content, 2_000))).toBe(false);
  expect(held.replaceFile('path-0', copy(content.slice(1)))).toBe(false);
  expect(said).toEqual([UNREADABLE]);

  const other = content.slice();
  other[100]! ^= 1;
  expect(held.replaceFile('path-0', copy(other))).toBe(true);
  await soon(() => said.length === 3);
  expect(said.slice(1)).toEqual([null, { code: 'file-changed', path: 'path-0' }]);

  const gone = failingFile(content, 'x', 1_000);
  gone.failFrom(4_500_000);
  expect(held.replaceFile('path-0', gone.file)).toBe(true);
  await soon(() => said.length === 5);
  expect(said.at(-1)).toEqual(UNREADABLE);

  const same = content.slice();
  same[SENT + 1]! ^= 1;
  const file = copy(same);
  expect(held.replaceFile('path-0', file)).toBe(true);
  expect(await decision).toEqual({ kind: 'file', file });
});

test('a file of which nothing was sent may have any content', async () => {
  const { held } = await setUp();
  const decision = held.decide({ index: 0, before: 0, reason: 'unreadable' });
  const file = copy(patternBytes(content.length, 9));
  expect(held.replaceFile('path-0', file)).toBe(true);
  expect(await decision).toEqual({ kind: 'file', file });
});
