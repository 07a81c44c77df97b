/** The key folder: made once and privately, cards in series, no day without a recipient, nothing taken that was not written so. */
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recipientOf } from '../../shared/age/identity.ts';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { verifyEd25519 } from '../../shared/crypto/ed25519.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import { openCard, recipientsOn } from '../../shared/statements/card.ts';
import { openDeskStatement } from '../../shared/statements/desk.ts';
import { rootFingerprint } from '../../shared/statements/fingerprint.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { recipientsFor, uncoveredPeriod } from '../../desk/keys/cover-period.ts';
import { readKeyFolder } from '../../desk/keys/key-folder.ts';
import {
  identitiesText,
  parseIdentities,
  parseIssuedCards,
  parseOrganisation,
  parseSeed,
} from '../../desk/keys/key-texts.ts';
import { desk, deskJson, scratch } from './desk.ts';

const RECEIPT_KEY = toBase64Url(new Uint8Array(32).fill(7));

let base: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  base = await scratch();
});
afterAll(() => base.remove());

describe('desk init', () => {
  test('makes a folder that only its owner can look into, and never writes over it', async () => {
    const keys = join(base.folder, 'first');
    const made = await desk(['init', keys, '--organisation', 'Ноевгород News']);
    expect(made.exit).toBe(0);
    expect((await stat(keys)).mode & 0o777).toBe(0o700);
    for (const file of ['organisation.txt', 'root.key', 'reply.key', 'identities.txt', 'cards.txt'])
      expect((await stat(join(keys, file))).mode & 0o777).toBe(0o600);
    const before = await readFile(join(keys, 'root.key'), 'utf8');
    const again = await desk(['init', keys, '--organisation', 'Other']);
    expect(again).toMatchObject({ exit: 3, stdout: '' });
    expect(again.stderr).toContain('exists and is not empty');
    expect(await readFile(join(keys, 'root.key'), 'utf8')).toBe(before);
  });

  test('fills an empty folder, and makes the folders above', async () => {
    const empty = join(base.folder, 'empty');
    await mkdir(empty);
    expect((await desk(['init', empty, '--organisation', 'A'])).exit).toBe(0);
    expect((await desk(['init', join(base.folder, 'a/b/c'), '--organisation', 'A'])).exit).toBe(0);
  });

  test('hybrid unless classic is asked for', async () => {
    const hybrid = await deskJson(['init', join(base.folder, 'h'), '--organisation', 'A']);
    const classic = await deskJson(['init', join(base.folder, 'c'), '--organisation', 'A', '--classic', '--demo']);
    expect(hybrid.json).toMatchObject({ kind: 'hybrid', demo: false });
    expect(classic.json).toMatchObject({ kind: 'classic', demo: true });
    const file = await desk(['identities', join(base.folder, 'c')]);
    expect(file.stdout).toMatch(
      /^# from 2026-11-24 until 2027-11-24\n# public key: age1[a-z0-9]{58}\nAGE-SECRET-KEY-1[A-Z0-9]{58}\n$/,
    );
  });

  test.each(['', ' x', 'a\nb', 'a\u001b[31m', 'x'.repeat(121)])('refuses the name %j', async (name) => {
    const result = await desk(['init', join(base.folder, 'bad'), `--organisation=${name}`]);
    expect(result.exit).toBe(2);
    await expect(stat(join(base.folder, 'bad'))).rejects.toThrow('ENOENT');
  });
});

test('a desk has a key for its custody records, which the root key vouches for and which is always the same', async () => {
  const folder = join(base.folder, 'custody');
  await desk(['init', folder, '--organisation', 'A', '--classic']);
  const [first, second] = [await readKeyFolder(folder), await readKeyFolder(folder)];
  const statement = await openDeskStatement(first.deskNote, first.root.publicKey);
  expect(statement).toMatchObject({ desk: 'main', issued: '2026-11-24' });
  expect(toBase64Url(statement.key)).toBe(toBase64Url(first.desk.publicKey));
  expect(second.deskNote).toBe(first.deskNote);
  const record = new TextEncoder().encode('record');
  expect(await verifyEd25519(statement.key, record, await second.desk.sign(record))).toBe(true);
});

