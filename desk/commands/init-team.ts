/** `desk init --team`: makes the keys of a team's desk, which opens what sources send, and has of the organisation only its public root key. */
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { confirm } from '../ceremony/confirm.ts';
import { freshIdentity } from '../ceremony/fresh-identity.ts';
import { PERIOD_MONTHS, PERIODS_AHEAD, periodsFrom } from '../ceremony/periods.ts';
import { Failure } from '../failure.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { createKeyFolder } from '../keys/key-folder.ts';
import type { DatedIdentity, RecipientKind } from '../keys/key-texts.ts';
import { askNewPassphrase } from '../keys/passphrase.ts';
import { isTeamName } from '../keys/teams.ts';
import { teamInitDone, teamInitDraft } from '../team-text.ts';
import type { DeskContext, Options, Outcome } from './command.ts';

/** Makes the folder once the person has compared the root key's words. Failures `team-init`, `team-name`, `root-key`, `not-confirmed`. */
export async function initTeam({ operands, flags, values }: Options, context: DeskContext): Promise<Outcome> {
  const folder = operands[0]!;
  const team = values.get('team');
  const root = values.get('root');
  if (team === undefined || root === undefined || values.has('organisation') || flags.has('demo'))
    throw new Failure('team-init');
  if (!isTeamName(team)) throw new Failure('team-name');
  const rootKey = parseRootKey(root);
  const rootWords = wordsOf(rootKey);
  const yes = flags.has('yes');
  await confirm(teamInitDraft(team, rootWords), { word: 'same', yes, context });
  const asked = context.passphraseFile !== undefined || !yes;
  const passphrase = asked ? await askNewPassphrase(folder, context) : null;
  const kind: RecipientKind = flags.has('classic') ? 'classic' : 'hybrid';
  const identities: DatedIdentity[] = [];
  for (const period of periodsFrom(dayOf(context.now()), { months: PERIOD_MONTHS, count: PERIODS_AHEAD }))
    identities.push(await freshIdentity(kind, period));
  const desk = context.random(32);
  const content = {
    // What the organisation is called is said by the grant.
    organisation: { name: team, kind, demo: false },
    root: { publicKey: rootKey },
    reply: null,
    team: { desk, deskNote: null },
    identities,
    cards: [],
  };
  await createKeyFolder(folder, content, { ...context, passphrase });
  const { publicKey } = await ed25519FromSeed(desk);
  const made = { team, kind, key: toBase64Url(publicKey), words: wordsOf(publicKey) };
  return { exit: 0, text: teamInitDone(folder, made), json: { folder, ...made, root, rootWords } };
}

function parseRootKey(text: string): Uint8Array {
  try {
    return fromBase64Url(text, 32);
  } catch {
    throw new Failure('root-key');
  }
}
