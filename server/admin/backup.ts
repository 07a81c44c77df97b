/** `admin backup`: brings the backup in a folder up to now, beside a running server; with `--check` it reads one instead, and needs no server. */
import { resolve } from 'node:path';
import { checkBackup } from '../backup/check-backup.ts';
import type { CheckedBackup } from '../backup/check-backup.ts';
import { createPace } from '../jobs/pace.ts';
import type { Pace } from '../jobs/pace.ts';
import { takeBackup } from '../backup/take-backup.ts';
import type { BackupReport } from '../backup/take-backup.ts';
import type { Command, Options, Outcome } from './command.ts';
import type { Effects } from './effects.ts';
import { whatWentWrong } from './backup-words.ts';
import { rateOption } from './options.ts';
import { withSite } from './site.ts';
import { bytesInWords, countInWords } from './text.ts';

export const backup: Command = {
  operands: [1, 1],
  flags: ['check'],
  values: ['rate'],
  async run(options, effects) {
    const folder = resolve(options.operands[0]!);
    try {
      if (options.flags.has('check'))
        return checkedOutcome(await checkBackup(folder, { pace: paceOf(options, effects) }));
      const { random, now } = effects;
      return await withSite(effects, async ({ config: { data }, database, blobs }) =>
        takenOutcome(await takeBackup({ database, blobs, data, folder, random, now, pace: paceOf(options, effects) })),
      );
    } catch (error) {
      throw whatWentWrong(error);
    }
  },
};

/** As fast as `--rate` says; ends with the operator's patience. */
export function paceOf(options: Options, { clock, sleep, signal }: Effects): Pace {
  const rate = rateOption(options, 'rate');
  if (rate === null) return () => Promise.resolve(signal.throwIfAborted());
  return createPace({ rate, clock, sleep: (ms) => sleep(ms, signal) });
}

function takenOutcome(report: BackupReport): Outcome {
  const { copiedBlobs, copiedBytes, removedBlobs, deletedMeanwhile, shortened, damaged } = report;
  const words = [
    `The backup is complete: ${countInWords(copiedBlobs, 'blob')} copied (${bytesInWords(copiedBytes)}), ${removedBlobs} removed that are deleted on the server.`,
  ];
  if (deletedMeanwhile > 0) words.push(`Left out: ${countInWords(deletedMeanwhile, 'parcel')} deleted meanwhile.`);
  if (shortened > 0)
    words.push(
      `${countInWords(shortened, 'part')} of unfinished parcels went on meanwhile: the backup has the beginning.`,
    );
  if (damaged > 0)
    words.push(
      `${countInWords(damaged, 'part')} on the server are missing or damaged, and not in the backup. “admin fsck” names them.`,
    );
  return { finding: damaged > 0, words, json: { ...report } };
}

export function checkedOutcome({ parcels, sealed, parts, bytes, damaged }: CheckedBackup): Outcome {
  const bad = damaged.files + damaged.parts + damaged.seals > 0;
  return {
    finding: bad,
    json: { parcels, sealed, parts, bytes, damaged },
    words: [
      `The backup holds ${countInWords(parcels, 'parcel')}, ${sealed} of them whole and sealed: ${countInWords(parts, 'part')}, ${bytesInWords(bytes)}.`,
      bad
        ? `Damaged: ${countInWords(damaged.files, 'file')}, ${countInWords(damaged.parts, 'part')}, ${countInWords(damaged.seals, 'seal')}. “sha256sum -c --quiet SHA256SUMS” in its folder names the files.`
        : 'Every file has its hash, every part that of its row, and every seal holds.',
    ],
  };
}
