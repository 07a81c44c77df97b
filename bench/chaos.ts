/**
 * `npm run bench -- chaos --store disk --uploads 300 --kills 100 --database-kills 10 --resets 1000 --stops 100 --seed 1 --processes 2`:
 * uploads through everything that can go wrong; `--store s3` over a Ceph of its own. The same seed sends the same and breaks the same; the system's timing is its own.
 */
import { parseArgs } from 'node:util';
import { S3_PATIENCE } from '../server/store/s3-access.ts';
import { chaosInWords, isGood, runChaos } from '../tests/kit/chaos/chaos.ts';
import { startChaosSite } from '../tests/kit/chaos/chaos-site.ts';
import { random } from '../tests/kit/random-bytes.ts';
import { startRgw } from '../tests/kit/rgw.ts';
import { openTestS3Blobs } from '../tests/kit/s3-blobs.ts';

/** Runs it; the exit code tells whether all came out as it went in. */
export async function chaos(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', default: 'disk' },
      uploads: { type: 'string', default: '300' },
      kills: { type: 'string', default: '100' },
      'database-kills': { type: 'string', default: '10' },
      resets: { type: 'string', default: '1000' },
      stops: { type: 'string', default: '100' },
      processes: { type: 'string', default: '2' },
      seed: { type: 'string' },
    },
  });
  if (values.store !== 'disk' && values.store !== 's3') throw new Error('--store is disk or s3');
  const seed = Number(values.seed ?? new DataView(random(4).buffer).getUint32(0));
  console.error(`seed ${seed}`);
  await using rgw = values.store === 's3' ? await startRgw() : null;
  const store = rgw === null ? {} : { env: rgw.settings, blobs: openTestS3Blobs(rgw.s3, S3_PATIENCE).blobs };
  await using site = await startChaosSite({ processes: Number(values.processes), ...store });
  const report = await runChaos(site, {
    uploads: Number(values.uploads),
    kills: Number(values.kills),
    databaseKills: Number(values['database-kills']),
    resets: Number(values.resets),
    stops: Number(values.stops),
    seed,
    say: (line) => console.error(line),
  });
  for (const line of chaosInWords(report)) console.log(line);
  process.exitCode = isGood(report) ? 0 : 1;
}
