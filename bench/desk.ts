/** `npm run bench -- desk`: extracting and verifying a parcel at the desk, beside stock `age`, the library and a bare SHA-256. Same bytes, same disk, in turns. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bytesInWords } from '../courier/text.ts';
import { makeDrop } from '../tests/kit/make-parcel.ts';
import { run, runNode } from '../tests/kit/programs.ts';
import { parseSize } from '../tests/kit/sizes.ts';
import { temporaryFolder } from '../tests/kit/temporary-folder.ts';
import { makeBigParcel } from './big-parcel.ts';
import { RIVALS } from './desk-rivals.ts';
import type { RivalName } from './desk-rivals.ts';
import { chapterHead, writeChapter } from './page.ts';
import { median, rate, table } from './table.ts';
import { timed } from './timed.ts';
import type { Timed } from './timed.ts';

/** Ours, theirs, and what is aimed at. */
const RATIOS: readonly (readonly [ours: RivalName, theirs: RivalName, aim: string])[] = [
  ['extract', 'age', '2.0'],
  ['extract', 'library', '10.0'],
  ['verify', 'sum', ''],
  ['verify', 'sums', ''],
];

/** Prints a report; with --write it becomes a chapter of docs/benchmarks.md. The disk needs room for twice the size. */
export async function desk(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: '8G' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: Object.keys(RIVALS).join(',') },
      write: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const wanted = values.only.split(',');
  const names = (Object.keys(RIVALS) as RivalName[]).filter((name) => wanted.includes(name));
  const report = chapterHead('The desk', 'desk', args);

  await using work = await temporaryFolder();
  const drop = await makeDrop(work.path, 'classic');
  const parcel = await makeBigParcel(drop, parseSize(values.size));
  const identity = join(work.path, 'identity.txt');
  await writeFile(identity, await runNode('desk/main.ts', ['identities', drop.keys]), { mode: 0o600 });
  const out = join(work.path, 'out');

  const results = new Map<RivalName, Timed[]>(names.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      await mkdir(out);
      // The desk waits until all is on the disk; what others left to be written is none of its work.
      await run('sync', []);
      const result = await timed(RIVALS[name].script, [parcel.folder, identity, out, drop.bundle, drop.keys]);
      await rm(out, { recursive: true });
      results.get(name)!.push(result);
      console.error(`${round}: ${RIVALS[name].name}: ${rate(parcel.size, result.seconds * 1000)}`);
    }
  }

  const gigabytes = parcel.size / 1e9;
  const secondsOf = (name: RivalName) => median(results.get(name)!.map((each) => each.seconds));
  report.push(
    '',
    `A parcel of ${bytesInWords(parcel.size)}, one file, classic card; ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds, in turns`}.`,
    'The desk checks signatures, hashes of all parts and of the file, and waits until all is on the disk; the recipe of the README, `age -d` for',
    'each part into `tar x`, and the library do neither. Processor seconds are of all processes, in themselves and in the kernel.',
    '',
    table(
      ['what', 'speed', 'CPU seconds a GB', 'cores used', 'peak memory'],
      names.map((name) => {
        const all = results.get(name)!;
        const peaks = all.flatMap(({ peak }) => (peak === null ? [] : [peak]));
        return [
          RIVALS[name].name,
          rate(parcel.size, secondsOf(name) * 1000),
          (median(all.map(({ cpu }) => cpu)) / gigabytes).toFixed(2),
          median(all.map(({ cpu, seconds }) => cpu / seconds)).toFixed(2),
          peaks.length === 0 ? '' : bytesInWords(Math.max(...peaks)),
        ];
      }),
    ),
  );
  const ratios = RATIOS.filter(([ours, theirs]) => results.has(ours) && results.has(theirs));
  if (ratios.length > 0) {
    report.push(
      '',
      table(
        ['ours in theirs', 'ratio', 'aim'],
        ratios.map(([ours, theirs, aim]) => [
          `${RIVALS[ours].name}, ${RIVALS[theirs].name}`,
          (secondsOf(theirs) / secondsOf(ours)).toFixed(2),
          aim,
        ]),
      ),
    );
  }
  console.log(report.join('\n'));
  if (values.write) await writeChapter(report);
}
