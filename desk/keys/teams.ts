/** Other desks whose recipients stand on the organisation's cards beside its own: `teams.txt` of the key folder. It holds no secret. */
import { join } from 'node:path';
import { isProblem, Problem } from '../../shared/problem/problem.ts';
import { parseRecipient } from '../../shared/age/recipients.ts';
import { utf8Decode } from '../../shared/bytes/utf8.ts';
import type { CardRecipient } from '../../shared/statements/card.ts';
import { parseDay } from '../../shared/statements/fields.ts';
import { replaceFile, syncFolder } from '../durable.ts';
import { Failure, systemCode } from '../failure.ts';
import { earlierDay, laterDay } from '../days.ts';
import type { DatedIdentity, RecipientKind } from './key-texts.ts';
import { MAIN_DESK } from './main-desk.ts';
import { parsed, readOptional } from './secret-files.ts';

/** A desk of the organisation, and whom to encrypt to so that it can open what is sent. */
export interface Team {
  readonly name: string;
  readonly recipients: readonly CardRecipient[];
}

const FILE = 'teams.txt';
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,58}[\p{L}\p{N}])?$/u;

/** True when a team can be called so; `main` is the desk of the root key. */
export function isTeamName(name: string): boolean {
  return NAME.test(name) && name.toLowerCase() !== MAIN_DESK;
}

/** One line a recipient: first day, last day, age recipient. */
export function recipientLines(recipients: readonly CardRecipient[]): string {
  return recipients.map(({ from, until, recipient }) => `${from} ${until} ${recipient}\n`).join('');
}

/** The lines of a desk's own identities; one that was ended before its first day is on no card. */
export function ownRecipientLines(identities: readonly DatedIdentity[]): string {
  return recipientLines(identities.filter(({ from, until }) => from <= until));
}

/** The recipients in such lines. Problems `encoding-invalid`, `note-invalid`, `recipient-invalid`. */
export function parseRecipientLines(text: string, kind: RecipientKind): CardRecipient[] {
  if (!text.endsWith('\n')) throw new Problem('encoding-invalid');
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const [from = '', until = '', recipient = '', ...rest] = line.split(' ');
      const good = rest.length === 0 && parseDay(from) <= parseDay(until);
      if (!good || parseRecipient(recipient).kind !== kind) throw new Problem('encoding-invalid');
      return { from, until, recipient };
    });
}

export function teamsText(teams: readonly Team[]): string {
  return teams.map(({ name, recipients }) => `team ${name}\n${recipientLines(recipients)}`).join('');
}

export function parseTeams(text: string, kind: RecipientKind): Team[] {
  if (text === '') return [];
  const [before, ...sections] = text.split(/^team /m);
  if (before !== '') throw new Problem('encoding-invalid');
  return sections.map((section) => {
    const end = section.indexOf('\n');
    const name = section.slice(0, end);
    if (end < 0 || !isTeamName(name)) throw new Problem('encoding-invalid');
    return { name, recipients: parseRecipientLines(section.slice(end + 1), kind) };
  });
}

/** The teams of a folder. Failures `keys-unreadable`, `keys-damaged`. */
export async function readTeams(folder: string, kind: RecipientKind): Promise<readonly Team[]> {
  const file = await readOptional(folder, FILE);
  return file === null ? [] : parsed(folder, FILE, () => parseTeams(utf8Decode(file), kind));
}

/** Replaces the list of teams, durably. Failure `keys-unwritable`. */
export async function writeTeams(folder: string, teams: readonly Team[]): Promise<void> {
  try {
    await replaceFile(join(folder, FILE), teamsText(teams));
    await syncFolder(folder);
  } catch (error) {
    throw isProblem(error) ? error : new Failure('keys-unwritable', { folder, reason: systemCode(error) ?? 'unknown' });
  }
}

/** The recipients of the teams that serve in a span, each cut to it. */
export function teamRecipients(
  teams: readonly Team[],
  { from, until }: { readonly from: string; readonly until: string },
): readonly CardRecipient[] {
  return teams
    .flatMap(({ recipients }) => recipients)
    .filter((recipient) => recipient.from <= until && recipient.until >= from)
    .map((recipient) => ({
      from: laterDay(recipient.from, from),
      until: earlierDay(recipient.until, until),
      recipient: recipient.recipient,
    }));
}
