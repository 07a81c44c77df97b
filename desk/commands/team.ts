/** `desk team`: which other desks can open what sources send; their recipients stand on the next card. */
import { open } from 'node:fs/promises';
import { teamAddDraft, teamChanged, teamList } from '../ceremony-text.ts';
import { confirm } from '../ceremony/confirm.ts';
import { Failure, systemCode } from '../failure.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { withKeyLock } from '../keys/key-folder.ts';
import { openKeyStore } from '../keys/key-store.ts';
import type { RecipientKind } from '../keys/key-texts.ts';
import { isTeamName, parseRecipientLines, readTeams, recipientLines, writeTeams } from '../keys/teams.ts';
import type { Team } from '../keys/teams.ts';
import type { Command, Outcome } from './command.ts';

/** Lines of a year of hybrid recipients have some eight thousand bytes. */
const MOST_FILE = 65_536;

export const team: Command = {
  operands: 2,
  more: true,
  flags: ['yes'],
  values: [],
  required: [],
  async run({ operands, flags }, context) {
    const [action = '', folder = '', name, file] = operands;
    const wanted = { list: 2, remove: 3, add: 4 }[action];
    if (wanted === undefined || operands.length !== wanted) throw new Failure('team-usage');
    return withKeyLock(folder, async () => {
      const { content } = await openKeyStore(folder, context);
      const { kind } = content.organisation;
      const teams = await readTeams(folder, kind);
      if (name === undefined) return outcome(teams, teamList(listed(teams)));
      const yes = flags.has('yes');
      const others = teams.filter((other) => other.name !== name);
      if (file === undefined) {
        if (others.length === teams.length) throw new Failure('team-unknown', { name });
        await confirm(`${name} will be on no later card.`, { word: 'remove', yes, context });
        await writeTeams(folder, others);
        return outcome(others, teamChanged);
      }
      if (!isTeamName(name)) throw new Failure('team-name');
      const added = { name, recipients: await readRecipients(file, kind) };
      await confirm(teamAddDraft(name, wordsOfTeam(added)), { word: 'add', yes, context });
      const next = [...others, added];
      await writeTeams(folder, next);
      return outcome(next, teamChanged);
    });
  },
};

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
  let text: string;
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST_FILE), 0, MOST_FILE, 0);
      text = buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Failure('team-unreadable', { path, reason: systemCode(error) ?? 'unknown' });
  }
  try {
    return parseRecipientLines(text, kind);
  } catch {
    throw new Failure('team-recipients', { path, kind });
  }
}
