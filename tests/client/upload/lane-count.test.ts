/** How many lanes: more while that pays, fewer after a break. */
import { expect, test } from 'vitest';
import { createLaneCount, FIRST_LANES, MOST_LANES } from '../../../client/upload/lane-count.ts';

/** Acknowledges a byte rate that depends on the lanes, twice a second, for so many seconds. */
function run(
  lanes: ReturnType<typeof createLaneCount>,
  rate: (lanes: number) => number,
  seconds: number,
  at = 0,
): void {
  let total = at * 1e6;
  for (let now = at; now < at + seconds * 1000; now += 500) {
    total += rate(lanes.count()) * 500;
    lanes.acknowledged(total, now);
  }
}

test('a link on which each lane brings its own gets all of them', () => {
  const lanes = createLaneCount();
  run(lanes, (count) => count * 50, 600);
  expect(lanes.count()).toBe(MOST_LANES);
});

test('a link that more lanes do not make faster keeps the first three', () => {
  const lanes = createLaneCount();
  run(lanes, () => 150, 600);
  expect(lanes.count()).toBe(FIRST_LANES);
});

test('a link as fast as this computer gets no more', () => {
  const lanes = createLaneCount();
  run(lanes, (count) => count * 20_000, 600);
  expect(lanes.count()).toBe(FIRST_LANES);
});

test('breaks take lanes, several at once only one, and never the last', () => {
  const lanes = createLaneCount();
  lanes.broke(0);
  lanes.broke(100);
  lanes.broke(200);
  expect(lanes.count()).toBe(FIRST_LANES - 1);
  for (let now = 1; now < 20; now++) lanes.broke(now * 20_000);
  expect(lanes.count()).toBe(1);
});

test('after breaks the first three come back, on a fast link too', () => {
  const lanes = createLaneCount();
  for (let now = 0; now < 10; now++) lanes.broke(now * 20_000);
  expect(lanes.count()).toBe(1);
  run(lanes, () => 40_000, 60, 300_000);
  expect(lanes.count()).toBe(FIRST_LANES);
});
