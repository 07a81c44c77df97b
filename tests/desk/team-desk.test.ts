/** A team's own desk: without the root key it opens what sources send, its reports are verified from the root key, and it answers only where that was given. */
import { randomBytes } from 'node:crypto';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEarlierReport } from '../../desk/custody/earlier-report.ts';
import { openGrant, openReplyKey, sealReplyKey, signGrant } from '../../desk/keys/grant.ts';
import type { Grant } from '../../desk/keys/grant.ts';
import { generateIdentity, recipientOf } from '../../shared/age/identity.ts';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { openCard } from '../../shared/statements/card.ts';
import { openDeskStatement, signDeskStatement } from '../../shared/statements/desk.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop } from '../kit/make-parcel.ts';
import { PARCEL } from '../kit/parcel-stream.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { desk, deskJson, scratch } from './desk.ts';
import { makeSource, send } from './source.ts';

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
let root: string;
let team: string;
let deskKey: string;
beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder);
  root = (await desk(['root', drop.keys])).stdout.trim();
  team = at('team');
});
afterAll(() => base.remove());

const at = (name: string) => join(base.folder, name);
const wordsIn = (lines: readonly string[]) => /in words: ([a-z -]+)/i.exec(lines.join('\n'))![1]!;
const errorOf = (json: Record<string, unknown>) => (json['error'] as { code: string } | undefined)?.code;

async function contents(): Promise<Map<string, string>> {
  const names = (await readdir(team, { withFileTypes: true })).filter((each) => each.isFile()).map(({ name }) => name);
  return new Map(
    await Promise.all(names.toSorted().map(async (n) => [n, await readFile(join(team, n), 'utf8')] as const)),
  );
}

test('its keys are made once the words of the root key were compared, and hold none of the organisation', async () => {
  const init = ['init', team, '--team', 'Video', '--root', root, '--classic'];
  const stopped = await desk(init, undefined, 'no\n');
  expect(stopped).toMatchObject({ exit: 3, stdout: '' });
  await expect(stat(team)).rejects.toThrow('ENOENT');
  const made = await desk(init, undefined, 'same\n\n');
  expect(made).toMatchObject({ exit: 0, stderr: '' });
  const fingerprint = (await desk(['root', drop.keys, '--fingerprint'])).stdout;
  expect(fingerprint.split('\n')[1]).toBe(wordsIn(made.warnings));
  expect((await desk(['root', team, '--fingerprint'])).stdout).toBe(fingerprint);
  expect([...(await contents()).keys()]).toStrictEqual([
    'cards.txt',
    'desk.key',
    'identities.txt',
    'organisation.txt',
    'root.pub',
  ]);
  deskKey = (await deskJson(['team', 'key', team])).json['key'] as string;
  expect(made.stdout).toContain(deskKey);
  expect((await deskJson(['identities', team, '--list'])).json['identities']).toHaveLength(4);
});

test('before there is a grant its commands say what to do', async () => {
  for (const args of [
    ['list', drop.bundle, '--keys', team],
    ['backup', team, '--out', at('early.html')],
  ])
    expect(errorOf((await deskJson(args)).json)).toBe('keys-no-grant');
  expect((await desk(['list', drop.bundle, '--keys', team])).stderr).toContain('desk team accept');
});

test('a grant is given to a team that was added, once the words of its key were compared', async () => {
  const recipients = at('recipients.txt');
  const own = await desk(['identities', team, '--recipients']);
  await writeFile(recipients, own.stdout);
  const grant = ['team', 'grant', drop.keys, 'Video', '--desk-key', deskKey, '--out', at('grant')];
  expect(errorOf((await deskJson([...grant, '--yes'])).json)).toBe('team-unknown');
  expect(
    (await desk(['team', 'add', drop.keys, 'Video', recipients], undefined, 'add\n')).warnings.join('\n'),
  ).toContain(own.warnings.join('').split(': ')[1]);
  const stopped = await desk(grant, undefined, 'no\n');
  expect(stopped.exit).toBe(3);
  expect(wordsIn(stopped.warnings)).toBe((await deskJson(['team', 'key', team])).json['words']);
  await expect(stat(at('grant'))).rejects.toThrow('ENOENT');
  expect(await desk(grant, undefined, 'grant\n')).toMatchObject({ exit: 0, stderr: '' });
  expect(await readFile(at('grant'), 'utf8')).toContain('\nreply-key none\n');
});

test('a grant of another root key, for another desk, or changed on the way is refused, and changes nothing', async () => {
  const before = await contents();
  const note = await readFile(at('grant'), 'utf8');
  await makeTeamFor('other', toBase64Url(new Uint8Array(32).fill(9)));
  await makeTeamFor('sibling', root);
  await writeFile(at('changed'), note.replace('Example Newsroom', 'Example Newsrooms'));
  await writeFile(at('nothing'), 'a grant\n');
  const code = async (...args: string[]) => errorOf((await deskJson(['team', 'accept', ...args])).json);
  expect(await code(at('other'), at('grant'))).toBe('grant-foreign');
  expect(await code(at('sibling'), at('grant'))).toBe('grant-other-desk');
  expect(await code(team, at('changed'))).toBe('grant-foreign');
  expect(await code(team, at('nothing'))).toBe('grant-damaged');
  expect(await code(team, at('none'))).toBe('team-unreadable');
  expect(await code(drop.keys, at('grant'))).toBe('grant-not-team');
  expect(await contents()).toStrictEqual(before);
});

