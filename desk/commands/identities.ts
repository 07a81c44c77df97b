/** `desk identities`: prints an age identity file, so that stock tools can open parcels without this program; or lists what there is. */
import { dayOf } from '../../shared/statements/fields.ts';
import { identityList } from '../ceremony-text.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { openKeyStore } from '../keys/key-store.ts';
import { identitiesText } from '../keys/key-texts.ts';
import { ownRecipientLines } from '../keys/teams.ts';
import type { Command } from './command.ts';

export const identities: Command = {
  operands: 1,
  flags: ['list', 'recipients'],
  values: [],
  required: [],
  async run({ operands, flags }, context) {
    const { content: keys } = await openKeyStore(operands[0]!, context);
    if (flags.has('recipients')) {
      const text = ownRecipientLines(keys.identities);
      const words = wordsOf(text);
      context.warn(`In words, to compare with the desk that adds them: ${words}`);
      return { exit: 0, text, json: { recipients: text, words } };
    }
    if (!flags.has('list'))
      return { exit: 0, text: identitiesText(keys.identities), json: { identities: keys.identities } };
    const today = dayOf(context.now());
    const list = keys.identities.map(({ from, until, recipient }) => ({
      from,
      until,
      recipient,
      words: wordsOf(recipient),
      state: until < today ? 'over' : from > today ? 'ahead' : 'now',
    }));
    return { exit: 0, text: identityList(list), json: { identities: list } };
  },
};
