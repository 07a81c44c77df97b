/** `desk card`: signs the next key card of the organisation. */
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import { signCard } from '../../shared/statements/card.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { daysAfter } from '../days.ts';
import { Failure, systemCode } from '../failure.ts';
import { recipientsFor, uncoveredPeriod } from '../keys/cover-period.ts';
import { readKeyFolder, withKeyLock, writeIdentities, writeIssuedCards } from '../keys/key-folder.ts';
import { cardText } from '../text.ts';
import type { Command } from './command.ts';
import { datedIdentity } from './init.ts';
import { numberOption } from './options.ts';

const DAYS = { least: 1, most: 3650, otherwise: 365 };

export const card: Command = {
  operands: 1,
  flags: [],
  values: ['receipt-key', 'days', 'out'],
  required: ['receipt-key'],
  async run(options, { now }) {
    const folder = options.operands[0]!;
    const receiptKey = parseReceiptKey(options.values.get('receipt-key')!);
    const days = numberOption(options, 'days', DAYS);
    const out = options.values.get('out');
    const file = out === undefined ? null : await createFile(out);
    try {
      const issued = await withKeyLock(folder, () => issue(folder, { receiptKey, from: dayOf(now()), days }));
      // A card is public and the server, which may run as another user, has to read it.
      await file?.chmod(0o644);
      await file?.writeFile(issued.note);
      await file?.sync();
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

/** What was issued; `until` is the last day on which sources can use the card. */
export interface Issued {
  readonly serial: number;
  readonly issued: string;
  readonly until: string;
  readonly recipients: number;
  readonly note: string;
}

async function issue(
  folder: string,
  { receiptKey, from, days }: { receiptKey: Uint8Array; from: string; days: number },
): Promise<Issued> {
  const keys = await readKeyFolder(folder);
  const until = daysAfter(from, days);
  let identities = keys.identities;
  const missing = uncoveredPeriod(identities, { from, until });
  if (missing) {
    const span = (Date.parse(missing.until) - Date.parse(missing.from)) / 86_400_000;
    identities = [...identities, await datedIdentity(keys.organisation.kind, missing.from, span)];
    await writeIdentities(folder, identities);
  }
  const recipients = recipientsFor(identities, { from, until });
  const serial = keys.cards.length + 1;
  const note = await signCard(
    {
      organisation: keys.organisation.name,
      rootKey: keys.root.publicKey,
      serial,
      issued: from,
      replaces: keys.cards.at(-1)?.sha256 ?? null,
      demo: keys.organisation.demo,
      replyKey: keys.reply.publicKey,
      receiptKey,
      recipients,
    },
    keys.root,
  );
  await writeIssuedCards(folder, [
    ...keys.cards,
    { serial, issued: from, receiptKey, sha256: toHex(await sha256(utf8Encode(note))) },
  ]);
  return { serial, issued: from, until, recipients: recipients.length, note };
}

function parseReceiptKey(text: string): Uint8Array {
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
