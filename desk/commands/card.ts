/** `desk card`: signs the next key card of the organisation. */
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { freshIdentity } from '../ceremony/fresh-identity.ts';
import { prepareCard } from '../ceremony/issue-card.ts';
import type { Issued } from '../ceremony/issue-card.ts';
import { daysAfter } from '../days.ts';
import { Failure, systemCode } from '../failure.ts';
import { uncoveredPeriod } from '../keys/cover-period.ts';
import { withKeyLock } from '../keys/key-folder.ts';
import { openKeyStore } from '../keys/key-store.ts';
import { readTeams, teamRecipients } from '../keys/teams.ts';
import { cardBackup, cardText } from '../text.ts';
import type { Command, DeskContext } from './command.ts';
import { numberOption } from './options.ts';

const DAYS = { least: 1, most: 3650, otherwise: 365 };

export const card: Command = {
  operands: 1,
  flags: [],
  values: ['receipt-key', 'days', 'out'],
  required: ['receipt-key'],
  async run(options, context) {
    const folder = options.operands[0]!;
    const receiptKey = parseReceiptKey(options.values.get('receipt-key')!);
    const days = numberOption(options, 'days', DAYS);
    const out = options.values.get('out');
    const file = out === undefined ? null : await createFile(out);
    try {
      const issued = await withKeyLock(folder, () =>
        issue(folder, { receiptKey, from: dayOf(context.now()), days, context }),
      );
      // A card is public and the server, which may run as another user, has to read it.
      await file?.chmod(0o644);
      await file?.writeFile(issued.note);
      await file?.sync();
      if (out === undefined && issued.made > 0) context.warn(cardBackup(issued.made));
      return {
        exit: 0,
        text: out === undefined ? issued.note : cardText(out, issued),
        json: { ...issued, out: out ?? null },
      };
    } catch (error) {
      if (out !== undefined) await rm(out, { force: true });
      throw error;
    } finally {
      await file?.close();
    }
  },
};

async function issue(
  folder: string,
  { receiptKey, from, days, context }: { receiptKey: Uint8Array; from: string; days: number; context: DeskContext },
): Promise<Issued & { made: number }> {
  const store = await openKeyStore(folder, context);
  let { content } = store;
  const until = daysAfter(from, days);
  const teams = await readTeams(folder, content.organisation.kind);
  const missing = uncoveredPeriod(content.identities, { from, until });
  if (missing) {
    const identity = await freshIdentity(content.organisation.kind, missing);
    content = { ...content, identities: [...content.identities, identity] };
  }
  const { issued, cards } = await prepareCard(content, {
    receiptKey,
    from,
    until,
    teams: teamRecipients(teams, { from, until }),
  });
  if (missing) await store.saveIdentities(content.identities);
  await store.saveCards(cards);
  return { ...issued, made: missing ? 1 : 0 };
}

/** The receipt key that a person gave. Failure `receipt-key`. */
export function parseReceiptKey(text: string): Uint8Array {
  try {
    return fromBase64Url(text, 32);
  } catch {
    throw new Failure('receipt-key');
  }
}

async function createFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o644);
  } catch (error) {
    const reason = systemCode(error) ?? 'unknown';
    throw new Failure(reason === 'EEXIST' ? 'out-exists' : 'out-unwritable', { path, reason });
  }
}
