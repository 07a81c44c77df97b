/** A flood in little: uploads that run go on, a newcomer gets in, refusals say when to come again, memory stays bounded, and it is over when it is over. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startDrop } from '../kit/drop.ts';
import { tellFlood } from '../kit/flood/story.ts';

const MIB = 1_048_576;

test('running uploads, a newcomer, and the server itself outlive a flood', async () => {
  // Fewer sockets than attackers: some have to go for others.
  await using drop = await startDrop({ env: { POSTERN_CONNECTIONS: '1000' } });
  const report = await tellFlood({
    drop,
    connections: 1_500,
    seconds: 8,
    quietSeconds: 2,
    seed: 1,
    pace: 2_000_000,
    partSize: MIB,
    say: () => undefined,
  });
  const { uploads, newcomer, attack, memory, rates, afterwards } = report;
  expect(uploads.lost).toBe(0);
  expect(uploads.troubles).toEqual({});
  // How much they keep is for a quiet machine to show; here, that they are not brought to a stand.
  expect(rates.during).toBeGreaterThan(rates.before / 4);
  expect(newcomer.steps.sealed).toBeLessThan(60_000);
  expect(newcomer.work.length).toBeGreaterThan(0);

  expect(attack.most).toBeGreaterThan(900);
  expect(attack.statuses['429']).toBeGreaterThan(0);
  expect(attack.withoutRetryAfter).toBe(0);
  expect(Object.keys(attack.statuses).filter((status) => Number(status) >= 500 && status !== '503')).toEqual([]);
  expect((attack.closed['slow-head'] ?? 0) + (attack.closed['slow-body'] ?? 0)).toBeGreaterThan(0);
  expect(memory.peak).toBeLessThan(450 * MIB);

  expect(afterwards.putOff).toEqual({});
  expect(afterwards.steps.sealed).toBeLessThan(30_000);
  const log = await readFile(drop.log, 'utf8');
  expect(log.split('\n').filter((line) => line.includes('flood')).length).toBe(1);
  expect(log).not.toContain('server-busy');
});
