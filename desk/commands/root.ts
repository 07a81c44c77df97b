/** `desk root`: prints the public root key, which is built into the page that sources see. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { readKeyFolder } from '../keys/key-folder.ts';
import type { Command } from './command.ts';

export const root: Command = {
  operands: 1,
  flags: [],
  values: [],
  required: [],
  async run({ operands }) {
    const keys = await readKeyFolder(operands[0]!);
    const key = toBase64Url(keys.root.publicKey);
    return { exit: 0, text: `${key}\n`, json: { organisation: keys.organisation.name, root: key } };
  },
};
