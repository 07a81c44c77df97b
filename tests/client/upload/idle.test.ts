/** Work that is in no hurry has its turn while the other work waits, and not before. */
import { expect, test } from 'vitest';
import { createIdle } from '../../../client/upload/idle.ts';

test('a turn comes while the other work waits, and none while it does not', async () => {
  const idle = createIdle();
  let turns = 0;
  const turn = () => idle.turn().then(() => turns++);
  void turn();
  await Promise.resolve();
  expect(turns).toBe(0);
  const waiting = Promise.withResolvers<string>();
  const waited = idle.during(waiting.promise);
  await turn();
  expect(turns).toBe(2);
  waiting.resolve('done');
  expect(await waited).toBe('done');
  void turn();
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(turns).toBe(2);
  idle.end();
  await turn();
  expect(turns).toBe(4);
  await idle.during(Promise.resolve());
  await turn();
  expect(turns).toBe(5);
});

test('what the other work waited for may fail: then it is at work again', async () => {
  const idle = createIdle();
  await expect(idle.during(Promise.reject(new Error('no')))).rejects.toThrow('no');
  let turned = false;
  void idle.turn().then(() => (turned = true));
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(turned).toBe(false);
});