describe('desk card', () => {
  test('is signed by the root, counts up, and names what it replaces', async () => {
    const keys = join(base.folder, 'cards');
    const { json } = await deskJson(['init', keys, '--organisation', 'Example Newsroom', '--classic']);
    const rootKey = fromBase64Url((await desk(['root', keys])).stdout.trim(), 32);
    expect(json['root']).toBe(toBase64Url(rootKey));
    const [fingerprint, words] = (await desk(['root', keys, '--fingerprint'])).stdout.split('\n');
    expect(words!.split(' ')).toHaveLength(10);
    expect(fingerprint).toBe(await rootFingerprint(rootKey));
    const first = await desk(['card', keys, '--receipt-key', RECEIPT_KEY]);
    const out = join(base.folder, 'second.note');
    expect((await desk(['card', keys, '--receipt-key', RECEIPT_KEY, '--days', '30', '--out', out])).exit).toBe(0);
    const one = await openCard(first.stdout, rootKey);
    const two = await openCard(await readFile(out, 'utf8'), rootKey);
    expect(one).toMatchObject({
      serial: 1,
      issued: '2026-11-24',
      replaces: null,
      organisation: 'Example Newsroom',
      demo: false,
    });
    expect(two).toMatchObject({ serial: 2, replaces: toHex(await sha256(utf8Encode(first.stdout))) });
    expect(two.recipients).toMatchObject([{ from: '2026-11-24', until: '2026-12-24' }]);
    expect((await desk(['card', keys, '--receipt-key', RECEIPT_KEY, '--out', out])).stderr).toContain('exists already');
  });

  test('makes another identity when the ones there do not reach to its last day', async () => {
    const keys = join(base.folder, 'long');
    await desk(['init', keys, '--organisation', 'A', '--classic']);
    const rootKey = fromBase64Url((await desk(['root', keys])).stdout.trim(), 32);
    const note = await desk(['card', keys, '--receipt-key', RECEIPT_KEY, '--days', '900'], '2027-01-01');
    expect(note.warnings.join('\n')).toContain('A new identity was made for it.');
    const card = await openCard(note.stdout, rootKey);
    for (const day of ['2027-01-01', '2027-11-24', '2027-11-25', '2029-06-19'])
      expect(recipientsOn(card, day)).toHaveLength(1);
    expect(card.recipients).toHaveLength(2);
    const identities = parseIdentities((await desk(['identities', keys])).stdout);
    for (const { identity, recipient } of identities) expect(await recipientOf(identity)).toBe(recipient);
  });

  test.each([['--receipt-key=short'], ['--days=0'], ['--days=x'], ['--days=3651'], ['--colour'], ['more']])(
    'refuses %s',
    async (...bad) => {
      const result = await desk(['card', join(base.folder, 'cards'), '--receipt-key', RECEIPT_KEY, ...bad]);
      expect(result).toMatchObject({ exit: 2, stdout: '' });
      expect(result.stderr).toMatch(/^desk: .+\nhint: .+\n$/);
    },
  );

  test('that could not be signed leaves no file, so that the same command can be run again', async () => {
    const out = join(base.folder, 'again.note');
    const keys = join(base.folder, 'later');
    const command = ['card', keys, '--receipt-key', RECEIPT_KEY, '--out', out];
    expect((await deskJson(command)).json['error']).toMatchObject({ code: 'keys-missing' });
    await desk(['init', keys, '--organisation', 'A', '--classic']);
    expect(await desk(command)).toMatchObject({ exit: 0, stderr: '' });
  });

  test('says what is wrong with a key folder', async () => {
    const keys = join(base.folder, 'broken');
    await desk(['init', keys, '--organisation', 'A', '--classic']);
    await writeFile(join(keys, 'root.key'), 'postern-root-key short\n');
    expect((await deskJson(['root', keys])).json['error']).toMatchObject({ code: 'keys-damaged' });
    expect((await deskJson(['root', join(base.folder, 'nowhere')])).json['error']).toMatchObject({
      code: 'keys-missing',
    });
    await chmod(keys, 0o755);
    await writeFile(join(keys, '.lock'), '');
    const busy = await deskJson(['card', keys, '--receipt-key', RECEIPT_KEY]);
    expect(busy).toMatchObject({ exit: 3, json: { error: { code: 'keys-busy' } } });
  });

  test('a lock of a process that is no more stands in nobody’s way, one of a process that runs does', async () => {
    const keys = join(base.folder, 'locked');
    await desk(['init', keys, '--organisation', 'A', '--classic']);
    const code = async () => {
      const { exit, json } = await deskJson(['card', keys, '--receipt-key', RECEIPT_KEY]);
      return exit === 0 ? 'done' : (json['error'] as { code: string }).code;
    };
    await writeFile(join(keys, '.lock'), `${process.pid}\n`);
    expect(await code()).toBe('keys-busy');
    await writeFile(join(keys, '.lock'), '999999999\n');
    const together = await Promise.all([code(), code(), code()]);
    const done = together.filter((outcome) => outcome === 'done').length;
    expect(done).toBeGreaterThanOrEqual(1);
    expect(together.every((outcome) => outcome === 'done' || outcome === 'keys-busy')).toBe(true);
    expect((await deskJson(['card', keys, '--receipt-key', RECEIPT_KEY])).json['serial']).toBe(done + 1);
  });
});

