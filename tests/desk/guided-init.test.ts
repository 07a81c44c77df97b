/** The key ceremony as a person goes through it: asked, printed, read back, confirmed; stopped anywhere, nothing is left. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDesk } from '../../desk/run.ts';
import { silentProgress } from '../../desk/terminal/progress.ts';
import { random } from '../kit/random-bytes.ts';
import { desk, deskJson, scratch } from './desk.ts';

let base: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  base = await scratch();
});
afterAll(() => base.remove());

/** A person: each answer is a text, or `read` to look at the printed sheet that is asked for. Gives what was seen, and the letters of the sheets. */
async function person(folder: string, answers: readonly string[]) {
  const left = [...answers];
  const seen: string[] = [];
  const sheets = new Map<string, string>();
  const result = await runDesk(['init', folder], {
    now: () => new Date('2026-11-24T10:20:30Z'),
    random,
    progress: silentProgress,
    warn: (line) => void seen.push(line),
    readInput: () => Promise.resolve(new Uint8Array(0)),
    passphraseWork: 10,
    ask: async (question) => {
      seen.push(question);
      const answer = left.shift() ?? null;
      if (answer !== 'read') return answer;
      for (const name of await readdir(`${folder}-paper`)) {
        const page = await readFile(join(`${folder}-paper`, name), 'utf8');
        sheets.set(name, [...page.matchAll(/<pre>([^<]*)<\/pre>/g)].map(([, text]) => text).join('\n'));
      }
      const sheet = /sheet (\d+)/.exec(question)![1]!;
      const text = [...sheets].find(([name]) => name.startsWith(`sheet-${sheet}-`))![1];
      return /^S001 .* ([A-Z2-7]{4})$/m.exec(text)![1]!.toLowerCase();
    },
  });
  return { ...result, seen: seen.join('\n'), sheets, left };
}

const WHOLE = ['Свободная газета', '', 'pass', 'pass', '', '', '', '', 'read', 'read', 'read', 'make'];

test('makes hybrid keys under a passphrase, a year of quarters, and three sheets of which two restore all', async () => {
  const folder = join(base.folder, 'whole');
  const made = await person(folder, WHOLE);
  expect(made).toMatchObject({ exit: 0, stderr: '', left: [] });
  expect(await readdir(base.folder)).toStrictEqual(['whole']);
  for (const said of ['2026-11-24 to 2027-02-23', '2027-08-24 to 2027-11-23', 'under a passphrase', '3 sheets, any 2'])
    expect(made.seen).toContain(said);
  const words = /In words: (.+)\n/.exec(made.stdout)![1]!;
  expect(made.seen).toContain(`Root key, in words: ${words}`);

  const restored = join(base.folder, 'restored');
  const [, second, third] = [...made.sheets.values()];
  const typed = await desk(['join', restored], undefined, linesToType(second!, third!));
  expect(typed).toMatchObject({ exit: 0, stdout: expect.stringContaining(words) });
  const original = await desk(['identities', folder], undefined, 'pass\n');
  expect((await desk(['identities', restored], undefined, 'other\n')).stdout).toBe(original.stdout);
});

function linesToType(one: string, other: string): string {
  const of = (text: string, kind: string) => text.split('\n').filter((line) => line.startsWith(kind));
  return [...of(one, 'S'), ...of(other, 'S'), ...of(one, 'W'), 'other', 'other'].join('\n');
}

test('stopped at any question, it leaves nothing behind and no keys', async () => {
  const folder = join(base.folder, 'stopped');
  const before = await readdir(base.folder);
  for (let answers = 0; answers < WHOLE.length; answers++) {
    const stopped = await person(folder, WHOLE.slice(0, answers));
    expect(stopped).toMatchObject({ exit: 3, stdout: '' });
    expect(stopped.stderr).toContain('no keys were made');
    expect(await readdir(base.folder)).toStrictEqual(before);
  }
});

test('every answer can be gone back to, also the printing, and what is wrong is asked again', async () => {
  const folder = join(base.folder, 'back');
  const asked = 'back,,Old name,back,New name,rsa,classic,back,classic,one,back,classic,one,two,,99,1,back,2,3'.split(
    ',',
  );
  // Printed once, gone back, then one sheet; its letters mistyped; gone back from the confirmation; none at all.
  const printed = '3,,back,1,AAAA,read,yes,back,0,make'.split(',');
  const made = await person(folder, [...asked, ...printed]);
  expect(made).toMatchObject({ exit: 0, stderr: '', left: [] });
  expect(made.seen).toMatch(
    /A name has 1 to 120[^]*hybrid or classic\.[^]*not the same[^]*from 1 to 24[^]*not the letters/,
  );
  expect(made.seen.match(/Nothing is kept until the last question/g)).toHaveLength(1);
  const listed = await deskJson(['identities', folder, '--list']);
  expect(listed.json['identities']).toMatchObject([
    { from: '2026-11-24', until: '2027-01-23', state: 'now' },
    { from: '2027-01-24', until: '2027-03-23', state: 'ahead' },
    { from: '2027-03-24', until: '2027-05-23', state: 'ahead' },
  ]);
  expect(await readFile(join(folder, 'organisation.txt'), 'utf8')).toContain('organisation New name\nkind classic\n');
  expect(await readdir(base.folder)).not.toContain('back-paper');
});

test('a folder with keys is refused before anything is asked', async () => {
  const refused = await person(join(base.folder, 'whole'), []);
  expect(refused).toMatchObject({ exit: 3, seen: '' });
});
