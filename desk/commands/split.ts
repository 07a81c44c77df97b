/** `desk split`: all keys on several printable pages, of which some number is needed. */
import { splitDone } from '../ceremony-text.ts';
import { sheetsOf } from '../ceremony/print-sheets.ts';
import { MOST_SHARES } from '../ceremony/sheets.ts';
import { writeSheets } from '../ceremony/write-out.ts';
import { Failure } from '../failure.ts';
import { openKeyStore } from '../keys/key-store.ts';
import type { Command } from './command.ts';
import { numberOption } from './options.ts';

export const split: Command = {
  operands: 1,
  flags: [],
  values: ['shares', 'needed', 'out'],
  required: ['out'],
  async run(options, context) {
    const out = options.values.get('out')!;
    const total = numberOption(options, 'shares', { least: 2, most: MOST_SHARES, otherwise: 3 });
    const needed = numberOption(options, 'needed', { least: 2, most: MOST_SHARES, otherwise: 2 });
    if (needed > total) throw new Failure('share-numbers', { most: MOST_SHARES });
    const { content } = await openKeyStore(options.operands[0]!, context);
    const { set, pages, words } = await sheetsOf(content, { needed, total, context });
    const files = await writeSheets(out, pages);
    return { exit: 0, text: splitDone(out, { set, needed, total }), json: { out, files, set, needed, total, words } };
  },
};