test('no day of a card is without a recipient', () => {
  const identity = (from: string, until: string) => ({ from, until, recipient: `age1${from}`, identity: '' });
  const one = identity('2026-01-01', '2026-12-31');
  const two = identity('2027-01-01', '2027-12-31');
  expect(uncoveredPeriod([two, one], { from: '2026-05-01', until: '2027-05-01' })).toBeNull();
  expect(uncoveredPeriod([one], { from: '2026-05-01', until: '2027-05-01' })?.from).toBe('2027-01-01');
  expect(uncoveredPeriod([two], { from: '2026-05-01', until: '2027-05-01' })?.from).toBe('2026-05-01');
  expect(recipientsFor([one, two], { from: '2026-05-01', until: '2027-05-01' })).toStrictEqual([
    { from: '2026-05-01', until: '2026-12-31', recipient: 'age12026-01-01' },
    { from: '2027-01-01', until: '2027-05-01', recipient: 'age12027-01-01' },
  ]);
});

describe('key texts', () => {
  const good = [{ from: '2026-01-01', until: '2026-12-31', recipient: 'age1abc', identity: 'AGE-SECRET-KEY-1ABC' }];

  test('what is written parses, and only that', () => {
    const text = identitiesText(good);
    expect(parseIdentities(text)).toStrictEqual(good);
    for (const bad of [
      `${text} `,
      text.slice(1),
      text.slice(0, -1),
      `\n${text}`,
      text.replace('2026-01-01', '2026-02-30'),
    ])
      expect(() => parseIdentities(bad)).toThrow(Problem);
  });

  test('serials have no gap', () => {
    const line = (serial: string) => `${serial} 2026-01-01 ${RECEIPT_KEY} ${'0'.repeat(64)}\n`;
    expect(parseIssuedCards(line('1') + line('2'))).toHaveLength(2);
    for (const bad of [line('2'), line('1') + line('1'), line('01'), line('0')])
      expect(() => parseIssuedCards(bad)).toThrow(Problem);
  });

  test('seeds and organisation', () => {
    const seed = toBase64Url(new Uint8Array(32));
    expect(parseSeed('postern-root-key', `postern-root-key ${seed}\n`)).toStrictEqual(new Uint8Array(32));
    for (const bad of [`postern-reply-key ${seed}\n`, `postern-root-key ${seed}`, `postern-root-key ${seed}\n\n`])
      expect(() => parseSeed('postern-root-key', bad)).toThrow(Problem);
    expect(() => parseOrganisation('postern-keys 2\norganisation A\nkind hybrid\ndemo no\n')).toThrow(Problem);
  });
});

describe('desk, used wrongly', () => {
  test('says so with exit code 2, as text and as JSON', async () => {
    expect(await desk([])).toMatchObject({ exit: 2, stdout: '' });
    expect(await desk(['frobnicate\u001b[2J'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('frobnicate\\x1b[2J'),
    });
    expect((await deskJson(['root'])).json).toMatchObject({ command: 'root', exit: 2, error: { code: 'operands' } });
  });

  test('help stands for every command', async () => {
    const all = await desk(['help']);
    expect(all).toMatchObject({ exit: 0, stderr: '' });
    const names = [...all.stdout.matchAll(/^ {2}desk (\w+) /gm)]
      .map(([, name]) => name!)
      .filter((name) => name !== 'help');
    for (const name of names) expect((await desk(['help', name])).stdout).toContain(`desk ${name}`);
  });
});
