/** `desk backup`: all keys on one printable page, which is enough by itself. */
import { backupDone } from '../ceremony-text.ts';
import { sheetsOf } from '../ceremony/print-sheets.ts';
import { writeOut } from '../ceremony/write-out.ts';
import { openKeyStore } from '../keys/key-store.ts';
import type { Command } from './command.ts';

export const backup: Command = {
  operands: 1,
  flags: [],
  values: ['out'],
  required: ['out'],
  async run({ operands, values }, context) {
    const out = values.get('out')!;
    const { content } = await openKeyStore(operands[0]!, context);
    const { set, pages, words } = await sheetsOf(content, { needed: 1, total: 1, context });
    await writeOut(out, pages[0]!);
    return { exit: 0, text: backupDone(out, set), json: { out, set, words } };
  },
};
