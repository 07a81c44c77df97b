/** `desk retire`: destroys an identity whose days are over, once the person has seen what it still opens. */
import { join } from 'node:path';
import { dayOf } from '../../shared/statements/fields.ts';
import { readBundle } from '../case/bundle.ts';
import { retireDone, retireDraft } from '../ceremony-text.ts';
import { confirm } from '../ceremony/confirm.ts';
import { parcelsOnlyOf, recordsOnlyOf } from '../ceremony/only-opens.ts';
import { Failure } from '../failure.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { withKeyLock } from '../keys/key-folder.ts';
import { openKeyStore } from '../keys/key-store.ts';
import type { DatedIdentity } from '../keys/key-texts.ts';
import type { Command } from './command.ts';

export const retire: Command = {
  operands: 2,
  flags: ['yes'],
  values: ['bundle', 'cases'],
  required: [],
  async run({ operands, flags, values }, context) {
    const [folder = '', name = ''] = operands;
    const today = dayOf(context.now());
    const bundle = values.has('bundle') ? await readBundle(values.get('bundle')!) : null;
    return withKeyLock(folder, async () => {
      const store = await openKeyStore(folder, context);
      const { identities } = store.content;
      const identity = chosen(identities, name);
      if (identity.until >= today) throw new Failure('retire-current', { until: identity.until });
      const rest = identities.filter((other) => other !== identity);
      const opener = { identity: identity.identity, others: rest.map((other) => other.identity) };
      const words = wordsOf(identity.recipient);
      const lost = {
        parcels: bundle === null ? null : await parcelsOnlyOf(bundle, opener),
        replies: await recordsOnlyOf(join(folder, 'sent'), opener),
        cases: await recordsOnlyOf(values.get('cases') ?? join(folder, 'cases'), opener),
      };
      const draft = retireDraft({ from: identity.from, until: identity.until, words }, lost);
      await confirm(draft, { word: words.split(' ')[0]!, yes: flags.has('yes'), context });
      await store.saveIdentities(rest);
      return {
        exit: 0,
        text: retireDone(folder),
        json: { from: identity.from, until: identity.until, words, left: rest.length, ...lost },
      };
    });
  },
};

/** The identity that serves from a day, or whose words begin with one word. Failure `identity-unknown`. */
function chosen(identities: readonly DatedIdentity[], name: string): DatedIdentity {
  const matching = identities.filter(
    ({ from, recipient }) => from === name || wordsOf(recipient).split(' ')[0] === name,
  );
  if (matching.length !== 1) throw new Failure('identity-unknown', { name, count: matching.length });
  return matching[0]!;
}
