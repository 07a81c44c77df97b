/** `desk root`: prints the public root key, which is built into the page that sources see, or the fingerprint that the page shows of it. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { rootFingerprint } from '../../shared/statements/fingerprint.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { readKeyFolder } from '../keys/key-folder.ts';
import type { Command } from './command.ts';

export const root: Command = {
  operands: 1,
  flags: ['fingerprint'],
  values: [],
  required: [],
  async run({ operands, flags }, context) {
    const keys = await readKeyFolder(operands[0]!, context);
    const key = toBase64Url(keys.root.publicKey);
    const fingerprint = await rootFingerprint(keys.root.publicKey);
    const words = wordsOf(keys.root.publicKey);
    const text = flags.has('fingerprint') ? `${fingerprint}\n${words}` : key;
    return {
      exit: 0,
      text: `${text}\n`,
      json: { organisation: keys.organisation.name, root: key, fingerprint, words },
    };
  },
};
