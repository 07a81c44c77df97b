/** `desk init`: makes the keys of an organisation. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { ORGANISATION_LENGTH } from '../../shared/statements/card.ts';
import { dayOf, writeFields } from '../../shared/statements/fields.ts';
import { freshContent } from '../ceremony/fresh-content.ts';
import { freshIdentity } from '../ceremony/fresh-identity.ts';
import { daysAfter } from '../days.ts';
import { Failure } from '../failure.ts';
import { IDENTITY_DAYS } from '../keys/cover-period.ts';
import { keysOf } from '../keys/key-content.ts';
import { createKeyFolder } from '../keys/key-folder.ts';
import { askNewPassphrase } from '../keys/passphrase.ts';
import { initText } from '../text.ts';
import type { Command } from './command.ts';

export const init: Command = {
  operands: 1,
  flags: ['classic', 'demo'],
  values: ['organisation'],
  required: ['organisation'],
  async run({ operands, flags, values }, context) {
    const folder = operands[0]!;
    const organisation = {
      name: checkName(values.get('organisation')!),
      kind: flags.has('classic') ? 'classic' : 'hybrid',
      demo: flags.has('demo'),
    } as const;
    const from = dayOf(context.now());
    const identity = await freshIdentity(organisation.kind, { from, until: daysAfter(from, IDENTITY_DAYS) });
    const content = freshContent(organisation, [identity], context.random);
    const passphrase = context.passphraseFile === undefined ? null : await askNewPassphrase(folder, context);
    await createKeyFolder(folder, content, { ...context, passphrase });
    const { root } = await keysOf(content);
    const result = {
      organisation: organisation.name,
      kind: organisation.kind,
      demo: organisation.demo,
      root: toBase64Url(root.publicKey),
    };
    return { exit: 0, text: initText(folder, result), json: { folder, ...result } };
  },
};

function checkName(name: string): string {
  try {
    if (name.length > ORGANISATION_LENGTH) throw new Failure('organisation-name');
    writeFields('postern/card/v1', [['organisation', name]]);
    return name;
  } catch (error) {
    throw isProblem(error) ? new Failure('organisation-name') : error;
  }
}
