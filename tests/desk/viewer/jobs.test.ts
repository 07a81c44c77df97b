/** Long work: one after the other, told as it goes, stopped when wanted, and what goes wrong in it said in sentences. */
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../desk/failure.ts';
import { createJobs } from '../../../desk/viewer-server/jobs.ts';
import type { Result } from '../../../desk/viewer-server/jobs.ts';
import { until } from '../../kit/waiting.ts';

const PARCEL = '1'.repeat(32);
const RESULT: Result = { sentences: ['All is well.'], found: 'complete', folder: null };
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('work', () => {
  test('is done in order, and tells how far it is, each stage from its beginning', async () => {
    const jobs = createJobs();
    const told: unknown[] = [];
    const gate = Promise.withResolvers<void>();
    const { id } = jobs.add('extract', PARCEL, async (progress) => {
      progress.start('first', 10).update(10);
      const second = progress.start('second', 5);
      told.push(jobs.get(id));
      second.update(2);
      told.push(jobs.get(id));
      await gate.promise;
      return RESULT;
    });
    const next = jobs.add('verify', PARCEL, () => Promise.resolve(RESULT));
    await until('the second stage', 5000, () => Promise.resolve(told.length === 2));
    expect(told).toMatchObject([
      { state: 'running', done: 0, total: 5, found: null },
      { state: 'running', done: 2, total: 5 },
    ]);
    expect(jobs.get(next.id)?.state).toBe('waiting');
    gate.resolve();
    await until('both', 5000, () => Promise.resolve(jobs.get(next.id)?.state === 'done'));
    expect(jobs.get(id)).toMatchObject({ parcel: PARCEL, found: 'sealed', sentences: ['All is well.'] });
    await jobs.close();
  });

  test('that runs is stopped at its next word, and closes what it holds open; what waits is not begun', async () => {
    const jobs = createJobs();
    let [running, closed, begun] = [false, false, false];
    const first = jobs.add('extract', PARCEL, async (progress) => {
      const bar = progress.start('reading', 100);
      try {
        for (running = true; ; bar.update(1)) await tick();
      } finally {
        closed = true;
      }
    });
    const second = jobs.add('verify', PARCEL, () => {
      begun = true;
      return Promise.resolve(RESULT);
    });
    await until('it runs', 5000, () => Promise.resolve(running));
    jobs.stop(second.id);
    jobs.stop(first.id);
    await until('the end', 5000, () => Promise.resolve(jobs.get(first.id)?.state === 'stopped'));
    await jobs.close();
    expect([jobs.get(second.id)?.state, closed, begun]).toEqual(['stopped', true, false]);
  });

  test('that fails says why, and the next is done all the same', async () => {
    const jobs = createJobs();
    const first = jobs.add('extract', PARCEL, () => Promise.reject(new Failure('out-full', { path: '/media/stick' })));
    const second = jobs.add('verify', PARCEL, () => Promise.resolve({ ...RESULT, found: 'damaged' as const }));
    await until('the end', 5000, () => Promise.resolve(jobs.get(second.id)?.state === 'done'));
    expect(jobs.get(first.id)).toMatchObject({ state: 'failed', found: null });
    expect(jobs.get(first.id)?.sentences[0]).toContain('not enough room in /media/stick');
    expect(jobs.get(second.id)?.found).toBe('damaged');
    await jobs.close();
  });

  test('is not taken without end', async () => {
    const jobs = createJobs();
    const gate = Promise.withResolvers<Result>();
    for (let count = 0; count < 50; count++) jobs.add('verify', PARCEL, () => gate.promise);
    await tick();
    jobs.add('verify', PARCEL, () => gate.promise);
    expect(() => jobs.add('verify', PARCEL, () => gate.promise)).toThrow('jobs-many');
    gate.resolve(RESULT);
    await jobs.close();
  });
});
