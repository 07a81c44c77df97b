/** When requests may go out: pause, resume, the end; and places that are given out in order. */
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../client/upload/clock.ts';
import { createGate } from '../../../client/upload/gate.ts';
import { createSlots } from '../../../client/upload/slots.ts';

describe('the gate', () => {
  test('is open at first; a pause aborts what runs and holds what comes', async () => {
    const gate = createGate(systemClock);
    const first = await gate.pass();
    gate.pause();
    gate.pause();
    expect(first.aborted).toBe(true);
    let passed = false;
    const second = gate.pass().then((signal) => {
      passed = true;
      return signal;
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(passed).toBe(false);
    gate.resume();
    expect((await second).aborted).toBe(false);
  });

  test('the end aborts, wakes and refuses', async () => {
    const gate = createGate(systemClock);
    const signal = await gate.pass();
    gate.pause();
    const waiting = gate.pass();
    const resting = gate.rest(60_000);
    gate.end();
    expect(signal.aborted).toBe(true);
    await resting;
    await expect(waiting).rejects.toThrow('aborted');
    await expect(gate.pass()).rejects.toThrow('aborted');
    gate.pause();
    await expect(gate.pass()).rejects.toThrow('aborted');
  });

  test('resting ends by itself, or by a call', async () => {
    const gate = createGate(systemClock);
    await gate.rest(1);
    const long = gate.rest(60_000);
    gate.wake();
    await long;
    const other = gate.rest(60_000);
    gate.pause();
    await expect(other).resolves.toBeUndefined();
  });
});

describe('slots', () => {
  test('are never more than the limit, and come in order', async () => {
    let limit = 2;
    const take = createSlots(() => limit);
    const first = await take();
    const second = await take();
    const order: number[] = [];
    const third = take().then((giveBack) => {
      order.push(3);
      return giveBack;
    });
    const fourth = take().then((giveBack) => {
      order.push(4);
      return giveBack;
    });
    await Promise.resolve();
    expect(order).toEqual([]);
    first();
    first();
    await third;
    expect(order).toEqual([3]);
    limit = 1;
    second();
    await Promise.resolve();
    expect(order).toEqual([3]);
    (await third)();
    await fourth;
    expect(order).toEqual([3, 4]);
  });
});
