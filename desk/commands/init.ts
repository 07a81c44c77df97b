/** `desk init`: makes the keys of an organisation. */
import { generateIdentity, recipientOf } from '../../shared/age/identity.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { ORGANISATION_LENGTH } from '../../shared/statements/card.ts';
import { dayOf, writeFields } from '../../shared/statements/fields.ts';
import { daysAfter } from '../days.ts';
import { Failure } from '../failure.ts';
import { IDENTITY_DAYS } from '../keys/cover-period.ts';
import { createKeyFolder, readKeyFolder } from '../keys/key-folder.ts';
import type { DatedIdentity, RecipientKind } from '../keys/key-texts.ts';
import { initText } from '../text.ts';
import type { Command } from './command.ts';

export const init: Command = {
  operands: 1,
  flags: ['classic', 'demo'],
  values: ['organisation'],
  required: ['organisation'],
  async run({ operands, flags, values }, { now, random }) {
    const folder = operands[0]!;
    const organisation = {
      name: checkName(values.get('organisation')!),
      kind: flags.has('classic') ? 'classic' : 'hybrid',
      demo: flags.has('demo'),
    } as const;
    const identities = [await datedIdentity(organisation.kind, dayOf(now()), IDENTITY_DAYS)];
    await createKeyFolder(folder, { organisation, identities, random });
    const { root } = await readKeyFolder(folder);
    const result = {
      organisation: organisation.name,
      kind: organisation.kind,
      demo: organisation.demo,
      root: toBase64Url(root.publicKey),
    };
    return { exit: 0, text: initText(folder, result), json: { folder, ...result } };
  },
};

/** A fresh identity that serves from `from` for so many days. */
export async function datedIdentity(kind: RecipientKind, from: string, days: number): Promise<DatedIdentity> {
  const identity = await generateIdentity(kind);
  return { from, until: daysAfter(from, days), recipient: await recipientOf(identity), identity };
}

function checkName(name: string): string {
  try {
    if (name.length > ORGANISATION_LENGTH) throw new Failure('organisation-name');
    writeFields('postern/card/v1', [['organisation', name]]);
    return name;
  } catch (error) {
    throw isProblem(error) ? new Failure('organisation-name') : error;
  }
}
