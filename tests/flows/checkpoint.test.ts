/** `courier checkpoint` over a real server and stock openssl: what is kept can be time-stamped and proved by anybody, and a second history is found. */
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { publishReceipts } from '../../server/jobs/publish-receipts.ts';
import { openReceiptLog } from '../../server/store/receipt-log.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { courier } from '../courier/run-courier.ts';
import type { CourierResult } from '../courier/run-courier.ts';
import { run } from '../kit/programs.ts';
import { random } from '../kit/random-bytes.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

let server: TestServer;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let key: string;
let bundle: string;
let staffUrl: string;
let day = 0;
let bundles = 0;
beforeAll(async () => {
  let ticks = 0;
  server = await startTestServer({ clock: () => (ticks += 6_000) });
  ({ staffUrl } = server);
  folder = await temporaryFolder();
  key = join(folder.path, 'courier.key');
  const { out } = await courier(['enrol', key, '--label', 'test']);
  await appendFile(join(server.database.data, 'couriers.txt'), out);
  await makeAuthority();
}, 60_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await openReceiptLog(server.database.database).forget();
  bundle = join(folder.path, `bundle-${++bundles}`);
  await courier(['pull', bundle, '--server', server.staffUrl, '--key', key]);
});

const openssl = async (...args: readonly string[]): Promise<string> => {
  const { code, out, err } = await run('openssl', args, { cwd: folder.path });
  if (code !== 0) throw new Error(`openssl ${args.join(' ')}: ${err}`);
  return out;
};

/** A time-stamping authority of the test's own. */
async function makeAuthority(): Promise<void> {
  const at = (name: string) => join(folder.path, name);
  await writeFile(at('ext'), 'extendedKeyUsage = critical,timeStamping\n');
  const settings = [
    'dir=.',
    '[tsa]',
    'default_tsa=one',
    '[one]',
    'serial=serial',
    'signer_cert=tsa.pem',
    'certs=ca.pem',
    'signer_key=tsa.key',
    'signer_digest=sha256',
    'default_policy=1.2.3.4.1',
    'digests=sha256',
  ];
  await writeFile(at('tsa.cnf'), `${settings.join('\n')}\n`);
  await openssl(...'req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=CA -days 30'.split(' '));
  await openssl(...'req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=TSA'.split(' '));
  await openssl(
    ...'x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 30 -extfile ext'.split(' '),
  );
}

const publish = (change: object = {}): Promise<boolean> => {
  const { database, organisation } = server;
  const today = new Date(Date.UTC(2027, 0, ++day)).toISOString().slice(0, 10);
  return publishReceipts(
    { database: database.database, key: organisation.receipt, random, tilesPerDay: 1, ...change },
    today,
  );
};
const checkpoint = (...more: readonly string[]): Promise<CourierResult> =>
  courier(['checkpoint', bundle, '--server', staffUrl, '--key', key, ...more]);
const kept = async (): Promise<string[]> =>
  (await readdir(join(bundle, 'checkpoints')).catch((): string[] => [])).toSorted();
const pathOf = (name: string) => join(bundle, 'checkpoints', name);
const answer = (file: string): Promise<CourierResult> => courier(['checkpoint', bundle, '--answer', file]);

test('before the log begins, and without a card, it says so', async () => {
  expect(await checkpoint()).toMatchObject({ exit: 3, out: '' });
  expect((await checkpoint()).err).toContain('no log of receipts yet');
  await publish();
  const stranger = await ed25519FromSeed(random(32));
  expect((await checkpoint('--root', toBase64Url(stranger.publicKey))).err).toContain('not signed by that root key');
  expect((await checkpoint('--root', toBase64Url(server.organisation.root.publicKey))).exit).toBe(0);
});

test('a root key that begins with a dash is a key and no option', async () => {
  const told = await checkpoint('--root', `-${'A'.repeat(42)}`);
  expect(told.err).toContain('not signed by that root key');
});

test('it keeps each checkpoint once, and the next only when the last is its beginning', async () => {
  await publish();
  const first = await checkpoint();
  expect(first).toMatchObject({ exit: 0, err: '' });
  expect(first.out).toContain('256 leaves, the first in this bundle.');
  const printed = /^ {2}openssl (ts -query -in (\S+) -text)$/m.exec(first.out)!;
  expect(printed[2]!.startsWith(`${bundle}/checkpoints/`)).toBe(true);
  expect(await openssl(...printed[1]!.split(' '))).toContain('Hash Algorithm: sha256');
  const again = await checkpoint();
  expect(again.out).toContain('256 leaves, as before.');
  expect(await kept()).toHaveLength(2);
  await publish({ tilesPerDay: 300 });
  const grown = await checkpoint();
  expect(grown.exit).toBe(0);
  expect(grown.out).toContain(`${256 * 301} leaves, grown from 256.`);
  expect((await kept()).filter((name) => name.endsWith('.note'))).toHaveLength(2);
});

