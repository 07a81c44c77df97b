/** `desk reply`: what it writes only the source opens, all of it is signed, and its numbers count up. */
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeCipher } from '../../desk/node-cipher.ts';
import { decryptFile } from '../../shared/age/file.ts';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { parseEnvelope } from '../../shared/protocol/envelope.ts';
import { MAX_MESSAGE_BYTES } from '../../shared/protocol/limits.ts';
import { openCard } from '../../shared/statements/card.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { openPartStatement } from '../../shared/statements/part-statement.ts';
import { openReplyOpening } from '../../shared/statements/reply-opening.ts';
import { openSeal } from '../../shared/statements/seal.ts';
import { readBack } from '../kit/parcel-stream.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { DAY, desk, deskJson } from './desk.ts';
import { fileOf, reply, replyTo, useScene } from './reply-scene.ts';
import type { Written } from './reply-scene.ts';
import { makeSource, openWithStockTools, send } from './source.ts';

const MIB = 1_048_576;
const scene = useScene();

/** What the source's own code would read. */
async function readReply({ folder, reply: parcel }: Written) {
  const parts = (await readdir(folder)).filter((name) => name.endsWith('.age')).toSorted();
  const plain: Uint8Array[] = [];
  for (const part of parts)
    plain.push(
      (await decryptFile({
        file: await readFile(join(folder, part)),
        identities: [scene.source.replyIdentity],
        provider: nodeCipher,
      }))!,
    );
  const card = await readCard();
  const sender = Buffer.from(card.replyKey).toString('base64url');
  return readBack(new Uint8Array(Buffer.concat(plain)), undefined, { parcel, sender });
}

async function readCard() {
  const root = (await deskJson(['root', scene.drop.keys])).json['root'] as string;
  return openCard(await readFile(join(scene.drop.bundle, 'card.note'), 'utf8'), fromBase64Url(root, 32));
}

describe('a reply', () => {
  test('opens with stock age-encryption and tar, with names, bytes and nothing more precise than a day', async () => {
    const video = await fileOf(scene, patternBytes(2_500_000, 1), 'запись 1.mp4');
    const empty = await fileOf(scene, '', 'empty.txt');
    await utimes(video, 1_600_000_000, 1_600_000_123);
    const { folder, files: sent } = await reply(scene, 'Спасибо. Where was it filmed?\n', [video, empty]);
    expect(sent.map(({ path }) => path)).toStrictEqual(['запись 1.mp4', 'empty.txt']);
    const bag = await openWithStockTools(folder, scene.source.replyIdentity);
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
    const {
      folder,
      reply: parcel,
      number,
      parts,
    } = await reply(scene, 'One line.', [await fileOf(scene, patternBytes(MIB, 2))]);
    const { replyKey, serial } = await readCard();
    const envelope = parseEnvelope(await readFile(join(folder, 'envelope.json'), 'utf8'));
    expect(envelope).toMatchObject({ parcel, mailbox: scene.source.key, receipt: null });
    const opening = await openReplyOpening(envelope.opening, replyKey);
    expect(opening).toMatchObject({ parcel, number, day: DAY, card: serial, partSize: MIB });
    expect(Buffer.from(opening.mailbox)).toStrictEqual(Buffer.from(scene.source.mailbox.publicKey));
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
    const { folder } = await reply(scene, 'For you alone.');
    const file = await readFile(join(folder, '000000.age'));
    const own = (await desk(['identities', scene.drop.keys])).stdout
      .split('\n')
      .filter((line) => line.startsWith('AGE-'));
    const identities = [...own, (await makeSource()).replyIdentity];
    expect(await decryptFile({ file, identities, provider: nodeCipher })).toBeNull();
  });

  test.each([
    ['100 kB of it', '«Ведомости» 日本語 🎥\r\n'.repeat(2_700)],
    ['right-to-left, with marks and an override', 'سلام دنیا \u200fשלום\u202e!\u2069\nنیم‌فاصله'],
    ['a byte order mark, NUL and no line end', '\ufeffa\0b'],
    ['as much as there may be', 'x'.repeat(MAX_MESSAGE_BYTES)],
  ])('text comes back identical: %s', async (_, text) => {
    const { files: read, report } = await readReply(await reply(scene, text));
    const message = read.find(({ place }) => place === 'message')!;
    expect(Buffer.from(message.content).equals(Buffer.from(text))).toBe(true);
    expect(report.valid).toBe(true);
  });

  test('takes its text from a pipe', async () => {
    const { exit } = await desk([...replyTo(scene, scene.question.parcel), '--message', '-'], DAY, 'Piped.\n');
    expect(exit).toBe(0);
    const { json } = await deskJson([
      'conversation',
      scene.drop.bundle,
      '--keys',
      scene.drop.keys,
      '--to',
      scene.question.parcel,
    ]);
    expect((json['entries'] as object[]).at(-1)).toMatchObject({ kind: 'reply', message: 'Piped.\n' });
  });

  test('names attachments by their own names alone, made distinct and safe', async () => {
    const list = [
      await fileOf(scene, 'a', 'photo.jpg'),
      await fileOf(scene, 'b', 'photo.jpg'),
      await fileOf(scene, 'c', '~home'),
      await fileOf(scene, 'd', 'line\nbreak'),
    ];
    const written = await reply(scene, 'Four.', list);
    const names = ['photo.jpg', 'photo (2).jpg', '_~home', 'line\nbreak'];
    expect(written.files.map(({ path }) => path)).toStrictEqual(names);
    const { files: read } = await readReply(written);
    const found = read.filter(({ place }) => place === 'file');
    expect(found.map(({ path, content }) => [path, Buffer.from(content).toString()])).toStrictEqual(
      names.map((name, i) => [`data/files/${name}`, 'abcd'[i]]),
    );
  });

  test('text of the answer is safe for a terminal', async () => {
    const attached = await fileOf(scene, 'x', 'a\u001b[2Jb.txt');
    const { stdout } = await desk([
      ...replyTo(scene, scene.question.parcel),
      '--message',
      await fileOf(scene, 'x'),
      '--attach',
      attached,
    ]);
    expect(stdout).toContain('a\\x1b[2Jb.txt');
    expect(stdout).toContain(`courier push ${scene.drop.bundle}`);
  });
});

