/** `admin gc`: what the server does every six hours, now: takes away what was kept for its days, and blobs that no row speaks of. */
import { dayOf } from '../../shared/statements/fields.ts';
import { findOrphans, sweep } from '../jobs/sweeper.ts';
import type { Swept } from '../jobs/sweeper.ts';
import { openRetention } from '../store/retention.ts';
import type { Command } from './command.ts';
import { withOwnBlobs } from './site.ts';
import { countInWords } from './text.ts';

export const gc: Command = {
  operands: [0, 0],
  flags: ['dry-run'],
  values: [],
  run: ({ flags }, effects) =>
    withOwnBlobs(effects, async ({ config, database, blobs }) => {
      const dryRun = flags.has('dry-run');
      const options = { retention: openRetention(database, config), blobs, now: effects.now };
      const { parcels, orphans } = dryRun ? await wouldSweep(options) : await sweep(options);
      const what = `${countInWords(parcels, 'parcel')} whose days are over, ${countInWords(orphans, 'blob')} that no row names.`;
      return {
        finding: false,
        words: [`${dryRun ? 'Would be removed' : 'Removed'}: ${what}`],
        json: { dryRun, parcels, orphans },
      };
    }),
};

async function wouldSweep(options: Parameters<typeof sweep>[0]): Promise<Swept> {
  const due = await options.retention.forecast(dayOf(options.now()), 0);
  let orphans = 0;
  for await (const { names } of findOrphans(options)) orphans += names.length;
  return { parcels: due.reduce((sum, { parcels }) => sum + parcels, 0), orphans };
}
