/** `admin stats`: what there is, in round numbers. No id, and no time finer than a day: it may be shown to others. */
import { dayOf } from '../../shared/statements/fields.ts';
import { openCustody } from '../store/custody.ts';
import { countRot } from '../store/scrub.ts';
import { schemaVersions } from '../store/migrate.ts';
import type { Command } from './command.ts';
import { withSite } from './site.ts';
import { bytesInWords, countInWords } from './text.ts';

export const stats: Command = {
  operands: [0, 0],
  flags: [],
  values: [],
  run: (_options, effects) =>
    withSite(effects, async ({ config, database, blobs }) => {
      const today = dayOf(effects.now());
      const { unfinished, sealed, collected, replies } = await openCustody(database).count();
      const [oldest] = await database.run(
        (sql) => sql<{ days: number | null }[]>`
          select ${today}::date - min(opened) as days from parcel where direction = 'submission' and seal is null`,
      );
      const [sum] = await database.run(
        (sql) => sql<{ bytes: string }[]>`select sum(bytes)::text as bytes from total_usage`,
      );
      const used = twoDigits(Number(sum!.bytes));
      const room = await blobs.free();
      const free = room < Number.MAX_SAFE_INTEGER ? twoDigits(room) : null;
      const rot = await countRot(database);
      const { total } = config.quotas;
      const quota = total === 0 ? null : Math.round((100 * used) / total);
      const { database: schema } = await schemaVersions(database);
      const days = oldest?.days ?? null;
      return {
        finding: rot > 0,
        json: {
          unfinished,
          sealed,
          collected,
          replies,
          used,
          free,
          quotaPercent: quota,
          oldestUnfinishedDays: days,
          rot,
          schema,
        },
        words: [
          `Submissions: ${sealed} whole (${collected} of them collected), ${unfinished} unfinished${days === null ? '' : `, the oldest begun ${countInWords(days, 'day')} ago`}.`,
          `Replies: ${replies}.`,
          `Ciphertext: about ${bytesInWords(used)}${quota === null ? '' : `, ${quota} % of what may be kept`}${free === null ? '' : `; about ${bytesInWords(free)} free`}.`,
          rot === 0
            ? 'The scrubber has found nothing wrong.'
            : `The scrubber has found ${countInWords(rot, 'part')} that ${rot === 1 ? 'is' : 'are'} not what was stored: “admin fsck” tells which.`,
          `Database: version ${schema}.`,
        ],
      };
    }),
};

/** A number of bytes of which nothing but the size shows: two digits and zeros. */
function twoDigits(bytes: number): number {
  return Number(bytes.toPrecision(2));
}
