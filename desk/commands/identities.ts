/** `desk identities`: prints an age identity file, so that stock tools can open parcels without this program. */
import { readKeyFolder } from '../keys/key-folder.ts';
import { identitiesText } from '../keys/key-texts.ts';
import type { Command } from './command.ts';

export const identities: Command = {
  operands: 1,
  flags: [],
  values: [],
  required: [],
  async run({ operands }, context) {
    const keys = await readKeyFolder(operands[0]!, context);
    return { exit: 0, text: identitiesText(keys.identities), json: { identities: keys.identities } };
  },
};
