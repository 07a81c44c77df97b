/** `desk passphrase`: sets, changes or takes away the passphrase of a key folder. */
import { passphraseText } from '../ceremony-text.ts';
import { withKeyLock } from '../keys/key-folder.ts';
import { openKeyStore } from '../keys/key-store.ts';
import { askNewPassphrase } from '../keys/passphrase.ts';
import type { Asking } from '../keys/passphrase.ts';
import type { Command, DeskContext } from './command.ts';

export const passphrase: Command = {
  operands: 1,
  flags: [],
  values: ['new-passphrase-file'],
  required: [],
  async run({ operands, values }, context) {
    const folder = operands[0]!;
    const file = values.get('new-passphrase-file');
    const asking = file === undefined ? withoutFile(context) : { passphraseFile: file };
    const isSet = await withKeyLock(folder, async () => {
      const store = await openKeyStore(folder, context);
      const chosen = await askNewPassphrase(folder, asking);
      await store.savePassphrase(chosen, context.random);
      return chosen !== null;
    });
    return { exit: 0, text: passphraseText(folder, isSet), json: { folder, passphrase: isSet } };
  },
};

/** The old passphrase may come from a file and the new one from the person. */
function withoutFile({ ask, warn }: DeskContext): Asking {
  return ask === undefined ? {} : { ask, warn };
}
