/**
 * Chaos in small: two server processes that are killed (some at crash points), stopped, over a PostgreSQL that is killed, on connections that are
 * reset; sources of three kinds. `npm run bench -- chaos` does the same at length.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chaosInWords, isGood, runChaos } from '../kit/chaos/chaos.ts';
import type { ChaosReport } from '../kit/chaos/chaos.ts';
import { startChaosSite } from '../kit/chaos/chaos-site.ts';
import type { ChaosSite } from '../kit/chaos/chaos-site.ts';
import { random } from '../kit/random-bytes.ts';

const COUNTS = { uploads: 20, kills: 7, databaseKills: 1, resets: 70, stops: 6 };

let site: ChaosSite;
let report: ChaosReport;
beforeAll(async () => {
  site = await startChaosSite({ processes: 2 });
  const seed = Number(process.env['CHAOS_SEED'] ?? new DataView(random(4).buffer).getUint32(0));
  report = await runChaos(site, { ...COUNTS, seed, say: () => undefined });
  console.log(chaosInWords(report).join('\n'));
});
afterAll(() => site[Symbol.asyncDispose]());

test('everything went wrong that was to go wrong', () => {
  const { kills, databaseKills, stops, tally } = report;
  expect({ kills, databaseKills, stops, resets: tally.resets, uploads: report.uploads }).toEqual(COUNTS);
});

test('nothing that was acknowledged is lost, every parcel comes out of the desk as it went in, none is stuck', () => {
  const { lost, corrupt, stuck, wrong } = report;
  expect({ lost, corrupt, stuck, wrong }).toEqual({ lost: [], corrupt: [], stuck: 0, wrong: [] });
});

test('what the kills left behind is gone with the sweeper', () => {
  expect(report.orphansLeft).toBe(0);
  expect(isGood(report)).toBe(true);
});
