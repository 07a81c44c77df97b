/** `desk root`: prints the public root key, which is built into the page that sources see, or the fingerprint that the page shows of it. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { rootFingerprint } from '../../shared/statements/fingerprint.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { publicKeyOf } from '../keys/key-content.ts';
import { openKeyStore } from '../keys/key-store.ts';
import type { Command } from './command.ts';

export const root: Command = {
  operands: 1,
  flags: ['fingerprint'],
  values: [],
  required: [],
  async run({ operands, flags }, context) {
    const { content } = await openKeyStore(operands[0]!, context);
    const publicKey = await publicKeyOf(content.root);
    const key = toBase64Url(publicKey);
    const fingerprint = await rootFingerprint(publicKey);
    const words = wordsOf(publicKey);
    const text = flags.has('fingerprint') ? `${fingerprint}\n${words}` : key;
    return {
      exit: 0,
      text: `${text}\n`,
      json: { organisation: content.organisation.name, root: key, fingerprint, words },
    };
  },
};
