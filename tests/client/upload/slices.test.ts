/** The size of requests: whole parts on a fast link, some 25 seconds' worth on a slow one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSlices } from '../../../client/upload/slices.ts';

const KIB = 1024;
const PART = 8 * KIB * KIB;

/** Sends a part over a link of `rate` bytes a millisecond with `latency` milliseconds a request; gives the requests' times. */
function send(slices: ReturnType<typeof createSlices>, rate: number, latency: number, size = PART): number[] {
  const times: number[] = [];
  for (let left = size; left > 0;) {
    const bytes = slices.next(left);
    const elapsed = bytes / rate + latency;
    slices.answered(bytes, elapsed);
    times.push(elapsed);
    left -= bytes;
  }
  return times;
}

test('a link of any slowness is soon used in requests of 20 to 30 seconds', () => {
  fc.assert(
    fc.property(fc.double({ min: 3.2, max: 250, noNaN: true }), fc.integer({ min: 0, max: 3000 }), (rate, latency) => {
      const slices = createSlices();
      for (let part = 0; part < 12; part++) send(slices, rate, latency);
      const times = send(slices, rate, latency);
      // The last request of a part carries what is left: less, or a little more.
      for (const time of times.slice(0, -1)) expect(time).toBeGreaterThan(20_000);
      for (const time of times) expect(time).toBeLessThan(25_000 * 1.25 + latency + 1000);
    }),
  );
});

test('a fast link takes whole parts from the second one on', () => {
  const slices = createSlices();
  expect(send(slices, 50_000, 5).length).toBe(2);
  expect(send(slices, 50_000, 5)).toHaveLength(1);
});

test('a break makes requests smaller, down to a bound', () => {
  const slices = createSlices();
  send(slices, 50_000, 5);
  const before = slices.next(1e12);
  slices.broke();
  expect(slices.next(1e12)).toBe(Math.floor(before / 2));
  for (let i = 0; i < 100; i++) slices.broke();
  expect(slices.next(PART)).toBe(64 * KIB);
});

test('never more than is left, never nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: PART }), fc.integer({ min: 0, max: 200_000 }))),
      fc.integer({ min: 1, max: PART }),
      (answers, left) => {
        const slices = createSlices();
        for (const [bytes, elapsed] of answers) slices.answered(bytes, elapsed);
        const next = slices.next(left);
        expect(next).toBeGreaterThan(0);
        expect(next).toBeLessThanOrEqual(left);
        expect(Number.isInteger(next)).toBe(true);
      },
    ),
  );
});
