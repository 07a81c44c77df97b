/** `admin restore`: a backup into an empty data folder, database and blob store, read whole before anything is written. */
import { resolve } from 'node:path';
import { checkBackup } from '../backup/check-backup.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { openReceiptLog } from '../store/receipt-log.ts';
import { checkedOutcome, paceOf } from './backup.ts';
import { whatWentWrong } from './backup-words.ts';
import type { Command } from './command.ts';
import { checkSite } from './fsck.ts';
import { Halt } from './halt.ts';
import { withNewSite } from './site.ts';

export const restore: Command = {
  operands: [1, 1],
  flags: ['damaged'],
  values: ['rate'],
  async run(options, effects) {
    const folder = resolve(options.operands[0]!);
    const pace = paceOf(options, effects);
    try {
      const backup = await checkBackup(folder, { pace });
      const { finding, words, json } = checkedOutcome(backup);
      if (finding && !options.flags.has('damaged'))
        throw new Halt('backup', words.join(' '), 'With --damaged all that is whole is restored. Nothing was written.');
      return await withNewSite(effects, async (site) => {
        const { config, database, blobs } = site;
        await restoreBackup({ database, blobs, data: config.data, folder, backup, pace });
        const proof = await checkSite(site, effects, { quick: false, rate: null, json: options.json });
        const isSuspended = (await openReceiptLog(database).head())?.suspended === true;
        return {
          finding: finding || proof.finding,
          json: { backup: json, fsck: proof.json, logSuspended: isSuspended },
          words: [
            ...words,
            'It is restored, and read again where it is now:',
            ...proof.words,
            ...(isSuspended ? ['The log of receipts is suspended until you say how it goes on: see “admin log”.'] : []),
          ],
        };
      });
    } catch (error) {
      throw whatWentWrong(error);
    }
  },
};