async function makeTeamFor(name: string, key: string): Promise<void> {
  const { exit } = await desk(['init', at(name), '--team', 'Video', '--root', key, '--classic', '--yes']);
  expect(exit).toBe(0);
}

test('with it everything opens, the card is trusted, and the report is signed by a key that the root key vouches for', async () => {
  expect(await desk(['team', 'accept', team, at('grant')])).toMatchObject({ exit: 0, stderr: '' });
  await desk(['rotate', drop.keys, '--out', at('card.note'), '--yes']);
  const note = await readFile(at('card.note'), 'utf8');
  await writeFile(join(drop.bundle, 'card.note'), note);
  const { recipients } = await openCard(note, fromBase64Url(root, 32));
  await send(drop, await makeSource(), {
    parcel: PARCEL,
    recipients: recipients.filter(({ from }) => from === '2026-11-24').map(({ recipient }) => recipient),
    files: [{ path: 'a.mp4', content: patternBytes(9000, 1) }],
  });
  for (const command of ['list', 'verify'])
    expect(await desk([command, drop.bundle, '--keys', team])).toMatchObject({ exit: 0, stderr: '' });
  const out = at('out');
  expect((await desk(['extract', drop.bundle, '--keys', team, '--out', out])).exit).toBe(0);
  const { report } = await readEarlierReport(join(out, PARCEL), fromBase64Url(root, 32));
  expect(JSON.stringify(report)).toContain('Example Newsroom');
  const deskNote = await readFile(join(out, PARCEL, 'custody/desk.note'), 'utf8');
  const statement = await openDeskStatement(deskNote, fromBase64Url(root, 32));
  expect({ ...statement, key: toBase64Url(statement.key) }).toMatchObject({ desk: 'Video', key: deskKey });
  expect((await desk(['report', join(out, PARCEL), '--keys', team])).exit).toBe(0);
});

test('it cannot answer, sign cards or add teams, and says in words why', async () => {
  await writeFile(at('message.txt'), 'Thank you.\n');
  const reply = await desk(['reply', drop.bundle, '--keys', team, '--to', PARCEL, '--message', at('message.txt')]);
  expect(reply).toMatchObject({
    exit: 3,
    stderr: expect.stringContaining('the key that signs replies is not in these'),
  });
  await expect(readdir(join(drop.bundle, 'outbox'))).rejects.toThrow('ENOENT');
  const key = toBase64Url(new Uint8Array(32).fill(7));
  expect(errorOf((await deskJson(['card', team, '--receipt-key', key])).json)).toBe('keys-no-root');
  for (const args of [
    ['add', team, 'More', at('recipients.txt')],
    ['remove', team, 'More'],
    ['grant', team, 'More', '--desk-key', key, '--out', at('more')],
  ])
    expect(errorOf((await deskJson(['team', ...args, '--yes'])).json)).toBe('keys-no-root');
});

test('with the reply key it answers as the organisation, until a grant without it comes for another one', async () => {
  const grant = ['team', 'grant', drop.keys, 'Video', '--desk-key', deskKey, '--with-reply-key', '--yes'];
  expect((await desk([...grant, '--out', at('grant-2')])).exit).toBe(0);
  const seed = (await readFile(join(drop.keys, 'reply.key'), 'utf8')).trim().split(' ')[1]!;
  expect(await readFile(at('grant-2'), 'utf8')).not.toContain(seed);
  expect((await stat(at('grant-2'))).mode & 0o777).toBe(0o600);
  expect((await desk(['team', 'accept', team, at('grant-2')])).stdout).toContain('It can answer sources');
  expect((await contents()).get('reply.key')).toContain(seed);
  expect((await contents()).has('reply.pub')).toBe(false);
  const reply = ['reply', drop.bundle, '--keys', team, '--to', PARCEL, '--message', at('message.txt')];
  expect(await desk(reply)).toMatchObject({ exit: 0, stderr: '' });
  expect((await desk(['list', drop.bundle, '--keys', drop.keys])).exit).toBe(0);
  // Given once, the key stays when an older grant comes again, and so do the cards of the newer one.
  expect((await desk(['team', 'accept', team, at('grant')])).stdout).toContain('It can answer sources');
  expect((await contents()).get('cards.txt')!.trimEnd().split('\n')).toHaveLength(2);
});