describe('numbers', () => {
  test('count up for each mailbox by itself, also when the text of earlier ones can no longer be opened', async () => {
    const other = await makeSource();
    const { parcel } = await send(scene.drop, other);
    const keys = join(scene.base, 'keys-numbers');
    await cp(scene.drop.keys, keys, { recursive: true });
    const numberOf = async (day: string) => {
      const message = await fileOf(scene, 'n');
      const args = ['reply', scene.drop.bundle, '--keys', keys, '--to', parcel, '--message', message];
      return (await deskJson(args, day)).json['number'];
    };
    expect(await numberOf(DAY)).toBe(1);
    expect(await numberOf(DAY)).toBe(2);
    await rm(join(scene.drop.bundle, 'outbox'), { recursive: true });
    const sent = join(keys, 'sent');
    for (const name of await readdir(sent, { recursive: true }))
      if (name.endsWith('000002.age')) await writeFile(join(sent, name), 'damaged');
    expect(await numberOf(DAY)).toBe(3);
  });

  test('are not given twice by a desk with a copy of the keys, when the bundle holds the earlier reply', async () => {
    const other = await makeSource();
    const { parcel } = await send(scene.drop, other);
    const copy = join(scene.base, 'keys-copy');
    await cp(scene.drop.keys, copy, { recursive: true });
    await reply(scene, 'From here.', [], parcel);
    const args = [
      'reply',
      scene.drop.bundle,
      '--keys',
      copy,
      '--to',
      parcel,
      '--message',
      await fileOf(scene, 'From there.'),
    ];
    expect((await deskJson(args)).json['number']).toBe(2);
    const { stdout } = await desk(['conversation', scene.drop.bundle, '--keys', scene.drop.keys, '--to', parcel]);
    expect(stdout).toMatch(/your reply 1[^]*From here\.[^]*your reply 2[^]*cannot be read with these keys/);
  });

  test('two runs at once: one waits its turn or is told, and no number is given twice', async () => {
    const other = await makeSource();
    const { parcel } = await send(scene.drop, other);
    const message = await fileOf(scene, 'x');
    const runs = await Promise.all(
      Array.from({ length: 6 }, () => deskJson([...replyTo(scene, parcel), '--message', message])),
    );
    const written = runs.filter(({ exit }) => exit === 0).map(({ json }) => json['number'] as number);
    expect(new Set(written).size).toBe(written.length);
    expect(written.length).toBeGreaterThanOrEqual(1);
    for (const { exit, json } of runs) if (exit !== 0) expect(json['error']).toMatchObject({ code: 'keys-busy' });
    expect((await deskJson([...replyTo(scene, parcel), '--message', message])).json['number']).toBe(written.length + 1);
  });
});
