/** `desk init`: makes the keys of an organisation, or those of a team's desk. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { ORGANISATION_LENGTH } from '../../shared/statements/card.ts';
import { dayOf, writeFields } from '../../shared/statements/fields.ts';
import { freshContent } from '../ceremony/fresh-content.ts';
import { freshIdentity } from '../ceremony/fresh-identity.ts';
import { guide } from '../ceremony/guide.ts';
import type { Guided } from '../ceremony/guide.ts';
import { periodsFrom } from '../ceremony/periods.ts';
import { daysAfter } from '../days.ts';
import { Failure } from '../failure.ts';
import { IDENTITY_DAYS } from '../keys/cover-period.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { keysOf } from '../keys/key-content.ts';
import type { KeyContent } from '../keys/key-content.ts';
import { checkFree, createKeyFolder } from '../keys/key-folder.ts';
import type { DatedIdentity, RecipientKind } from '../keys/key-texts.ts';
import { askNewPassphrase } from '../keys/passphrase.ts';
import { initText } from '../text.ts';
import type { Command, DeskContext } from './command.ts';
import { initTeam } from './init-team.ts';

export const init: Command = {
  operands: 1,
  flags: ['classic', 'demo', 'yes'],
  values: ['organisation', 'team', 'root'],
  required: [],
  async run(options, context) {
    const { operands, flags, values } = options;
    const folder = operands[0]!;
    await checkFree(folder);
    if (values.has('team') || values.has('root') || flags.has('yes')) return initTeam(options, context);
    const name = values.get('organisation');
    if (name === undefined && (flags.size > 0 || context.ask === undefined))
      throw new Failure('option-missing', { option: 'organisation' });
    const { content, passphrase } =
      name === undefined
        ? await guide(folder, context, { checkName: isName, make: (draft) => guidedContent(draft, context) })
        : await givenContent(folder, { name, flags, context });
    await createKeyFolder(folder, content, { ...context, passphrase });
    const { root } = await keysOf(content);
    const { organisation } = content;
    const result = { organisation: organisation.name, kind: organisation.kind, demo: organisation.demo };
    const shown = { ...result, root: toBase64Url(root.publicKey), words: wordsOf(root.publicKey) };
    return { exit: 0, text: initText(folder, shown), json: { folder, ...shown } };
  },
};

/** Keys by options alone, for scripts: one identity for a year, and a passphrase only from a file. */
async function givenContent(
  folder: string,
  { name, flags, context }: { name: string; flags: ReadonlySet<string>; context: DeskContext },
): Promise<Guided> {
  if (!isName(name)) throw new Failure('organisation-name');
  const kind = flags.has('classic') ? 'classic' : 'hybrid';
  const from = dayOf(context.now());
  const identity = await freshIdentity(kind, { from, until: daysAfter(from, IDENTITY_DAYS) });
  const content = freshContent({ name, kind, demo: flags.has('demo') }, [identity], context.random);
  return { content, passphrase: context.passphraseFile === undefined ? null : await askNewPassphrase(folder, context) };
}

async function guidedContent(
  { name, kind, months, ahead }: { name: string; kind: RecipientKind; months: number; ahead: number },
  { now, random }: DeskContext,
): Promise<KeyContent> {
  const identities: DatedIdentity[] = [];
  for (const period of periodsFrom(dayOf(now()), { months, count: ahead }))
    identities.push(await freshIdentity(kind, period));
  return freshContent({ name, kind, demo: false }, identities, random);
}

/** True when sources can be shown this name. */
function isName(name: string): boolean {
  try {
    writeFields('postern/card/v1', [['organisation', name]]);
    return name.length <= ORGANISATION_LENGTH;
  } catch (error) {
    if (isProblem(error)) return false;
    throw error;
  }
}
