/** Keys under a passphrase: no secret lies open, stock age takes the identity file, and a wrong passphrase changes nothing. */
import { execFile } from 'node:child_process';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Decrypter } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { destroyFile } from '../../desk/durable.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import { desk, deskJson, scratch } from './desk.ts';

const run = promisify(execFile);
const PASSPHRASE = 'four quiet Öwls at noon';
const RECEIPT_KEY = toBase64Url(new Uint8Array(32).fill(7));

let base: Awaited<ReturnType<typeof scratch>>;
let keys: string;
let right: string;
let open: Readonly<Record<string, string>>;
beforeAll(async () => {
  base = await scratch();
  keys = (await makeDrop(base.folder)).keys;
  right = join(base.folder, 'right');
  await writeFile(right, `${PASSPHRASE}\nanother line\n`);
  open = await answers([]);
  expect((await desk(['passphrase', keys], undefined, `${PASSPHRASE}\n${PASSPHRASE}\n`)).exit).toBe(0);
});
afterAll(() => base.remove());

/** What the keys say to those who may open them. */
async function answers(more: readonly string[]): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const command of ['root', 'identities']) all[command] = (await desk([command, keys, ...more])).stdout;
  return all;
}

async function contents(): Promise<Map<string, string>> {
  const names = (await readdir(keys)).toSorted();
  return new Map(await Promise.all(names.map(async (n) => [n, await readFile(join(keys, n), 'latin1')] as const)));
}

test('no secret lies open in the folder, and all are there for who has the passphrase', async () => {
  const files = await contents();
  expect([...files.keys()]).toStrictEqual(['cards.txt', 'identities.age', 'organisation.txt', 'secrets.age']);
  expect([...files.values()].join('')).not.toMatch(/AGE-SECRET-KEY|postern-root-key|postern-reply-key/);
  for (const name of files.keys()) expect((await stat(join(keys, name))).mode & 0o777).toBe(0o600);
  expect(await answers(['--passphrase-file', right])).toStrictEqual(open);
  const asked = await desk(['root', keys], undefined, `${PASSPHRASE}\n`);
  expect(asked.stdout).toBe(open['root']);
  expect(asked.warnings).toStrictEqual([`Passphrase of ${keys}: `]);
});

test('age-encryption and age itself read the identity file as one under a passphrase', async () => {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(PASSPHRASE);
  const text = await decrypter.decrypt(new Uint8Array(await readFile(join(keys, 'identities.age'))), 'text');
  expect(text.endsWith(open['identities']!)).toBe(true);
  // age asks at a terminal: script makes one. What it decrypts with the identity file is a file to the identity in it.
  const recipient = /# public key: (age1\S+)\n(?=AGE-SECRET[^\n]*\n$)/.exec(open['identities']!)![1]!;
  const [plain, secret, out] = ['plain', 'secret.age', 'out'].map((name) => join(base.folder, name));
  await writeFile(plain!, 'watched');
  await run('age', ['-r', recipient, '-o', secret!, plain!]);
  const typed = `sleep 1; printf '%s\\n' '${PASSPHRASE}'; sleep 3`;
  const command = `age -d -i ${join(keys, 'identities.age')} -o ${out!} ${secret!}`;
  await run('bash', ['-c', `(${typed}) | script -qec '${command}' /dev/null`]);
  expect(await readFile(out!, 'utf8')).toBe('watched');
});

test('a wrong passphrase, and none, are said in a sentence with a hint, and nothing changes', async () => {
  const before = await contents();
  const wrong = join(base.folder, 'wrong');
  await writeFile(wrong, 'four quiet owls at noon');
  for (const command of [
    ['root', keys],
    ['card', keys, '--receipt-key', RECEIPT_KEY],
    ['passphrase', keys],
  ]) {
    const refused = await desk([...command, '--passphrase-file', wrong]);
    expect(refused).toMatchObject({ exit: 3, stdout: '' });
    expect(refused.stderr).toMatch(/^desk: this is not the passphrase of .+\nhint: nothing was changed\. .+\n$/);
    expect(refused.stderr).not.toContain('owls');
  }
  expect((await deskJson(['root', keys])).json['error']).toMatchObject({ code: 'passphrase-needed' });
  expect((await deskJson(['root', keys, '--passphrase-file', keys])).json['error']).toMatchObject({
    code: 'passphrase-file',
  });
  expect(await contents()).toStrictEqual(before);
});

test('it is changed only when it was typed twice alike, and can be taken away again', async () => {
  const before = await contents();
  const typo = await desk(['passphrase', keys, '--passphrase-file', right], undefined, 'one\ntwo\n');
  expect(typo.exit).toBe(3);
  expect(typo.warnings.join('\n')).toContain('not the same');
  expect(await contents()).toStrictEqual(before);
  const none = await desk(['passphrase', keys, '--passphrase-file', right], undefined, '\n');
  expect(none).toMatchObject({ exit: 0, stdout: expect.stringContaining('whoever has the folder has everything') });
  expect([...(await contents()).keys()]).toStrictEqual([
    'cards.txt',
    'identities.txt',
    'organisation.txt',
    'reply.key',
    'root.key',
  ]);
  expect(await answers([])).toStrictEqual(open);
});

test('a damaged file of secrets is damage, not a wrong passphrase', async () => {
  await desk(['passphrase', keys, '--new-passphrase-file', right]);
  await writeFile(join(keys, 'secrets.age'), 'age-encryption.org/v1\n');
  const { json } = await deskJson(['root', keys, '--passphrase-file', right]);
  expect(json['error']).toMatchObject({ code: 'keys-damaged', sentence: expect.stringContaining('secrets.age') });
});

test('a destroyed file is overwritten before its name goes', async () => {
  const path = join(base.folder, 'secret');
  await writeFile(path, 'AGE-SECRET-KEY-1');
  const kept = join(base.folder, 'another name of it');
  await run('ln', [path, kept]);
  await destroyFile(path);
  expect(await readFile(kept, 'utf8')).toBe('\0'.repeat(16));
  await destroyFile(path);
});
