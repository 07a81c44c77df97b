/**
 * `npm run bench -- scale [--mailboxes 1000000] [--parcels 200000] [--parts 5000000] [--calls 300] [--write]`: how long calls take with a
 * full database, against one that holds hardly anything, in turns. `--write` makes docs/database.md of it.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCustody } from '../server/store/custody.ts';
import { openRetention } from '../server/store/retention.ts';
import { ed25519FromSeed } from '../shared/crypto/ed25519.ts';
import { dayOf } from '../shared/statements/fields.ts';
import { PROJECT } from '../tests/kit/programs.ts';
import { random } from '../tests/kit/random-bytes.ts';
import { startTestServer } from '../tests/kit/test-server.ts';
import { machineInWords } from './machine.ts';
import { CALLS, openPlace } from './scale-calls.ts';
import type { Place } from './scale-calls.ts';
import { explain } from './scale-plans.ts';
import { fewest, makeRows } from './scale-rows.ts';
import type { ScaleSizes } from './scale-rows.ts';
import { scalePage } from './scale-page.ts';
import type { ScaleFigures } from './scale-page.ts';

/** Mailboxes that are asked for. */
const KEYS = 40;
const AIM = 1.5;
/** As long as any statement may take. */
const DEADLINE_MS = 10_000;
const KEEP = { keepUnfinishedDays: 30, keepCollectedDays: 30, keepRepliesDays: 90 };

/** Runs it; the exit code tells whether every call stayed within the aim. */
export async function scale(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      mailboxes: { type: 'string', default: '1000000' },
      parcels: { type: 'string', default: '200000' },
      parts: { type: 'string', default: '5000000' },
      calls: { type: 'string', default: '300' },
      write: { type: 'boolean', default: false },
    },
  });
  const sizes = { mailboxes: Number(values.mailboxes), parcels: Number(values.parcels), parts: Number(values.parts) };
  const now = new Date();
  // What is promised to unfinished parcels that are made up is more than any disk has.
  const start = () =>
    startTestServer({}, (blobs) => ({ ...blobs, free: () => Promise.resolve(Number.MAX_SAFE_INTEGER) }));
  await using small = await start();
  await using large = await start();
  const fill = async (server: typeof small, wanted: ScaleSizes): Promise<Place> => {
    const keys = await Promise.all(Array.from({ length: KEYS }, () => ed25519FromSeed(random(32))));
    const mailboxes = keys.map(({ publicKey }) => publicKey);
    const unfinished = await makeRows(server.database.socketFolder, wanted, { keys: mailboxes, today: dayOf(now) });
    return openPlace(server, keys, unfinished, wanted.parcels);
  };
  console.error(`making ${sizes.parcels} parcels with ${sizes.parts} parts …`);
  const places = [await fill(small, fewest(KEYS, sizes)), await fill(large, sizes)] as const;
  console.error(`made after ${Math.round((Date.now() - now.getTime()) / 1000)} s`);

  const calls: ScaleFigures['calls'][number][] = [];
  for (const [what, call] of Object.entries(CALLS)) {
    const times: [number[], number[]] = [[], []];
    for (let n = 0; n < Number(values.calls); n++) {
      // Either goes first as often as the other.
      for (const which of n % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const timed = await call(places[which], n);
        const started = performance.now();
        await timed();
        times[which].push(performance.now() - started);
      }
    }
    calls.push({ what, small: spread(times[0]), large: spread(times[1]) });
    console.error(`${what}: ${calls.at(-1)!.small.median.toFixed(2)} and ${calls.at(-1)!.large.median.toFixed(2)} ms`);
  }
  const rounds = await background(places[1], dayOf(now));
  const plans = await explain(places[1], dayOf(now));
  const page = scalePage({ machine: machineInWords(), sizes, count: Number(values.calls), calls, rounds, plans });
  console.log(page);
  if (values.write) await writeFile(join(PROJECT, 'docs/database.md'), page);
  const isGood =
    calls.every(({ small: few, large: many }) => many.median <= few.median * AIM) &&
    rounds.every(({ longest }) => longest < DEADLINE_MS);
  process.exitCode = isGood ? 0 : 1;
}

/** What runs by itself, or once a day: no caller waits, but each statement has its deadline. */
async function background({ server, unfinished }: Place, day: string): Promise<ScaleFigures['rounds']> {
  const { database } = server.database;
  const [custody, retention] = [openCustody(database), openRetention(database, KEEP)];
  const works: Readonly<Record<string, () => Promise<unknown>>> = {
    'courier status': () => custody.count(),
    'sweeper, what is due': () => retention.due(day, 100),
    'sweeper, old marks of mailboxes': () => retention.removeMarks(day),
    'sweeper, blobs of a parcel': () => retention.blobs(unfinished[0]!),
    'a parcel is removed': () => custody.remove(unfinished.at(-1)!),
  };
  const rounds: ScaleFigures['rounds'][number][] = [];
  for (const [what, work] of Object.entries(works)) {
    const times: number[] = [];
    for (let n = 0; n < 5; n++) {
      const started = performance.now();
      await work();
      times.push(performance.now() - started);
    }
    rounds.push({ what, longest: Math.max(...times) });
  }
  return rounds;
}

function spread(times: readonly number[]): { median: number; p95: number } {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, p95: sorted[Math.floor(sorted.length * 0.95)]! };
}
