/** Memory for bodies on their way to a store: bounded for all, shared by who has little, and somebody always comes to an end. */
import { expect, test } from 'vitest';
import { createBufferPool } from '../../server/store/buffer-pool.ts';
import type { PooledBuffer } from '../../server/store/buffer-pool.ts';
import { concat } from '../../shared/bytes/concat.ts';
import { maxPartCiphertext } from '../../shared/protocol/limits.ts';
import { patternBytes } from '../kit/random-bytes.ts';

const MIB = 1_048_576;
const LARGEST = maxPartCiphertext(16 * MIB);
const PATIENCE = 300;
const QUIET = 120_000;

/** Time that stands still. */
const still = (): number => 0;

/** True when the promise has settled within a moment. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const late = Symbol('late');
  const moment = new Promise((resolve) => setTimeout(resolve, 30, late));
  return (await Promise.race([promise.catch(() => null), moment])) !== late;
}

test('gives back what went in, in order, whatever the pieces', async () => {
  const buffer = createBufferPool(64 * MIB, { patience: PATIENCE, quiet: QUIET }, still).open();
  const bytes = patternBytes(3 * MIB + 77);
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 3) % 400_000) {
    const piece = bytes.slice(at, at + size);
    await buffer.append(piece);
    piece.fill(0);
  }
  expect(buffer.contents().every(({ length }) => length > 0)).toBe(true);
  expect(Buffer.compare(concat(...buffer.contents()), bytes)).toBe(0);
});

test('sixty who have little find a place where two large parts would not', async () => {
  const pool = createBufferPool(2 * LARGEST, { patience: PATIENCE, quiet: QUIET }, still);
  const small = Array.from({ length: 60 }, () => pool.open());
  await Promise.all(small.map((buffer) => buffer.append(new Uint8Array(1000))));
  expect(small.map((buffer) => buffer.contents()[0]!.length)).toEqual(small.map(() => 1000));
});

test('who cannot have memory in time is told that the server is busy, and may have it when others are through', async () => {
  const pool = createBufferPool(LARGEST, { patience: PATIENCE, quiet: QUIET }, still);
  const first = pool.open();
  await first.append(new Uint8Array(LARGEST));
  const second = pool.open();
  await expect(second.append(new Uint8Array(1))).rejects.toMatchObject({ code: 'server-busy' });
  const waiting = second.append(new Uint8Array(10));
  expect(await isSettled(waiting)).toBe(false);
  first.release();
  await waiting;
  expect(second.contents()[0]).toHaveLength(10);
});

test('parts that fill all memory together do not block each other: the oldest comes to its end first', async () => {
  const pool = createBufferPool(3 * LARGEST, { patience: 10_000, quiet: QUIET }, still);
  const ended: number[] = [];
  const part = new Uint8Array(LARGEST);
  const fill = async (buffer: PooledBuffer, index: number): Promise<void> => {
    // As bodies arrive: all at once, in pieces.
    for (let at = 0; at < part.length; at += MIB) {
      await buffer.append(part.subarray(at, at + MIB));
      await new Promise((resolve) => setImmediate(resolve));
    }
    buffer.release();
    ended.push(index);
  };
  await Promise.all(Array.from({ length: 12 }, (_, index) => fill(pool.open(), index)));
  expect(ended.toSorted((one, two) => one - two)).toEqual(Array.from({ length: 12 }, (_, index) => index));
  expect(ended.indexOf(0)).toBeLessThan(3);
});

test('memory that is given back while its holder waits for more comes back whole', async () => {
  const pool = createBufferPool(LARGEST, { patience: PATIENCE, quiet: QUIET }, still);
  const [first, second] = [pool.open(), pool.open()];
  await first.append(new Uint8Array(LARGEST));
  const waiting = second.append(new Uint8Array(10));
  second.release();
  await expect(waiting).rejects.not.toMatchObject({ code: 'server-busy' });
  await expect(second.append(new Uint8Array(1))).rejects.toThrow();
  first.release();
  first.release();
  const third = pool.open();
  await third.append(new Uint8Array(LARGEST));
  expect(await isSettled(pool.open().append(new Uint8Array(1)))).toBe(false);
  await expect(third.append(new Uint8Array(1 * MIB))).rejects.toThrow();
});

test('who brings nothing more for long gives up its memory to one who waits for some, and is told so', async () => {
  let now = 0;
  const pool = createBufferPool(2 * LARGEST, { patience: PATIENCE, quiet: QUIET }, () => now);
  const idle = Array.from({ length: 40 }, () => pool.open());
  await Promise.all(idle.map((buffer) => buffer.append(new Uint8Array(MIB)).catch(() => undefined)));
  const other = idle[1]!;
  now = QUIET - 1;
  await expect(pool.open().append(new Uint8Array(1))).rejects.toMatchObject({ code: 'server-busy' });
  now = QUIET;
  const part = pool.open();
  await part.append(new Uint8Array(MIB));
  await expect(idle[0]!.append(new Uint8Array(1))).rejects.toMatchObject({ code: 'server-busy' });
  expect(() => idle[0]!.contents()).toThrow(expect.objectContaining({ code: 'server-busy' }));
  // Nobody waits any more: the others keep theirs.
  expect(other.contents().length).toBeGreaterThan(0);
});

test('memory from which the store is being written is taken from nobody', async () => {
  let now = 0;
  const pool = createBufferPool(LARGEST, { patience: PATIENCE, quiet: QUIET }, () => now);
  const first = pool.open();
  await first.append(new Uint8Array(LARGEST));
  first.contents();
  now = 2 * QUIET;
  await expect(pool.open().append(new Uint8Array(1))).rejects.toMatchObject({ code: 'server-busy' });
  expect(first.contents()).not.toEqual([]);
});