test('stock openssl reads the signature and the request, a test authority answers, and its stamp verifies', async () => {
  await publish();
  await checkpoint();
  const [note, request] = (await kept()) as [string, string];
  // The signature, by hand: key id and 64 bytes after the last space of the note.
  const text = await readFile(pathOf(note), 'utf8');
  const cut = text.indexOf('\n\n') + 1;
  await writeFile(join(folder.path, 'signed'), text.slice(0, cut));
  await writeFile(join(folder.path, 'signature'), Buffer.from(text.trim().split(' ').at(-1)!, 'base64').subarray(4));
  const prefix = Buffer.from('302a300506032b6570032100', 'hex');
  await writeFile(join(folder.path, 'key.der'), Buffer.concat([prefix, server.organisation.receipt.publicKey]));
  const verify = 'pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed -sigfile signature';
  expect(await openssl(...verify.split(' '))).toContain('Verified Successfully');

  expect(await openssl('ts', '-query', '-in', pathOf(request), '-text')).toMatch(
    /Version: 1\nHash Algorithm: sha256[\s\S]*Nonce: 0x[\s\S]*Certificate required: yes/,
  );
  const reply = (name: string, out: string) =>
    openssl('ts', '-reply', '-queryfile', name, '-config', 'tsa.cnf', '-out', out);
  await reply(pathOf(request), 'answer.tsr');
  const stored = await answer(join(folder.path, 'answer.tsr'));
  expect(stored).toMatchObject({ exit: 0, err: '' });
  expect(stored.out).toMatch(/was there on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  const stamp = note.replace('.note', '.tsr');
  expect(await kept()).toContain(stamp);
  const check = ['ts', '-verify', '-data', pathOf(note), '-in', pathOf(stamp), '-CAfile', 'ca.pem'];
  expect(await openssl(...check)).toContain('Verification: OK');
});

test('an answer that is none, refuses, or is about something else is not kept', async () => {
  await publish();
  await checkpoint();
  const [note, request] = (await kept()) as [string, string];
  const at = (name: string) => join(folder.path, name);
  await writeFile(at('none.tsr'), random(500));
  expect((await answer(at('none.tsr'))).out).toContain('no answer of a time-stamping authority');
  // Version 2 is one that no authority knows.
  const wrong = Buffer.from(await readFile(pathOf(request)));
  wrong[wrong.indexOf(Buffer.of(2, 1, 1)) + 2] = 2;
  await writeFile(at('wrong.tsq'), wrong);
  await openssl('ts', '-reply', '-queryfile', 'wrong.tsq', '-config', 'tsa.cnf', '-out', 'wrong.tsr').catch(() => '');
  expect((await answer(at('wrong.tsr'))).out).toContain('did not grant');
  await openssl('ts', '-query', '-data', 'tsa.cnf', '-sha256', '-out', 'else.tsq');
  await openssl('ts', '-reply', '-queryfile', 'else.tsq', '-config', 'tsa.cnf', '-out', 'else.tsr');
  expect((await answer(at('else.tsr'))).out).toContain('none of the checkpoints');
  await openssl('ts', '-query', '-data', pathOf(note), '-sha256', '-out', 'own.tsq');
  await openssl('ts', '-reply', '-queryfile', 'own.tsq', '-config', 'tsa.cnf', '-out', 'own.tsr');
  expect(await answer(at('own.tsr'))).toMatchObject({ exit: 1 });
  expect((await answer(at('own.tsr'))).out).toContain('number of the request');
  expect(await kept()).toEqual([note, request]);
});

test('a second history, a shorter log, another log and a foreign signature are told apart, and both sides are kept', async () => {
  const { database } = server.database;
  await publish();
  await publish();
  await checkpoint();
  const before = await kept();
  // The first tile is exchanged, and all is signed anew.
  const { start } = (await openReceiptLog(database).head())!;
  await openReceiptLog(database).forget();
  await publish({ random: (length: number) => (length === 16 ? start : random(length)) });
  // A process that has seen the first history would not show the second one.
  ({ staffUrl } = await server.again());
  const shorter = await checkpoint();
  expect(shorter.exit).toBe(1);
  expect(shorter.out).toContain('The log was longer before');
  await publish();
  const fork = await checkpoint();
  expect(fork.exit).toBe(1);
  expect(fork.out).toContain('TWO HISTORIES');
  await publish();
  expect((await checkpoint()).out).toContain('TWO HISTORIES');
  const after = await kept();
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after.filter((name) => /^fork-.*\.note$/.test(name))).toHaveLength(2);

  await openReceiptLog(database).forget();
  await publish();
  const other = await checkpoint();
  expect([other.exit, (await checkpoint()).exit]).toEqual([1, 0]);
  expect(other.out).toContain('another log than the one known');
  await openReceiptLog(database).forget();
  await publish({ key: await ed25519FromSeed(random(32)) });
  const foreign = await checkpoint('--json');
  expect([foreign.exit, JSON.parse(foreign.out)]).toMatchObject([1, { finding: 'signature', log: null, files: [] }]);
});
