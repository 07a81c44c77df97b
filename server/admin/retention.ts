/** `admin retention`: what is kept how long, and what goes in the next days; with `--apply` what is due goes now. */
import { dayOf } from '../../shared/statements/fields.ts';
import { sweepParcels } from '../jobs/sweeper.ts';
import { openRetention } from '../store/retention.ts';
import type { Command } from './command.ts';
import { withOwnBlobs } from './site.ts';
import { bytesInWords, countInWords } from './text.ts';

const DAYS = 14;

export const retention: Command = {
  operands: [0, 0],
  flags: ['apply'],
  values: [],
  run: ({ flags }, effects) =>
    withOwnBlobs(effects, async ({ config, database, blobs }) => {
      const { keepUnfinishedDays, keepCollectedDays, keepRepliesDays } = config;
      const kept = openRetention(database, config);
      const failures: unknown[] = [];
      const removed = flags.has('apply')
        ? await sweepParcels({ retention: kept, blobs, now: effects.now }, failures)
        : null;
      if (failures.length > 0) throw failures[0];
      const due = await kept.forecast(dayOf(effects.now()), DAYS);
      return {
        finding: false,
        words: [
          ...(removed === null ? [] : [`Removed: ${countInWords(removed, 'parcel')}.`]),
          `Unfinished parcels are kept for ${countInWords(keepUnfinishedDays, 'day')} after their last part.`,
          `Collected submissions are kept ${forDays(keepCollectedDays)}, replies ${forDays(keepRepliesDays)}; submissions that nobody collected stay.`,
          ...(due.length === 0
            ? [`Nothing goes in the next ${DAYS} days.`]
            : ['What goes, unless something happens to it before:']),
          ...due.map(
            ({ day, parcels, bytes }) => `  ${day}  ${countInWords(parcels, 'parcel')}, ${bytesInWords(bytes)}`,
          ),
        ],
        json: { keepUnfinishedDays, keepCollectedDays, keepRepliesDays, removed, due },
      };
    }),
};

function forDays(days: number): string {
  return days === 0 ? 'until somebody deletes them' : `for ${countInWords(days, 'day')}`;
}
