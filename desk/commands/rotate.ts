/** `desk rotate`: makes the identities of the next periods, and the card that names them; at a team's desk, which signs none, their recipients. */
import { dayOf } from '../../shared/statements/fields.ts';
import { rotateDone, rotateDraft } from '../ceremony-text.ts';
import { confirm } from '../ceremony/confirm.ts';
import { freshIdentity } from '../ceremony/fresh-identity.ts';
import { prepareCard } from '../ceremony/issue-card.ts';
import { missingPeriods, PERIOD_MONTHS, PERIODS_AHEAD } from '../ceremony/periods.ts';
import { checkNew, writePublic } from '../ceremony/write-out.ts';
import { daysAfter } from '../days.ts';
import { Failure } from '../failure.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { withKeyLock } from '../keys/key-folder.ts';
import { openKeyStore } from '../keys/key-store.ts';
import type { DatedIdentity } from '../keys/key-texts.ts';
import { ownRecipientLines, readTeams, teamRecipients } from '../keys/teams.ts';
import { teamRotateDone, teamRotateDraft } from '../team-text.ts';
import { parseReceiptKey } from './card.ts';
import type { Command } from './command.ts';
import { numberOption } from './options.ts';

export const rotate: Command = {
  operands: 1,
  flags: ['yes', 'replace'],
  values: ['out', 'months', 'ahead', 'receipt-key'],
  required: ['out'],
  async run(options, context) {
    const folder = options.operands[0]!;
    const out = options.values.get('out')!;
    const given = options.values.get('receipt-key');
    const months = numberOption(options, 'months', { least: 1, most: 24, otherwise: PERIOD_MONTHS });
    const ahead = numberOption(options, 'ahead', { least: 1, most: 16, otherwise: PERIODS_AHEAD });
    const today = dayOf(context.now());
    await checkNew(out);
    return withKeyLock(folder, async () => {
      const store = await openKeyStore(folder, context);
      const { content } = store;
      const replaced = options.flags.has('replace');
      const kept = replaced ? endedBefore(today, content.identities) : content.identities;
      const made: DatedIdentity[] = [];
      for (const period of missingPeriods(kept, { today, months, ahead }))
        made.push(await freshIdentity(content.organisation.kind, period));
      const identities = [...kept, ...made];
      const until = identities
        .map((identity) => identity.until)
        .toSorted()
        .at(-1)!;
      const yes = options.flags.has('yes');
      if (content.team !== null) {
        await confirm(teamRotateDraft(made.length, until, replaced), { word: 'rotate', yes, context });
        await store.saveIdentities(identities);
        const recipients = ownRecipientLines(identities);
        await writePublic(out, recipients);
        const words = wordsOf(recipients);
        const text = teamRotateDone(out, made.length, words);
        return { exit: 0, text, json: { out, words, until, made: made.length } };
      }
      const receiptKey = given === undefined ? content.cards.at(-1)?.receiptKey : parseReceiptKey(given);
      if (receiptKey === undefined) throw new Failure('option-missing', { option: 'receipt-key' });
      const draft = { ...content, identities };
      const teams = teamRecipients(await readTeams(folder, content.organisation.kind), { from: today, until });
      const { issued, cards } = await prepareCard(draft, { receiptKey, from: today, until, teams });
      const summary = { made: made.length, until, serial: issued.serial, replaced };
      await confirm(rotateDraft(summary), { word: 'rotate', yes, context });
      await store.saveIdentities(identities);
      await store.saveCards(cards);
      await writePublic(out, issued.note);
      const words = wordsOf(issued.note);
      return {
        exit: 0,
        text: rotateDone(out, { ...summary, words }),
        json: { ...issued, out, words, made: made.length },
      };
    });
  },
};

/** The same identities, none of which serves today or later: what may be in other hands is not encrypted to any more. */
function endedBefore(today: string, identities: readonly DatedIdentity[]): readonly DatedIdentity[] {
  const last = daysAfter(today, -1);
  return identities.map((identity) => (identity.until > last ? { ...identity, until: last } : identity));
}
