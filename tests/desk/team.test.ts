/** Several desks on one card: each opens what is sent, until it is taken off. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseTeams, teamsText } from '../../desk/keys/teams.ts';
import { generateIdentity, recipientOf } from '../../shared/age/identity.ts';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { openCard } from '../../shared/statements/card.ts';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import type { Drop } from '../kit/make-parcel.ts';
import { PARCEL, testParcel } from '../kit/parcel-stream.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { desk, deskJson, scratch } from './desk.ts';

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
let team: string;
let file: string;
let words: string;
beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder);
  team = join(base.folder, 'team');
  await desk(['init', team, '--organisation', 'Video', '--classic']);
  const printed = await desk(['identities', team, '--recipients']);
  file = join(base.folder, 'recipients.txt');
  await writeFile(file, printed.stdout);
  words = printed.warnings.join('').split(': ')[1]!;
});
afterAll(() => base.remove());

async function nextCard(): Promise<{ note: string; recipients: readonly string[] }> {
  const out = join(base.folder, `card-${Math.trunc(performance.now() * 1000)}.note`);
  expect(await desk(['rotate', drop.keys, '--out', out, '--yes'])).toMatchObject({ exit: 0, stderr: '' });
  const note = await readFile(out, 'utf8');
  const root = fromBase64Url((await desk(['root', drop.keys])).stdout.trim(), 32);
  return { note, recipients: (await openCard(note, root)).recipients.map(({ recipient }) => recipient) };
}

test('nothing is added before both have compared the words', async () => {
  const stopped = await desk(['team', 'add', drop.keys, 'Video', file], undefined, 'no\n');
  expect(stopped).toMatchObject({ exit: 3, stdout: '' });
  expect(words.split(' ')).toHaveLength(10);
  expect(stopped.warnings.join('\n')).toContain(words);
  await expect(stat(join(drop.keys, 'teams.txt'))).rejects.toThrow('ENOENT');
});

test('what is sent on the next card opens at both desks, and after its removal at one', async () => {
  expect(await desk(['team', 'add', drop.keys, 'Video', file], undefined, 'add\n')).toMatchObject({
    exit: 0,
    stderr: '',
  });
  expect((await desk(['team', 'list', drop.keys])).stdout).toBe(`Video, until 2027-11-24: ${words}\n`);
  const { note, recipients } = await nextCard();
  const teamRecipient = (await readFile(file, 'utf8')).trim().split(' ')[2]!;
  expect(recipients).toContain(teamRecipient);
  await writeFile(join(drop.bundle, 'card.note'), note);
  const { stream } = await testParcel([{ path: 'a.mp4', content: patternBytes(9000, 1), modified: 0 }], 'Words.\n');
  const sent = [...drop.recipients, teamRecipient];
  expect(recipients).toStrictEqual(expect.arrayContaining(sent));
  await makeParcelOf(drop, stream, { parcel: PARCEL, recipients: sent });
  for (const [keys, out] of [
    [drop.keys, 'ours'],
    [team, 'theirs'],
  ] as const) {
    await desk(['extract', drop.bundle, '--keys', keys, '--out', join(base.folder, out)]);
    expect(await readFile(join(base.folder, out, PARCEL, 'data/message.txt'), 'utf8')).toBe('Words.\n');
  }
  expect((await desk(['team', 'remove', drop.keys, 'Video'], undefined, 'remove\n')).exit).toBe(0);
  expect((await nextCard()).recipients).not.toContain(teamRecipient);
  expect((await desk(['team', 'list', drop.keys])).stdout).toBe('No other desk.\n');
});

test('recipients of another kind, too many of them, names and words that are none are refused', async () => {
  const code = async (...args: readonly string[]) => {
    const { json } = await deskJson(['team', ...args, '--yes']);
    return (json['error'] as { code: string } | undefined)?.code;
  };
  const hybrid = join(base.folder, 'hybrid');
  await writeFile(hybrid, `2026-01-01 2026-12-31 ${await recipientOf(await generateIdentity('hybrid'))}\n`);
  expect(await code('add', drop.keys, 'Other', hybrid)).toBe('team-recipients');
  expect(await code('add', drop.keys, 'Other', join(base.folder, 'none'))).toBe('team-unreadable');
  expect(await code('add', drop.keys, 'a\nb', file)).toBe('team-name');
  expect(await code('remove', drop.keys, 'Other')).toBe('team-unknown');
  expect(await code('rename', drop.keys)).toBe('team-usage');
  const line = (await readFile(file, 'utf8')).split('\n')[0]!;
  const many = join(base.folder, 'many');
  await writeFile(many, `${line}\n`.repeat(16));
  expect(await code('add', drop.keys, 'Many', many)).toBeUndefined();
  const full = await deskJson(['rotate', drop.keys, '--out', join(base.folder, 'full.note'), '--yes']);
  expect(full.json['error']).toMatchObject({ code: 'card-full' });
});

test('the list of teams comes back as it was', async () => {
  const recipient = await recipientOf(await generateIdentity('classic'));
  const teams = fc.array(
    fc.record({
      name: fc.stringMatching(/^[a-z0-9](?:[a-z0-9 ._-]{0,20}[a-z0-9])?$/),
      recipients: fc.array(fc.constant({ from: '2026-01-01', until: '2026-12-31', recipient }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  );
  fc.assert(
    fc.property(teams, (list) => {
      expect(parseTeams(teamsText(list), 'classic')).toEqual(list);
    }),
  );
});
