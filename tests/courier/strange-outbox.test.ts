/** `courier push` of an outbox that is not as the desk left it: each fault is one sentence, and the other replies still go. */
import { execFile } from 'node:child_process';
import { lstat, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startFakeStaff } from '../kit/fake-staff.ts';
import type { FakeStaff } from '../kit/fake-staff.ts';
import { drawSigners, makeReply } from '../kit/make-reply.ts';
import type { MadeReply } from '../kit/make-reply.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { courier } from './run-courier.ts';

const [signers, others] = [await drawSigners(), await drawSigners()];
let staff: FakeStaff;
let folder: TemporaryFolder;
let bundle: string;
let key: string;
let fine: MadeReply;
let bad: MadeReply;

beforeEach(async () => {
  staff = await startFakeStaff();
  staff.signers = signers;
  staff.card = signers.card;
  folder = await temporaryFolder();
  bundle = join(folder.path, 'bundle');
  key = join(folder.path, 'courier.key');
  const { out } = await courier(['enrol', key]);
  staff.couriers.add(out.split(' ')[0]!);
  fine = await makeReply(bundle, signers);
  bad = await makeReply(bundle, signers, { number: 2 });
});

afterEach(async () => {
  await staff.close();
  await folder[Symbol.asyncDispose]();
});

const push = () => courier(['push', bundle, '--server', staff.url.href, '--key', key, '--json']);

/** Pushes; `fine` must have gone, of `bad` nothing, and this is what is said of it. */
async function expectKeptBack(code: string, message: string): Promise<void> {
  const { exit, out, err } = await push();
  expect([exit, err]).toEqual([1, '']);
  const { replies } = JSON.parse(out) as { replies: readonly { reply: string }[] };
  expect(replies.find(({ reply }) => reply === bad.reply)).toMatchObject({
    state: 'kept-back',
    sent: 0,
    finding: { code, message },
  });
  expect(staff.replies.byId.get(fine.reply)?.receipt).toEqual(expect.any(String));
  expect(staff.replies.byId.has(bad.reply)).toBe(false);
}

describe('a reply', () => {
  test.each([
    ['without envelope', () => rm(join(bad.folder, 'envelope.json')), 'Half-copied: its envelope is not there.'],
    ['without a part', () => rm(bad.path(1)), 'Half-copied: 1 part is missing or cut short.'],
    ['with a part cut short', () => truncate(bad.path(2), 100), 'Half-copied: 1 part is missing or cut short.'],
  ])('%s is half-copied', async (_, spoil, message) => {
    await spoil();
    await expectKeptBack('half-copied', message);
  });

  test.each([
    ['one byte changed', (bytes: Buffer) => (bytes[4999]! ^= 1)],
    ['bytes added', null],
  ])('with %s in a part is altered', async (_, change) => {
    const bytes = await readFile(bad.path(1));
    change?.(bytes);
    await writeFile(bad.path(1), change === null ? Buffer.concat([bytes, bytes]) : bytes);
    await expectKeptBack('part-damaged', 'Part 1 is not as the desk signed it.');
  });

  test('whose parts changed places is altered', async () => {
    const bytes = await readFile(bad.path(0));
    await writeFile(bad.path(0), await readFile(bad.path(1)));
    await writeFile(bad.path(1), bytes);
    await expectKeptBack('part-damaged', 'Part 0 is not as the desk signed it.');
  });

  test.each([
    ['a link', (path: string) => symlink(fine.path(0), path)],
    ['a pipe', (path: string) => promisify(execFile)('mkfifo', [path])],
    ['a folder', (path: string) => mkdir(path)],
  ])('with %s in place of a part is not read', async (_, make) => {
    await rm(bad.path(0));
    await make(bad.path(0));
    await expectKeptBack('not-a-file', 'In place of part 0 there is a link, or something else that is no file.');
  });

  test.each([
    ['for another mailbox', () => ({ ...bad.envelope, mailbox: fine.envelope.mailbox }), 'statement-mismatch'],
    ['with the envelope of another', () => fine.envelope, 'statement-mismatch'],
    [
      'with a part of another',
      () => ({ ...bad.envelope, parts: [...bad.envelope.parts.slice(0, 2), fine.envelope.parts[2]!] }),
      'statement-mismatch',
    ],
    ['with a part left out', () => ({ ...bad.envelope, parts: bad.envelope.parts.slice(1) }), 'seal-differs'],
    ['with the seal of another', () => ({ ...bad.envelope, seal: fine.envelope.seal }), 'seal-differs'],
    ['without a seal', () => ({ ...bad.envelope, seal: null }), 'parts-missing'],
  ])('%s is kept back', async (_, forge, code) => {
    await bad.writeEnvelope(forge());
    await expectKeptBack(code, expect.any(String));
  });

  test('with an envelope that is no JSON is kept back', async () => {
    await writeFile(join(bad.folder, 'envelope.json'), '{');
    await expectKeptBack('envelope-invalid', 'The envelope of this parcel is not well formed.');
  });

  test('that another key signed is kept back', async () => {
    await rm(bad.folder, { recursive: true });
    bad = await makeReply(bundle, others);
    await expectKeptBack('signature-wrong', 'It is not signed by the reply key of this server’s card.');
  });
});

