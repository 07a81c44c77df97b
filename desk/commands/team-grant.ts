/** `desk team grant`, `key` and `accept`: how a team's desk becomes one whose reports are verified from the root key alone. */
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { signDeskStatement } from '../../shared/statements/desk.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { confirm } from '../ceremony/confirm.ts';
import { checkNew, writeOut } from '../ceremony/write-out.ts';
import { Failure } from '../failure.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { openGrant, openReplyKey, sealReplyKey, signGrant } from '../keys/grant.ts';
import { granted, publicKeyOf, seedOf } from '../keys/key-content.ts';
import type { KeyContent, SeedOrPublic } from '../keys/key-content.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Team } from '../keys/teams.ts';
import { acceptDone, grantDone, grantDraft, teamKeyText } from '../team-text.ts';
import type { DeskContext, Options, Outcome } from './command.ts';

/** Signs a grant for a team at the main desk. Failures `keys-no-root`, `team-desk-key`, `not-confirmed`, `out-…`. */
export async function grantTeam(
  content: KeyContent,
  team: Team,
  { options: { values, flags }, context }: { options: Options; context: DeskContext },
): Promise<Outcome> {
  const root = await ed25519FromSeed(seedOf(content.root, 'keys-no-root'));
  const reply = granted(content).reply;
  const out = required(values, 'out');
  const key = parseDeskKey(required(values, 'desk-key'));
  const withReplyKey = flags.has('with-reply-key');
  await checkNew(out);
  const words = wordsOf(key);
  await confirm(grantDraft(team.name, words, withReplyKey), { word: 'grant', yes: flags.has('yes'), context });
  const issued = dayOf(context.now());
  const lasting = team.recipients.toSorted((a, b) => (a.until < b.until ? -1 : 1)).at(-1)!;
  const note = await signGrant(
    {
      organisation: content.organisation.name,
      demo: content.organisation.demo,
      deskNote: await signDeskStatement({ rootKey: root.publicKey, desk: team.name, key, issued }, root),
      reply: await publicKeyOf(reply),
      replyKey: withReplyKey
        ? await sealReplyKey(seedOf(reply, 'keys-no-reply'), lasting.recipient, context.random)
        : null,
      cards: content.cards,
    },
    root,
  );
  await writeOut(out, note);
  return { exit: 0, text: grantDone(out), json: { out, team: team.name, words, replyKey: withReplyKey } };
}

/** What a team's desk tells the main desk: its public key. Failure `grant-not-team`. */
export async function teamKey({ team }: KeyContent): Promise<Outcome> {
  if (team === null) throw new Failure('grant-not-team');
  const { publicKey } = await ed25519FromSeed(team.desk);
  const key = toBase64Url(publicKey);
  const words = wordsOf(publicKey);
  return { exit: 0, text: teamKeyText(key, words), json: { key, words } };
}

/** Puts the grant in `note` into a team's folder. Failures `grant-…`. */
export async function acceptGrant(
  store: KeyStore,
  { path, note }: { path: string; note: string },
  context: DeskContext,
): Promise<Outcome> {
  const { team, root, identities, organisation, cards } = store.content;
  if (team === null) throw new Failure('grant-not-team');
  try {
    const { grant, desk, key } = await openGrant(note, await publicKeyOf(root));
    if (!equalBytes((await ed25519FromSeed(team.desk)).publicKey, key))
      throw new Failure('grant-other-desk', { path, desk });
    const reply = await replyOf(grant, store.content);
    if (reply === null) throw new Failure('grant-reply-key', { path });
    const next: KeyContent = {
      organisation: { ...organisation, name: grant.organisation, demo: grant.demo },
      root,
      reply,
      team: { desk: team.desk, deskNote: grant.deskNote },
      identities,
      // An older grant, brought twice, takes no card away.
      cards: grant.cards.length < cards.length ? cards : grant.cards,
    };
    await store.saveGrant(next, context.random);
    const canReply = 'seed' in reply;
    return {
      exit: 0,
      text: acceptDone(grant.organisation, canReply),
      json: { organisation: grant.organisation, team: desk, replyKey: canReply },
    };
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Failure(error.code === 'signature-wrong' ? 'grant-foreign' : 'grant-damaged', { path });
  }
}

/** The reply key of a grant; one that is here already stays when a later grant does not repeat it. Null: it is for none of our identities. */
async function replyOf(
  { reply, replyKey }: { readonly reply: Uint8Array; readonly replyKey: Uint8Array | null },
  { reply: here, identities }: KeyContent,
): Promise<SeedOrPublic | null> {
  if (replyKey !== null) {
    const seed = await openReplyKey({ reply, replyKey }, identities);
    return seed === null ? null : { seed };
  }
  return here !== null && equalBytes(await publicKeyOf(here), reply) ? here : { publicKey: reply };
}

function required(values: Options['values'], option: string): string {
  const value = values.get(option);
  if (value === undefined) throw new Failure('option-missing', { option });
  return value;
}

function parseDeskKey(text: string): Uint8Array {
  try {
    return fromBase64Url(text, 32);
  } catch {
    throw new Failure('team-desk-key');
  }
}
