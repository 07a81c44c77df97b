/** `desk retire`: destroys an identity whose days are over, once the person has seen what it still opens. */
import { join } from 'node:path';
import { dayOf } from '../../shared/statements/fields.ts';
import { readBundle } from '../case/bundle.ts';
import { retireDone, retireDraft } from '../ceremony-text.ts';
import { startSession } from '../custody/session.ts';
import { confirm } from '../ceremony/confirm.ts';
import { parcelsOnlyOf, recordsOnlyOf } from '../ceremony/only-opens.ts';
import { Failure } from '../failure.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { keysOf } from '../keys/key-content.ts';
import { withKeyLock } from '../keys/key-folder.ts';
import { openKeyStore } from '../keys/key-store.ts';
import type { DatedIdentity } from '../keys/key-texts.ts';
import type { Command } from './command.ts';

export const retire: Command = {
  operands: 2,
  flags: ['yes'],
  values: ['bundle', 'cases', 'role'],
  required: [],
  async run(options, context) {
    const { operands, flags, values } = options;
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
      const logs = await recordsOnlyOf(values.get('cases') ?? join(folder, 'cases'), opener);
      const parcels = bundle === null ? null : await parcelsOnlyOf(bundle, opener);
      const lost = {
        parcels,
        replies: (await recordsOnlyOf(join(folder, 'sent'), opener)).length,
        cases: logs.length,
      };
      const period = { from: identity.from, until: identity.until };
      const draft = retireDraft({ ...period, words }, { ...lost, left: rest.length });
      await confirm(draft, { word: words.split(' ')[0]!, yes: flags.has('yes'), context });
      const cases = new Set([
        ...(parcels ?? []),
        ...logs.flatMap((log) => /^([0-9a-f]{32})\.log\.age$/.exec(log)?.[1] ?? []),
      ]);
      if (cases.size > 0 && rest.length > 0) {
        const keys = await keysOf(store.content);
        const named = { ...options, values: new Map([...values, ['keys', folder]]) };
        const session = await startSession({ keys, card: null, sealTo: rest }, named, context);
        // All are read before one is written to: a log that is damaged stops this while nothing has been said or done.
        for (const parcel of cases) await session.openLog(parcel);
        for (const parcel of cases)
          await session.record(parcel, null, { action: 'retired', values: { ...period, words } });
      }
      await store.saveIdentities(rest);
      return {
        exit: 0,
        text: retireDone(folder),
        json: { ...period, words, left: rest.length, ...lost },
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
