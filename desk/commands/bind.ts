/** `desk bind`: signs for every file of an extracted bag, chunk by chunk, so that a clip can be proved later. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dayOf } from '../../shared/statements/fields.ts';
import { clockDoubt } from '../custody/clock.ts';
import { readKeyFolder } from '../keys/key-folder.ts';
import { bindBag } from '../proof/bind-bag.ts';
import { boundText } from '../proof/proof-texts.ts';
import type { Command } from './command.ts';

export const bind: Command = {
  operands: 1,
  flags: [],
  values: ['keys'],
  required: ['keys'],
  async run({ operands, values }, context) {
    const keys = await readKeyFolder(values.get('keys')!, context);
    const day = dayOf(context.now());
    const doubt = clockDoubt(context.now(), { card: null, receiptDays: [] });
    if (doubt !== null) context.warn(doubt);
    const statement = await bindBag(operands[0]!, { day, keys, random: context.random });
    const sha256 = createHash('sha256')
      .update(await readFile(statement))
      .digest('hex');
    return { exit: 0, text: boundText(statement, sha256), json: { statement, sha256, day } };
  },
};
