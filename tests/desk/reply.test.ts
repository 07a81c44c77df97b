/** `desk reply`: what it writes only the source opens, all of it is proved, and it goes to nobody whose mailbox is not. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decryptFile } from '../../shared/age/file.ts';
import { nodeCipher } from '../../desk/node-cipher.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { MAX_MESSAGE_BYTES } from '../../shared/protocol/limits.ts';
import { parseEnvelope } from '../../shared/protocol/envelope.ts';
import { openCard } from '../../shared/statements/card.ts';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { openPartStatement } from '../../shared/statements/part-statement.ts';
import { openReplyOpening } from '../../shared/statements/reply-opening.ts';
import { openSeal } from '../../shared/statements/seal.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { readBack } from '../kit/parcel-stream.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { DAY, desk, deskJson, scratch } from './desk.ts';
import { makeSource, openWithStockTools, send } from './source.ts';
import type { Source } from './source.ts';

const MIB = 1_048_576;

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
let source: Source;
let question: MadeParcel;
beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder, 'hybrid');
  source = await makeSource();
  question = await send(drop, source);
});
afterAll(() => base.remove());

let files = 0;

/** A file of the test's own. */
async function fileOf(content: string | Uint8Array, name = `text-${++files}.txt`): Promise<string> {
  const folder = join(base.folder, `file-${++files}`);
  await mkdir(folder);
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

interface Written {
  readonly reply: string;
  readonly number: number;
  readonly folder: string;
  readonly parts: number;
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
}

async function reply(
  message: string | Uint8Array,
  attachments: readonly string[] = [],
  to = question.parcel,
  day = DAY,
): Promise<Written> {
  const { exit, json } = await deskJson(
    [...replyTo(to), '--message', await fileOf(message), ...attachments.flatMap((file) => ['--attach', file])],
    day,
  );
  expect(json).not.toHaveProperty('error');
  expect(exit).toBe(0);
  return json as unknown as Written;
}

function replyTo(parcel: string): string[] {
  return ['reply', drop.bundle, '--keys', drop.keys, '--to', parcel];
}

/** The error of a reply that must not be written, and proof that nothing was. */
async function refusal(args: readonly string[], bundle = drop.bundle): Promise<unknown> {
  const before = await contentOf(bundle);
  const { exit, json } = await deskJson(args);
  expect(await contentOf(bundle)).toStrictEqual(before);
  return { exit, ...(json['error'] as object) };
}

async function contentOf(bundle: string): Promise<readonly string[]> {
  const names = await readdir(bundle, { recursive: true });
  return names.toSorted();
}

/** What the source's own code would read. */
async function readReply({ folder, reply: parcel }: Written) {
  const parts = (await readdir(folder)).filter((name) => name.endsWith('.age')).toSorted();
  const plain: Uint8Array[] = [];
  for (const part of parts)
    plain.push(
      (await decryptFile({
        file: await readFile(join(folder, part)),
        identities: [source.replyIdentity],
        provider: nodeCipher,
      }))!,
    );
  const card = await readCard();
  const sender = Buffer.from(card.replyKey).toString('base64url');
  return readBack(new Uint8Array(Buffer.concat(plain)), undefined, { parcel, sender });
}

async function readCard() {
  const root = (await deskJson(['root', drop.keys])).json['root'] as string;
  return openCard(await readFile(join(drop.bundle, 'card.note'), 'utf8'), fromBase64Url(root, 32));
}

describe('a reply', () => {
  test('opens with stock age-encryption and tar, with names, bytes and nothing more precise than a day', async () => {
    const video = await fileOf(patternBytes(2_500_000, 1), 'запись 1.mp4');
    const empty = await fileOf('', 'empty.txt');
    await utimes(video, 1_600_000_000, 1_600_000_123);
    const { folder, files: sent } = await reply('Спасибо. Where was it filmed?\n', [video, empty]);
    expect(sent.map(({ path }) => path)).toStrictEqual(['запись 1.mp4', 'empty.txt']);
    const bag = await openWithStockTools(folder, source.replyIdentity);
    expect(await readFile(join(bag, 'data/message.txt'), 'utf8')).toBe('Спасибо. Where was it filmed?\n');
    expect(Buffer.compare(await readFile(join(bag, 'data/files/запись 1.mp4')), await readFile(video))).toBe(0);
    expect(sent[0]!.sha256).toBe(
      createHash('sha256')
        .update(await readFile(video))
        .digest('hex'),
    );
    for (const path of ['data/message.txt', 'data/files/запись 1.mp4', 'data/files/empty.txt', 'bagit.txt'])
      expect((await stat(join(bag, path))).mtime.toISOString()).toBe(`${DAY}T00:00:00.000Z`);
    const info = await readFile(join(bag, 'bag-info.txt'), 'utf8');
    expect(info).not.toContain('Reply-Recipient');
    await rm(join(bag, '..'), { recursive: true });
  });

  test('is signed by the reply key of the card, in every statement, for this mailbox', async () => {
    const { folder, reply: parcel, number, parts } = await reply('One line.', [await fileOf(patternBytes(MIB, 2))]);
    const { replyKey, serial } = await readCard();
    const envelope = parseEnvelope(await readFile(join(folder, 'envelope.json'), 'utf8'));
    expect(envelope).toMatchObject({ parcel, mailbox: source.key, receipt: null });
    const opening = await openReplyOpening(envelope.opening, replyKey);
    expect(opening).toMatchObject({ parcel, number, day: DAY, card: serial, partSize: MIB });
    expect(Buffer.from(opening.mailbox)).toStrictEqual(Buffer.from(source.mailbox.publicKey));
    const hashes: Uint8Array[] = [];
    for (const [part, note] of envelope.parts.entries()) {
      const file = await readFile(join(folder, `${String(part).padStart(6, '0')}.age`));
      const sha256 = createHash('sha256').update(file).digest('hex');
      expect(await openPartStatement(note, replyKey, 'reply')).toStrictEqual({
        parcel,
        part,
        size: file.length,
        sha256,
      });
      hashes.push(fromHex(sha256, 32));
    }
    const root = toHex(await merkleRoot(hashes));
    expect(await openSeal(envelope.seal!, replyKey, 'reply')).toStrictEqual({ parcel, partSize: MIB, parts, root });
    const { report } = await readReply({ folder, reply: parcel } as Written);
    expect(report).toMatchObject({ valid: true, info: { replyRecipient: null, day: DAY } });
  });

  test('opens with no other key than that of its source, the newsroom included', async () => {
    const { folder } = await reply('For you alone.');
    const file = await readFile(join(folder, '000000.age'));
    const own = (await desk(['identities', drop.keys])).stdout.split('\n').filter((line) => line.startsWith('AGE-'));
    const identities = [...own, (await makeSource()).replyIdentity];
    expect(await decryptFile({ file, identities, provider: nodeCipher })).toBeNull();
  });

  test.each([
    ['100 kB of it', '«Ведомости» 日本語 🎥\r\n'.repeat(2_700)],
    ['right-to-left, with marks and an override', 'سلام دنیا \u200fשלום\u202e!\u2069\nنیم‌فاصله'],
    ['a byte order mark, NUL and no line end', '\ufeffa\0b'],
    ['as much as there may be', 'x'.repeat(MAX_MESSAGE_BYTES)],
  ])('text comes back identical: %s', async (_, text) => {
    const { files: read, report } = await readReply(await reply(text));
    const message = read.find(({ place }) => place === 'message')!;
    expect(Buffer.from(message.content).equals(Buffer.from(text))).toBe(true);
    expect(report.valid).toBe(true);
  });

  test('takes its text from a pipe', async () => {
    const { exit } = await desk([...replyTo(question.parcel), '--message', '-'], DAY, 'Piped.\n');
    expect(exit).toBe(0);
    const { json } = await deskJson(['conversation', drop.bundle, '--keys', drop.keys, '--to', question.parcel]);
    expect((json['entries'] as object[]).at(-1)).toMatchObject({ kind: 'reply', message: 'Piped.\n' });
  });

  test('names attachments by their own names alone, made distinct and safe', async () => {
    const list = [
      await fileOf('a', 'photo.jpg'),
      await fileOf('b', 'photo.jpg'),
      await fileOf('c', '~home'),
      await fileOf('d', 'line\nbreak'),
    ];
    const written = await reply('Four.', list);
    const names = ['photo.jpg', 'photo (2).jpg', '_~home', 'line\nbreak'];
    expect(written.files.map(({ path }) => path)).toStrictEqual(names);
    const { files: read } = await readReply(written);
    const found = read.filter(({ place }) => place === 'file');
    expect(found.map(({ path, content }) => [path, Buffer.from(content).toString()])).toStrictEqual(
      names.map((name, i) => [`data/files/${name}`, 'abcd'[i]]),
    );
  });

  test('text of the answer is safe for a terminal', async () => {
    const attached = await fileOf('x', 'a\u001b[2Jb.txt');
    const { stdout } = await desk([...replyTo(question.parcel), '--message', await fileOf('x'), '--attach', attached]);
    expect(stdout).toContain('a\\x1b[2Jb.txt');
    expect(stdout).toContain(`courier push ${drop.bundle}`);
  });
});

describe('numbers', () => {
  test('count up for each mailbox by itself, also when the text of earlier ones can no longer be opened', async () => {
    const other = await makeSource();
    const { parcel } = await send(drop, other);
    const keys = join(base.folder, 'keys-numbers');
    await cp(drop.keys, keys, { recursive: true });
    const numberOf = async (day: string) => {
      const message = await fileOf('n');
      const args = ['reply', drop.bundle, '--keys', keys, '--to', parcel, '--message', message];
      return (await deskJson(args, day)).json['number'];
    };
    expect(await numberOf(DAY)).toBe(1);
    expect(await numberOf(DAY)).toBe(2);
    await rm(join(drop.bundle, 'outbox'), { recursive: true });
    const sent = join(keys, 'sent');
    for (const name of await readdir(sent, { recursive: true }))
      if (name.endsWith('000002.age')) await writeFile(join(sent, name), 'damaged');
    expect(await numberOf(DAY)).toBe(3);
  });

  test('are not given twice by a desk with a copy of the keys, when the bundle holds the earlier reply', async () => {
    const other = await makeSource();
    const { parcel } = await send(drop, other);
    const copy = join(base.folder, 'keys-copy');
    await cp(drop.keys, copy, { recursive: true });
    await reply('From here.', [], parcel);
    const args = ['reply', drop.bundle, '--keys', copy, '--to', parcel, '--message', await fileOf('From there.')];
    expect((await deskJson(args)).json['number']).toBe(2);
    const { stdout } = await desk(['conversation', drop.bundle, '--keys', drop.keys, '--to', parcel]);
    expect(stdout).toMatch(/your reply 1[^]*From here\.[^]*your reply 2[^]*cannot be read with these keys/);
  });

  test('two runs at once: one waits its turn or is told, and no number is given twice', async () => {
    const other = await makeSource();
    const { parcel } = await send(drop, other);
    const message = await fileOf('x');
    const runs = await Promise.all(
      Array.from({ length: 6 }, () => deskJson([...replyTo(parcel), '--message', message])),
    );
    const written = runs.filter(({ exit }) => exit === 0).map(({ json }) => json['number'] as number);
    expect(new Set(written).size).toBe(written.length);
    expect(written.length).toBeGreaterThanOrEqual(1);
    for (const { exit, json } of runs) if (exit !== 0) expect(json['error']).toMatchObject({ code: 'keys-busy' });
    expect((await deskJson([...replyTo(parcel), '--message', message])).json['number']).toBe(written.length + 1);
  });
});

describe('nobody is answered whose mailbox is not proved', () => {
  const args = async (parcel: string) => [...replyTo(parcel), '--message', await fileOf('x')];

  test('when an envelope is signed by another key than the bag names', async () => {
    const { parcel } = await send(drop, await makeSource(), { claims: { sender: source.key } });
    expect(await refusal(await args(parcel))).toMatchObject({ exit: 3, code: 'answer-sender' });
  });

  test('when the first part is not as signed, cut, or not here', async () => {
    for (const harm of [
      (path: string) => flip(path, 3_000),
      (path: string) => truncate(path, 2_000),
      (path: string) => rm(path),
    ]) {
      const made = await send(drop, source);
      await harm(made.path(0));
      expect(await refusal(await args(made.parcel))).toMatchObject({ exit: 3, code: 'answer-beginning' });
      await rm(made.folder, { recursive: true });
    }
    const begun = await send(drop, source, { files: [{ path: 'a', content: patternBytes(3 * MIB, 3) }], only: [1] });
    expect(await refusal(await args(begun.parcel))).toMatchObject({ exit: 3, code: 'answer-beginning' });
  });

  test('when the first part was put in place of it by somebody who can encrypt to the newsroom, as all can', async () => {
    const real = await send(drop, source);
    const forged = await send(drop, await makeSource(), { parcel: 'c'.repeat(32), message: 'Meet me there.' });
    await copyFile(forged.path(0), real.path(0));
    expect(await refusal(await args(real.parcel))).toMatchObject({ exit: 3, code: 'answer-beginning' });
    const { json } = await deskJson(['list', drop.bundle, '--keys', drop.keys, '--parcel', real.parcel]);
    expect(json['parcels']).toMatchObject([{ state: 'damaged', proved: false, message: null }]);
    await rm(real.folder, { recursive: true });
  });

  test('when the opening is not signed by the key that it names', async () => {
    const made = await send(drop, source);
    const envelope = await made.envelope();
    await made.writeEnvelope({ ...envelope, opening: (await question.envelope()).opening });
    expect(await refusal(await args(made.parcel))).toMatchObject({ exit: 3, code: 'answer-unsigned' });
    await rm(made.folder, { recursive: true });
  });

  test('when the bag names no recipient, or one that is none', async () => {
    for (const replyRecipient of [null, 'age1pq1test']) {
      const { parcel } = await send(drop, source, { claims: { replyRecipient } });
      expect(await refusal(await args(parcel))).toMatchObject({ exit: 3, code: 'answer-recipient' });
    }
  });

  test('when it is encrypted to others', async () => {
    const stranger = await makeSource();
    const { parcel } = await send(drop, source, { recipients: [stranger.replyRecipient] });
    expect(await refusal(await args(parcel))).toMatchObject({ exit: 3, code: 'answer-not-for-us' });
  });

  test('an unfinished submission whose beginning is here is answered', async () => {
    const content = patternBytes(3 * MIB, 3);
    const { parcel } = await send(drop, source, { files: [{ path: 'a', content }], only: [0] });
    expect((await desk(await args(parcel))).exit).toBe(0);
  });
});

describe('refused in words', () => {
  test('a bundle of another organisation, one without a card, and one whose card names another reply key', async () => {
    const other = await scratch();
    const theirs = await makeDrop(other.folder, 'hybrid');
    const { parcel } = await send(theirs, source, { recipients: drop.recipients });
    const message = await fileOf('x');
    const args = ['reply', theirs.bundle, '--keys', drop.keys, '--to', parcel, '--message', message];
    expect(await refusal(args, theirs.bundle)).toMatchObject({ exit: 3, code: 'bundle-of-others' });
    await rm(join(theirs.bundle, 'card.note'));
    expect(await refusal(args, theirs.bundle)).toMatchObject({ exit: 3, code: 'bundle-without-card' });
    const keys = join(other.folder, 'changed');
    await cp(drop.keys, keys, { recursive: true });
    await writeFile(join(keys, 'reply.key'), `postern-reply-key ${randomBytes(32).toString('base64url')}\n`);
    const changed = [...replyTo(question.parcel), '--message', message].with(3, keys);
    expect(await refusal(changed)).toMatchObject({ exit: 3, code: 'bundle-reply-key' });
    await other.remove();
  });

  test('a message that is empty, too long, no text, or not there', async () => {
    const told = async (message: string) => refusal([...replyTo(question.parcel), '--message', message]);
    expect(await told(await fileOf(''))).toMatchObject({ exit: 3, code: 'message-empty' });
    expect(await told(await fileOf('x'.repeat(MAX_MESSAGE_BYTES + 1)))).toMatchObject({ code: 'message-long' });
    expect(await told(await fileOf(Uint8Array.of(0xff, 0xfe, 0x41, 0)))).toMatchObject({ code: 'message-not-text' });
    expect(await told(join(base.folder, 'nothing'))).toMatchObject({ code: 'message-unreadable' });
    expect(await told('-')).toMatchObject({ code: 'message-empty' });
  });

  test('an attachment that is not there, or is a folder', async () => {
    const told = async (file: string) =>
      refusal([...replyTo(question.parcel), '--message', await fileOf('x'), '--attach', file]);
    expect(await told(join(base.folder, 'nothing'))).toMatchObject({ exit: 3, code: 'attachment-unreadable' });
    expect(await told(base.folder)).toMatchObject({ exit: 3, code: 'attachment-unreadable' });
  });

  test('a reply larger than what server and browser take', async () => {
    const file = await fileOf('', 'huge.bin');
    await truncate(file, 4_294_967_296);
    const told = await refusal([...replyTo(question.parcel), '--message', await fileOf('x'), '--attach', file]);
    expect(told).toMatchObject({ exit: 3, code: 'reply-too-large' });
  });

  test('an attachment that changes while it is read: nothing is left, and the number is free', async () => {
    const other = await makeSource();
    const { parcel } = await send(drop, other);
    const file = await fileOf(patternBytes(40 * MIB, 5), 'grows.bin');
    const before = await contentOf(drop.bundle);
    const sent = await contentOf(drop.keys);
    const running = deskJson([...replyTo(parcel), '--message', await fileOf('x'), '--attach', file]);
    const touching = setInterval(() => void utimes(file, new Date(), new Date()), 2);
    const { exit, json } = await running;
    clearInterval(touching);
    expect({ exit, ...(json['error'] as object) }).toMatchObject({ exit: 3, code: 'attachment-changed' });
    expect(await contentOf(drop.bundle)).toStrictEqual(before);
    expect(await contentOf(drop.keys)).toStrictEqual(sent);
    expect((await reply('Again.', [], parcel)).number).toBe(1);
  });

  test('used wrongly', async () => {
    const message = await fileOf('x');
    const wrongly = async (...args: string[]) => (await deskJson(args)).json;
    expect(await wrongly('reply', drop.bundle, '--keys', drop.keys, '--to', 'ab')).toMatchObject({ exit: 2 });
    expect(await wrongly(...replyTo('ffff'), '--message', message)).toMatchObject({ error: { code: 'parcel-id' } });
    const twice = [...replyTo(question.parcel), '--message', message, '--message', message];
    expect(await wrongly(...twice)).toMatchObject({ exit: 2, error: { code: 'option-twice' } });
  });
});

describe('killed in the middle', () => {
  const main = new URL('../../desk/main.ts', import.meta.url).pathname;

  test('nothing half-written is in the outbox, and the next run clears up and takes the number', async () => {
    const other = await makeSource();
    const { parcel } = await send(drop, other);
    const file = await fileOf('', 'large.bin');
    await truncate(file, 1024 * MIB);
    const args = [...replyTo(parcel), '--message', await fileOf('x'), '--attach', file];
    for (const delay of [20, 150, 300]) {
      const child = spawn(process.execPath, [main, ...args], { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await partOf(drop.bundle, delay);
      child.kill('SIGKILL');
      await ended;
      for (const name of await readdir(join(drop.bundle, 'outbox')))
        expect(await readdir(join(drop.bundle, 'outbox', name))).toContain('envelope.json');
    }
    expect((await reply('Again.', [], parcel)).number).toBe(1);
    expect((await readdir(drop.bundle)).filter((name) => name.startsWith('.'))).toStrictEqual([]);
    expect((await readdir(drop.keys)).filter((name) => name.startsWith('.lock'))).toStrictEqual([]);
  }, 60_000);

  test('a reply that was whole and recorded is put into the outbox by the next run', async () => {
    const other = await makeSource();
    const { parcel } = await send(drop, other);
    const first = await reply('First.', [], parcel);
    const draft = join(drop.bundle, `.reply-${first.reply}`);
    await mkdir(draft);
    await writeFile(join(draft, 'process'), '999999999\n');
    await cp(first.folder, join(draft, 'parcel'), { recursive: true });
    await rm(first.folder, { recursive: true });
    expect((await reply('Second.', [], parcel)).number).toBe(2);
    expect(await readdir(first.folder)).toContain('envelope.json');
    expect((await readdir(drop.bundle)).filter((name) => name.startsWith('.'))).toStrictEqual([]);
  });
});

/** Waits until a draft has some parts, and then for so many milliseconds. */
async function partOf(bundle: string, delay: number): Promise<void> {
  for (;;) {
    const names = await readdir(bundle, { recursive: true }).catch(() => []);
    if (names.some((name) => name.startsWith('.reply-') && name.endsWith('.age'))) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await new Promise((resolve) => setTimeout(resolve, delay));
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at]! ^= 1;
  await writeFile(path, bytes);
}
