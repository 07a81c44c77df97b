/** Which phase and which problem follow from what the engine knows. */
import { expect, test } from 'vitest';
import { createStateStore, FIRST_FACTS, stateOf } from '../../../client/upload/submission-state.ts';

const held = { code: 'file-unreadable', path: 'a' } as const;

test('the end comes before all, then what only a person can change, then what changes by itself', () => {
  const everything = { ...FIRST_FACTS, paused: true, held, away: true, awayCode: 'database-away' } as const;
  expect(stateOf({ ...everything, stage: 'received' }).phase).toBe('received');
  expect(stateOf({ ...everything, stage: 'refused', refusal: 'card-outdated' })).toMatchObject({
    phase: 'refused',
    problem: { code: 'card-outdated' },
  });
  const uploading = { ...everything, stage: 'uploading' } as const;
  expect(stateOf(uploading)).toMatchObject({ phase: 'paused', problem: null });
  expect(stateOf({ ...uploading, paused: false })).toMatchObject({ phase: 'held', problem: held });
  const away = { ...uploading, paused: false, held: null };
  expect(stateOf(away)).toMatchObject({ phase: 'waiting', problem: { code: 'database-away' } });
  expect(stateOf({ ...away, awayCode: null }).problem).toBeNull();
  expect(stateOf({ ...away, away: false }).phase).toBe('uploading');
});

test('listeners hear of a change once, and of no change not at all', () => {
  const store = createStateStore();
  let calls = 0;
  const leave = store.subscribe(() => (calls += 1));
  const before = store.state();
  store.change({ acknowledged: 0 });
  expect([calls, store.state() === before]).toEqual([0, true]);
  store.change({ acknowledged: 5 });
  expect(calls).toBe(1);
  store.change({ held: { ...held } });
  store.change({ held: { ...held } });
  expect([calls, store.state().problem]).toEqual([2, held]);
  leave();
  store.change({ acknowledged: 6 });
  expect(calls).toBe(2);
});
