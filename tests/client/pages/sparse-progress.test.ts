/** What is read out while sending: seldom enough to work beside it. */
import { expect, test } from 'vitest';
import { sayNext } from '../../../client/pages/use-sparse-progress.ts';
import type { Heard } from '../../../client/pages/use-sparse-progress.ts';

test('a whole upload is read out in ten sentences and each change of phase', () => {
  let heard: Heard = { phase: 'preparing', tenth: 0 };
  const said: string[] = [];
  const see = (phase: Heard['phase'], percent: number): void => {
    const text = sayNext(heard, phase, percent);
    if (text === null) return;
    said.push(text);
    heard = { phase, tenth: Math.floor(percent / 10) };
  };
  for (let percent = 0; percent <= 100; percent += 0.25) {
    see('uploading', Math.floor(percent));
    if (percent === 42) {
      see('waiting', 42);
      see('waiting', 42);
    }
  }
  see('sealing', 100);
  expect(said).toHaveLength(1 + 10 + 2 + 1);
  expect(said.at(-1)).toBe('Everything has arrived. Waiting for the receipt.');
});
