/** What the desk says about teams: desks of the organisation that open what sources send without holding the root key. */
import { printable } from './terminal/printable.ts';

export const TEAM_HELP = `desk team list DIR
desk team add DIR NAME FILE [--yes]
desk team remove DIR NAME [--yes]
desk team grant DIR NAME --desk-key KEY --out FILE [--with-reply-key] [--yes]
desk team key TEAM-DIR
desk team accept TEAM-DIR FILE

Other desks of the organisation that can open what sources send; their keys are made by desk init --team. Both sides always
see the same ten words: compare them by voice before you confirm.

At the desk that has the root key: list shows the teams. add puts a team's recipients, from FILE, on the next card (rotate,
card); add again with the same name replaces them, and remove takes them off. What was sent before stays as it is. grant signs
that KEY is the key of that team's desk, so that its reports can be verified from the root key alone.

At the team's desk: identities DIR --recipients prints what add takes, and key the key that grant takes. accept puts a
grant into the folder; then list, verify, extract, open and report work.

  --desk-key KEY    what desk team key prints at the team's desk
  --out FILE        write the grant to the new file FILE
  --with-reply-key  put the key that signs replies into the grant, encrypted to the team: it can then answer any source in the
                    name of the organisation, and that cannot be taken back
`;

/** Before a team's keys are made. */
export function teamInitDraft(team: string, words: string): string {
  return `Root key of the organisation, in words: ${words}\nThe desk that has it shows the same words: desk root DIR --fingerprint. Keys for ${printable(team)} are made once you confirm.`;
}

export function teamInitDone(
  folder: string,
  {
    team,
    kind,
    key,
    words,
  }: { readonly team: string; readonly kind: string; readonly key: string; readonly words: string },
): string {
  return `Made ${kind} keys of the team ${printable(team)} in ${printable(folder)}.
Bring to the desk that has the root key: the file of desk identities DIR --recipients, for desk team add, and this key, for
desk team grant; then desk team accept with what you get.
${teamKeyText(key, words)}`;
}

export function teamKeyText(key: string, words: string): string {
  return `Key of this desk: ${key}\nIn words: ${words}\n`;
}

export function teamAddDraft(name: string, words: string): string {
  return `Recipients of ${printable(name)}, in words: ${words}\nThat desk must show the same words. With the next card it can open all that is sent from then on.`;
}

export const teamChanged = 'Done. It takes effect with the next card: desk rotate, or desk card.\n';

export function teamList(
  teams: readonly { readonly name: string; readonly until: string; readonly words: string }[],
): string {
  return teams.length === 0
    ? 'No other desk.\n'
    : teams.map(({ name, until, words }) => `${printable(name)}, until ${until}: ${words}\n`).join('');
}

export function grantDraft(name: string, words: string, withReplyKey: boolean): string {
  const reply = withReplyKey
    ? ' It gets the key that signs replies: it can then answer any source in the name of the organisation, and that cannot be taken back.'
    : ' It does not get the key that signs replies.';
  return `Key of the desk of ${printable(name)}, in words: ${words}\nThat desk must show the same words.${reply}`;
}

export function grantDone(out: string): string {
  return `Written: ${printable(out)}. Bring it to the team's desk: desk team accept.\n`;
}

export function acceptDone(organisation: string, canReply: boolean): string {
  return `This desk is one of ${printable(organisation)} now. ${canReply ? 'It can answer sources.' : 'It cannot answer sources: the grant holds no reply key.'} Make a paper backup: desk split.\n`;
}

export function teamRotateDraft(made: number, until: string, replaced: boolean): string {
  return `${replaced ? 'The present identities end yesterday. ' : ''}New identities: ${made}, until ${until}. Nothing is written yet.`;
}

export function teamRotateDone(out: string, made: number, words: string): string {
  return `The recipients are in ${printable(out)}; ${made} new identities.
In words: ${words}
Bring the file to the desk that has the root key: desk team add. Make a new paper backup: the old one does not hold the new identities.
`;
}
