/** couriers.txt by the operator's program: what it takes and refuses, what it leaves as it was, and that a running server heeds it at once. */
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed, isEd25519Point, verifyEd25519 } from '../../shared/crypto/ed25519.ts';
import { STATUS_ROUTE } from '../../shared/protocol/routes.ts';
import { parseCouriers } from '../../server/store/courier-list.ts';
import { admin } from '../kit/admin.ts';
import { random } from '../kit/random-bytes.ts';
import { signInAt } from '../kit/reply-sender.ts';
import type { Session } from '../kit/reply-sender.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { startTestServer } from '../kit/test-server.ts';

let folder: TemporaryFolder;
let data: string;
let file: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());
beforeEach(async () => {
  data = join(folder.path, toBase64Url(random(6)).replaceAll('-', '_'));
  await mkdir(data);
  file = join(data, 'couriers.txt');
});

const newKey = async (): Promise<string> => toBase64Url((await ed25519FromSeed(random(32))).publicKey);
const courier = (...args: string[]) => admin(data, ['courier', ...args]);

test('a courier is added, listed and removed, by key or by label; remarks and all other lines stay as they are', async () => {
  const [one, two] = [await newKey(), await newKey()];
  const before = `# ours\n\n  ${one} Ada of the night desk\n`;
  await writeFile(file, before);
  await chmod(file, 0o640);
  expect(await courier('add', two, 'Bo')).toMatchObject({ code: 0, out: '“Bo” may collect from now on.\n' });
  expect(await readFile(file, 'utf8')).toBe(`${before}${two} Bo\n`);
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  expect((await courier('list')).out).toBe(`${one}  Ada of the night desk\n${two}  Bo\n`);
  expect(await courier('remove', 'Ada of the night desk')).toMatchObject({ code: 0 });
  expect(await readFile(file, 'utf8')).toBe(`# ours\n\n${two} Bo\n`);
  expect(await courier('remove', two)).toMatchObject({ code: 0 });
  expect(await courier('list')).toMatchObject({ code: 0, out: 'No courier is enrolled: nobody can collect.\n' });
  expect(await readdir(data)).toEqual(['couriers.txt']);
});

test('the line that the courier prints is taken as it is, also as several words, and twice does no harm', async () => {
  const key = await newKey();
  expect(await courier('add', `${key} night desk`)).toMatchObject({ code: 0 });
  expect(await courier('add', key, 'night', 'desk', '--json')).toMatchObject({
    code: 0,
    out: `${JSON.stringify({ key, label: 'night desk', added: false })}\n`,
  });
  expect(await readFile(file, 'utf8')).toBe(`${key} night desk\n`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a key may begin with a dash', async () => {
  let key: string;
  do key = await newKey();
  while (!key.startsWith('-'));
  expect(await courier('add', key, 'Ada')).toMatchObject({ code: 0 });
  expect(await courier('remove', key)).toMatchObject({ code: 0 });
  expect(await courier('list', '--all')).toMatchObject({ code: 2 });
});

test('a key that nobody can sign with, a half one, a label that is none, and what would be ambiguous are refused in words', async () => {
  const [key, other] = [await newKey(), await newKey()];
  const noPoint = toBase64Url(Uint8Array.of(2, ...new Uint8Array(31)));
  const smallOrder = toBase64Url(new Uint8Array(32));
  for (const [args, says] of [
    [[noPoint, 'Ada'], 'No courier can have made this key'],
    [[smallOrder, 'Ada'], 'No courier can have made this key'],
    [[key.slice(1), 'Ada'], '43 letters'],
    [[key], 'A label stands after the key'],
    [[key, 'Ada\u001b[2J'], 'A label stands after the key'],
  ] as const) {
    const { code, out, err } = await courier('add', ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(says);
  }
  await courier('add', key, 'Ada');
  expect(await courier('add', key, 'Bo')).toMatchObject({
    code: 3,
    err: expect.stringContaining('enrolled already, as “Ada”'),
  });
  expect(await courier('add', other, 'Ada')).toMatchObject({ code: 3, err: expect.stringContaining('Another key') });
  await writeFile(file, `${key} Ada\n${other} Ada\nnobody\n`);
  expect(await courier('remove', 'Ada')).toMatchObject({ code: 3, err: expect.stringContaining('Several') });
  expect(await courier('remove', 'Bo')).toMatchObject({ code: 3, err: expect.stringContaining('No courier') });
  expect(await courier('list')).toMatchObject({ code: 1, out: expect.stringContaining('1 line of couriers.txt') });
  expect(await readFile(file, 'utf8')).toBe(`${key} Ada\n${other} Ada\nnobody\n`);
});

test('of random bytes those are taken that are points of the curve, which is half of them, and every key that was made', async () => {
  const taken = Array.from({ length: 200 }, () => random(32)).filter(isEd25519Point);
  expect(taken.length).toBeGreaterThan(60);
  expect(taken.length).toBeLessThan(140);
  for (let i = 0; i < 20; i++) {
    const key = await ed25519FromSeed(random(32));
    expect(isEd25519Point(key.publicKey)).toBe(true);
    expect(await verifyEd25519(key.publicKey, random(1), await key.sign(random(1)))).toBe(false);
  }
});

test('a link stays a link, and the file behind it is edited', async () => {
  const key = await newKey();
  const elsewhere = join(data, 'elsewhere.txt');
  await writeFile(elsewhere, '# ours\n');
  await symlink(elsewhere, file);
  expect(await courier('add', key, 'Ada')).toMatchObject({ code: 0 });
  expect(await readFile(elsewhere, 'utf8')).toBe(`# ours\n${key} Ada\n`);
});

test('a running server lets an added courier in at once, and ends the session of a removed one', async () => {
  await using server = await startTestServer();
  ({ data } = server.database);
  const key = await ed25519FromSeed(random(32));
  const status = async (session: Session): Promise<number> =>
    (await fetch(server.staffUrl + STATUS_ROUTE, { headers: session })).status;
  expect(await status(await signInAt(server.staffUrl, key))).toBe(401);
  await courier('add', toBase64Url(key.publicKey), 'Ada');
  const session = await signInAt(server.staffUrl, key);
  expect(await status(session)).toBe(200);
  await courier('remove', 'Ada');
  expect(await status(session)).toBe(401);
});

test('lines that end as on Windows name their couriers as well', async () => {
  const [one, two] = [await newKey(), await newKey()];
  await writeFile(file, `# ours\r\n${one} Ada\r\n${two}\r\n`);
  expect(await courier('list')).toMatchObject({ code: 0, out: `${one}  Ada\n${two}  \n` });
  expect(parseCouriers(await readFile(file, 'utf8'))).toEqual(new Set([one, two]));
  expect(await courier('remove', 'Ada')).toMatchObject({ code: 0 });
  expect(await readFile(file, 'utf8')).toBe(`# ours\r\n${two}\r\n`);
});

test('a label that somebody wrote to steer the terminal is written out', async () => {
  const key = await newKey();
  await writeFile(file, `${key} \u001b[2J\u009b31mAda\u202e\n`);
  const steered = '\\u001b[2J\\u009b31mAda\\u202e';
  expect((await courier('list')).out).toBe(`${key}  ${steered}\n`);
  expect((await courier('add', key, 'Bo')).err).toContain(`enrolled already, as “${steered}”`);
  expect((await courier('remove', key)).out).toContain(`“${steered}” may collect no more`);
});
