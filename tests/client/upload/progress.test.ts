/** The pace and the time left, from acknowledged bytes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createProgress } from '../../../client/upload/progress.ts';

test('a steady pace is told as it is, whatever the grain of the acknowledgements', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 100_000 }), (every, bytes) => {
      const progress = createProgress(0, 0);
      let at = 0;
      let sum = 0;
      for (; at < 120_000; at += every) {
        progress.note(sum, at);
        sum += bytes;
      }
      const { bytesPerSecond, secondsLeft } = progress.pace(1_000_000, at - every);
      const real = (bytes / every) * 1000;
      expect(bytesPerSecond! / real).toBeGreaterThan(0.85);
      expect(bytesPerSecond! / real).toBeLessThan(1.05);
      expect(secondsLeft).toBeCloseTo(1_000_000 / bytesPerSecond!, 6);
    }),
  );
});

test('nothing is told in the first seconds', () => {
  const progress = createProgress(0, 0);
  progress.note(1000, 100);
  expect(progress.pace(1, 1900)).toEqual({ bytesPerSecond: null, secondsLeft: null });
  expect(progress.pace(1, 2100).bytesPerSecond).not.toBeNull();
});

test('a standstill shows: the pace sinks, and after half a minute there is none', () => {
  const progress = createProgress(0, 0);
  for (let at = 0; at <= 30_000; at += 1000) progress.note(at * 10, at);
  const moving = progress.pace(1, 30_000).bytesPerSecond!;
  expect(progress.pace(1, 45_000).bytesPerSecond!).toBeCloseTo(moving / 2, -3);
  expect(progress.pace(1, 60_100).bytesPerSecond).toBeNull();
});

test('a few acknowledgements far apart still make a pace', () => {
  const progress = createProgress(0, 0);
  for (let at = 0; at <= 200_000; at += 25_000) progress.note(at * 40, at);
  expect(progress.pace(1, 200_000).bytesPerSecond!).toBeCloseTo(40_000, -3);
  // Just before the next one it has not sunk by much, and a standstill shows all the same.
  expect(progress.pace(1, 224_000).bytesPerSecond!).toBeGreaterThan(30_000);
  expect(progress.pace(1, 400_000).bytesPerSecond).toBeNull();
});

test('a restart forgets', () => {
  const progress = createProgress(0, 0);
  for (let at = 0; at <= 10_000; at += 100) progress.note(at * 100, at);
  progress.restart(1_000_000, 100_000);
  expect(progress.pace(1, 101_000).bytesPerSecond).toBeNull();
  progress.note(1_010_000, 105_000);
  expect(progress.pace(1, 105_000).bytesPerSecond).toBeCloseTo(2000, 0);
});