test('a passphrase and paper hold all of it', async () => {
  const before = await contents();
  await writeFile(at('passphrase'), 'four quiet owls at noon\n');
  const under = ['--passphrase-file', at('passphrase')];
  expect((await desk(['passphrase', team, '--new-passphrase-file', at('passphrase')])).exit).toBe(0);
  expect([...(await contents()).values()].join('')).not.toMatch(/postern-(reply|desk)-key/);
  expect((await desk(['team', 'accept', team, at('grant'), ...under])).exit).toBe(0);
  expect((await desk(['split', team, '--out', at('sheets'), ...under])).exit).toBe(0);
  const texts: string[] = [];
  for (const sheet of ['1', '3']) {
    const html = await readFile(at(`sheets/sheet-${sheet}-of-3.html`), 'utf8');
    texts.push(at(`typed-${sheet}`));
    await writeFile(texts.at(-1)!, (html.match(/[SW]\d{3}(?: [A-Z2-7]{1,4})+/g) ?? []).join('\n'));
  }
  const joined = at('joined');
  expect(await desk(['join', joined, ...texts, '--no-passphrase'])).toMatchObject({ exit: 0, stderr: '' });
  const names = (await readdir(joined)).toSorted();
  expect(
    new Map(await Promise.all(names.map(async (n) => [n, await readFile(join(joined, n), 'utf8')] as const))),
  ).toEqual(before);
  expect((await desk(['passphrase', team, ...under], undefined, '\n')).exit).toBe(0);
});

test('its next identities are for the main desk to put on a card', async () => {
  const out = at('next.txt');
  expect((await desk(['rotate', team, '--out', out], '2027-03-01', 'no\n')).exit).toBe(3);
  const done = await desk(['rotate', team, '--out', out, '--replace'], '2026-11-24', 'rotate\n');
  expect(done).toMatchObject({ exit: 0, stderr: '' });
  const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
  // Those that were to begin today and later were ended before they began: they are on no list.
  expect(lines.map((line) => line.split(' ')[0])).toStrictEqual([
    '2026-11-24',
    '2027-02-24',
    '2027-05-24',
    '2027-08-24',
  ]);
  const added = await desk(['team', 'add', drop.keys, 'Video', out], undefined, 'add\n');
  expect(added.exit).toBe(0);
  expect(wordsIn(added.warnings)).toBe(wordsIn([done.stdout]));
});

test('options and names that are none are used wrongly', async () => {
  const wrong = async (...args: string[]) => {
    const { exit, json } = await deskJson(args);
    return [exit, errorOf(json)];
  };
  expect(await wrong('init', at('w'), '--team', 'Video')).toStrictEqual([2, 'team-init']);
  expect(await wrong('init', at('w'), '--root', root)).toStrictEqual([2, 'team-init']);
  expect(await wrong('init', at('w'), '--team', 'Main', '--root', root)).toStrictEqual([2, 'team-name']);
  expect(await wrong('init', at('w'), '--team', 'Video', '--root', 'x')).toStrictEqual([2, 'root-key']);
  expect(await wrong('team', 'list', drop.keys, '--with-reply-key')).toStrictEqual([2, 'team-usage']);
  const grant = ['team', 'grant', drop.keys, 'Video', '--yes', '--out', at('w')];
  expect(await wrong(...grant)).toStrictEqual([2, 'option-missing']);
  expect(await wrong(...grant, '--desk-key', 'x')).toStrictEqual([2, 'team-desk-key']);
});

test('grants come back as they were, and only as they were written', async () => {
  const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
  const key = await ed25519FromSeed(new Uint8Array(32).fill(1));
  const identity = await generateIdentity('classic');
  const dated = { from: '2026-01-01', until: '2026-12-31', identity, recipient: await recipientOf(identity) };
  const statement = { rootKey: key.publicKey, desk: 'Video', key: new Uint8Array(32).fill(2), issued: '2026-11-24' };
  const deskNote = await signDeskStatement(statement, key);
  const card = fc.record({ receiptKey: bytes(32), sha256: bytes(32).map((b) => Buffer.from(b).toString('hex')) });
  const arbitrary = fc.record({
    demo: fc.boolean(),
    replyKey: fc.option(bytes(70)),
    reply: bytes(32),
    cards: fc.array(card),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, fc.nat(), async ({ cards, ...rest }, cut) => {
      const issued = cards.map((each, i) => ({ ...each, serial: i + 1, issued: '2026-11-24' }));
      const grant: Grant = { ...rest, organisation: 'Example', deskNote, cards: issued };
      const note = await signGrant(grant, key);
      const opened = await openGrant(note, key.publicKey);
      expect(await signGrant(opened.grant, key)).toBe(note);
      expect(opened.grant).toEqual(grant);
      const short = note.slice(0, cut % note.length);
      await expect(openGrant(short, key.publicKey)).rejects.toSatisfy(isProblem);
    }),
    { numRuns: 30 },
  );
  const seed = new Uint8Array(32).fill(3);
  const { publicKey: reply } = await ed25519FromSeed(seed);
  const replyKey = await sealReplyKey(seed, dated.recipient, (length) => new Uint8Array(randomBytes(length)));
  expect(await openReplyKey({ reply, replyKey }, [dated])).toEqual(seed);
  expect(await openReplyKey({ reply, replyKey }, [])).toBeNull();
  await expect(openReplyKey({ reply: statement.key, replyKey }, [dated])).rejects.toSatisfy(isProblem);
});
