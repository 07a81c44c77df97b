/** `desk team`: which other desks can open what sources send; their recipients stand on the next card. */
import { open } from 'node:fs/promises';
import { MAX_NOTE_LENGTH } from '../../shared/statements/note.ts';
import { confirm } from '../ceremony/confirm.ts';
import { Failure, systemCode } from '../failure.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { withKeyLock } from '../keys/key-folder.ts';
import { openKeyStore } from '../keys/key-store.ts';
import type { RecipientKind } from '../keys/key-texts.ts';
import { isTeamName, parseRecipientLines, readTeams, recipientLines, writeTeams } from '../keys/teams.ts';
import type { Team } from '../keys/teams.ts';
import { seedOf } from '../keys/key-content.ts';
import { teamAddDraft, teamChanged, teamList } from '../team-text.ts';
import type { Command, DeskContext, Options, Outcome } from './command.ts';
import { acceptGrant, grantTeam, teamKey } from './team-grant.ts';

/** Lines of a year of hybrid recipients have some eight thousand bytes. */
const MOST_FILE = 65_536;
/** A note of the greatest length, where each of its characters were of three bytes. */
const MOST_GRANT = 3 * MAX_NOTE_LENGTH + 1;

/** How many operands each action takes. */
const ACTIONS: Readonly<Record<string, number>> = { list: 2, remove: 3, add: 4, grant: 3, key: 2, accept: 3 };

export const team: Command = {
  operands: 2,
  more: true,
  flags: ['yes', 'with-reply-key'],
  values: ['desk-key', 'out'],
  required: [],
  async run(options, context) {
    const { operands, flags, values } = options;
    const [action = '', folder = '', third = ''] = operands;
    const forGrant = values.size > 0 || flags.has('with-reply-key');
    if (ACTIONS[action] !== operands.length || (forGrant && action !== 'grant')) throw new Failure('team-usage');
    return withKeyLock(folder, async () => {
      const store = await openKeyStore(folder, context);
      if (action === 'key') return teamKey(store.content);
      if (action === 'accept')
        return acceptGrant(store, { path: third, note: await readText(third, MOST_GRANT) }, context);
      const { kind } = store.content.organisation;
      const teams = await readTeams(folder, kind);
      if (action === 'list') return outcome(teams, teamList(listed(teams)));
      seedOf(store.content.root, 'keys-no-root');
      if (action === 'add') return add(teams, kind, { options, context });
      const named = teams.find(({ name }) => name === third);
      if (named === undefined) throw new Failure('team-unknown', { name: third });
      if (action === 'grant') return grantTeam(store.content, named, { options, context });
      await confirm(`${third} will be on no later card.`, { word: 'remove', yes: flags.has('yes'), context });
      const others = teams.filter((other) => other !== named);
      await writeTeams(folder, others);
      return outcome(others, teamChanged);
    });
  },
};

async function add(
  teams: readonly Team[],
  kind: RecipientKind,
  { options: { operands, flags }, context }: { options: Options; context: DeskContext },
): Promise<Outcome> {
  const [, folder = '', name = '', file = ''] = operands;
  if (!isTeamName(name)) throw new Failure('team-name');
  const added = { name, recipients: await readRecipients(file, kind) };
  await confirm(teamAddDraft(name, wordsOfTeam(added)), { word: 'add', yes: flags.has('yes'), context });
  const next = [...teams.filter((other) => other.name !== name), added];
  await writeTeams(folder, next);
  return outcome(next, teamChanged);
}

/** Words of all recipients of a team at once: what two people compare by voice. */
function wordsOfTeam({ recipients }: Team): string {
  return wordsOf(recipientLines(recipients));
}

function listed(teams: readonly Team[]) {
  return teams.map((each) => ({
    name: each.name,
    until:
      each.recipients
        .map(({ until }) => until)
        .toSorted()
        .at(-1) ?? '',
    words: wordsOfTeam(each),
  }));
}

function outcome(teams: readonly Team[], text: string): Outcome {
  return { exit: 0, text, json: { teams: listed(teams) } };
}

async function readRecipients(path: string, kind: RecipientKind): Promise<Team['recipients']> {
  const text = await readText(path, MOST_FILE);
  try {
    return parseRecipientLines(text, kind);
  } catch {
    throw new Failure('team-recipients', { path, kind });
  }
}

/** The first `most` bytes of a file as text. Failure `team-unreadable`. */
async function readText(path: string, most: number): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(most), 0, most, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Failure('team-unreadable', { path, reason: systemCode(error) ?? 'unknown' });
  }
}
