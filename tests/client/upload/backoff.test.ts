/** Waiting after trouble: bounded, jittered, without end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoff } from '../../../client/upload/backoff.ts';
import { random } from '../../kit/random-bytes.ts';

test('every wait lies between half a step and a step, and steps double up to half a minute', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (attempt) => {
      const step = Math.min(30_000, 500 * 2 ** Math.min(attempt - 1, 30));
      const wait = backoff(attempt, random);
      expect(wait).toBeGreaterThanOrEqual(Math.floor(step / 2));
      expect(wait).toBeLessThanOrEqual(step);
    }),
  );
});

test('the ends of the jitter are the ends of the range', () => {
  expect(backoff(1, (length) => new Uint8Array(length))).toBe(250);
  expect(backoff(1, (length) => new Uint8Array(length).fill(255))).toBe(500);
});

test('two waits are rarely the same', () => {
  expect(new Set(Array.from({ length: 50 }, () => backoff(9, random))).size).toBeGreaterThan(40);
});