describe('an outbox', () => {
  test('of another organisation is known by the card beside it; nothing of it is sent', async () => {
    await rm(join(bundle, 'outbox'), { recursive: true });
    await makeReply(bundle, others);
    await writeFile(join(bundle, 'card.note'), others.card);
    const { exit, out } = await push();
    expect(exit).toBe(1);
    expect(JSON.parse(out).replies).toMatchObject([
      { finding: { code: 'other-organisation', message: 'The bundle is of another organisation than this server.' } },
    ]);
    expect(staff.requests.filter((line) => line.includes('/api/replies'))).toEqual([]);
  });

  test('with files and links that are no replies names them and leaves them alone', async () => {
    const outbox = join(bundle, 'outbox');
    await writeFile(join(outbox, 'notes\u001b[31m.txt'), 'x');
    await symlink(fine.folder, join(outbox, '0'.repeat(32)));
    await writeFile(join(fine.folder, '000003.age'), 'x');
    await writeFile(join(fine.folder, '._000000.age'), 'x');
    await writeFile(join(outbox, '.DS_Store'), 'x');
    const { exit, out } = await courier(['push', bundle, '--server', staff.url.href, '--key', key]);
    expect(exit).toBe(1);
    expect(out).toContain('outbox/notes\\u{1b}[31m.txt is no part of a reply; it was left alone.');
    expect(out).toContain(`outbox/${'0'.repeat(32)} is no part of a reply`);
    expect(out).toContain(`outbox/${fine.reply}/000003.age is no part of a reply`);
    expect(out.match(/no part of a reply/g)).toHaveLength(3);
    expect(out).toContain('2 replies in the bundle: 2 delivered now;');
    expect((await lstat(join(outbox, '0'.repeat(32)))).isSymbolicLink()).toBe(true);
  });

  test('with names that would steer a terminal or turn the line tells them as escapes, in JSON too', async () => {
    await writeFile(join(bundle, 'outbox', 'a\u202egpj\u009b.exe'), 'x');
    const { out } = await push();
    expect(out).not.toMatch(/[\u0080-\u009f\u202e]/);
    expect(JSON.parse(out)).toMatchObject({ foreign: ['a\u202egpj\u009b.exe'] });
  });

  test('that is a link is not looked into', async () => {
    const linked = join(folder.path, 'linked');
    await mkdir(linked);
    await symlink(join(bundle, 'outbox'), join(linked, 'outbox'));
    const { exit, err } = await courier(['push', linked, '--server', staff.url.href, '--key', key]);
    expect(exit).toBe(3);
    expect(err).toContain('is not a folder');
    expect(staff.replies.byId.size).toBe(0);
  });
});
