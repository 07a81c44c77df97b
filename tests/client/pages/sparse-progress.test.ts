/** What is read out while sending: seldom enough to work beside it. */
import { expect, test } from 'vitest';
import { situationOf } from '../../../client/pages/situation.ts';
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

test('a server without room is not called a lost connection', () => {
  const full = situationOf({ phase: 'waiting', problem: { code: 'storage-full' } });
  expect(sayNext({ phase: 'uploading', tenth: 3 }, full, 31)).toContain('no room');
  expect(situationOf({ phase: 'waiting', problem: { code: 'quota-reached' } })).toBe('full');
  expect(situationOf({ phase: 'waiting', problem: { code: 'database-away' } })).toBe('waiting');
  expect(situationOf({ phase: 'refused', problem: { code: 'storage-full' } })).toBe('refused');
});

test('a place in line that has to be worked for is called so, until it is paused or there', () => {
  const work = { part: 0.5, secondsLeft: 3 };
  const working = situationOf({ phase: 'preparing', problem: null, work });
  expect(sayNext({ phase: 'preparing', tenth: 0 }, working, 0)).toContain('in line');
  expect(situationOf({ phase: 'paused', problem: null, work })).toBe('paused');
  expect(situationOf({ phase: 'preparing', problem: null, work: null })).toBe('preparing');
});
