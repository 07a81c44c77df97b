/** The level of work by demand: none when idle, up at once, down within minutes, and never dearer by mere knocking. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDemand, demandOf } from '../../server/guard/demand.ts';
import { MOST_WORK } from '../../shared/protocol/work.ts';

const MINUTE = 60_000;

/** A demand whose clock is moved by hand. */
function make(least = 0) {
  let clock = 1_000;
  const demand = createDemand({ least, clock: () => clock });
  return { ...demand, wait: (milliseconds: number) => void (clock += milliseconds) };
}

type Made = ReturnType<typeof make>;

/** A steady stream of so many a minute for so many minutes. */
function stream(made: Made, what: 'admitted' | 'refused', perMinute: number, minutes: number): void {
  for (let i = 0; i < perMinute * minutes; i++) {
    made.wait(MINUTE / perMinute);
    made[what]();
  }
}

describe('the level of work', () => {
  test('is none when idle, and with as many newcomers as come in free', () => {
    const made = make();
    expect(made.level()).toBe(0);
    stream(made, 'admitted', 55, 10);
    expect(made.level()).toBe(0);
  });

  test('rises within seconds of a rush, and to the highest', () => {
    const made = make();
    for (let i = 0; i < demandOf(1) + 1; i++) made.admitted();
    expect(made.level()).toBe(1);
    for (let i = 0; i < demandOf(MOST_WORK); i++) {
      made.wait(2);
      made.admitted();
    }
    expect(made.level()).toBe(MOST_WORK);
  });

  test('is higher for a larger stream, by one step for each factor', () => {
    for (let level = 1; level < MOST_WORK; level++) {
      const made = make();
      stream(made, 'admitted', Math.round((demandOf(level) + demandOf(level + 1)) / 2), 8);
      expect(made.level()).toBe(level);
    }
  });

  test('falls step by step within four minutes of quiet, whatever came before', () => {
    const made = make();
    for (let i = 0; i < 100_000; i++) made.admitted();
    expect(made.level()).toBe(MOST_WORK);
    let last = MOST_WORK;
    for (let second = 0; second < 240; second++) {
      made.wait(1_000);
      const level = made.level();
      expect([0, 1]).toContain(last - level);
      last = level;
    }
    expect(last).toBe(0);
  });

  test('does not go to and fro under a stream that is just at the border', () => {
    const made = make();
    const seen: number[] = [];
    for (let i = 0; i < 1_200; i++) {
      made.wait(MINUTE / demandOf(4));
      seen.push(made.level());
      made.admitted();
      seen.push(made.level());
    }
    const changes = seen.filter((level, at) => at > 0 && level !== seen[at - 1]).length;
    expect(changes).toBeLessThanOrEqual(4);
  });

  test('is brought to the third and no higher by those who only knock', () => {
    const made = make();
    stream(made, 'refused', 60_000, 2);
    expect(made.level()).toBe(3);
  });

  test('is never below what the operator wants, and counts from there', () => {
    const made = make(5);
    expect(made.level()).toBe(5);
    stream(made, 'admitted', Math.round(demandOf(6) * 1.1), 8);
    expect(made.level()).toBe(6);
  });

  test('whatever comes, and whenever: never more than a bounded number comes in free in one minute', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 30_000 }), rush: fc.integer({ min: 0, max: 200 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const made = make();
        let at = 0;
        const free: number[] = [];
        for (const { wait, rush } of steps) {
          made.wait(wait);
          at += wait;
          for (let i = 0; i < rush; i++) {
            const level = made.level();
            expect(level).toBeGreaterThanOrEqual(0);
            expect(level).toBeLessThanOrEqual(MOST_WORK);
            if (level === 0) {
              made.admitted();
              free.push(at);
            } else made.refused();
          }
        }
        for (const from of free) {
          const within = free.filter((time) => time >= from && time < from + MINUTE).length;
          expect(within).toBeLessThanOrEqual(Math.ceil(demandOf(1) * (1 + 1)));
        }
      }),
    );
  });
});
