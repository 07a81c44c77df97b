/** `desk reply` writes nothing to anybody whose mailbox is not proved, and says in words what else it cannot do. */
import { randomBytes } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAX_MESSAGE_BYTES } from '../../shared/protocol/limits.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { desk, deskJson, scratch } from './desk.ts';
import { contentOf, fileOf, refusal, reply, replyTo, useScene } from './reply-scene.ts';
import { makeSource, send } from './source.ts';

const MIB = 1_048_576;
const scene = useScene();

describe('nobody is answered whose mailbox is not proved', () => {
  const args = async (parcel: string) => [...replyTo(scene, parcel), '--message', await fileOf(scene, 'x')];

  test('when an envelope is signed by another key than the bag names', async () => {
    const { parcel } = await send(scene.drop, await makeSource(), { claims: { sender: scene.source.key } });
    expect(await refusal(scene, await args(parcel))).toMatchObject({ exit: 3, code: 'answer-sender' });
  });

  test('when the first part is not as signed, cut, or not here', async () => {
    for (const harm of [
      (path: string) => flip(path, 3_000),
      (path: string) => truncate(path, 2_000),
      (path: string) => rm(path),
    ]) {
      const made = await send(scene.drop, scene.source);
      await harm(made.path(0));
      expect(await refusal(scene, await args(made.parcel))).toMatchObject({ exit: 3, code: 'answer-beginning' });
      await rm(made.folder, { recursive: true });
    }
    const begun = await send(scene.drop, scene.source, {
      files: [{ path: 'a', content: patternBytes(3 * MIB, 3) }],
      only: [1],
    });
    expect(await refusal(scene, await args(begun.parcel))).toMatchObject({ exit: 3, code: 'answer-beginning' });
  });

  test('when the first part was put in place of it by somebody who can encrypt to the newsroom, as all can', async () => {
    const real = await send(scene.drop, scene.source);
    const forged = await send(scene.drop, await makeSource(), { parcel: 'c'.repeat(32), message: 'Meet me there.' });
    await copyFile(forged.path(0), real.path(0));
    expect(await refusal(scene, await args(real.parcel))).toMatchObject({ exit: 3, code: 'answer-beginning' });
    const { json } = await deskJson(['list', scene.drop.bundle, '--keys', scene.drop.keys, '--parcel', real.parcel]);
    expect(json['parcels']).toMatchObject([{ state: 'damaged', proved: false, message: null }]);
    await rm(real.folder, { recursive: true });
  });

  test('when the opening is not signed by the key that it names', async () => {
    const made = await send(scene.drop, scene.source);
    const envelope = await made.envelope();
    await made.writeEnvelope({ ...envelope, opening: (await scene.question.envelope()).opening });
    expect(await refusal(scene, await args(made.parcel))).toMatchObject({ exit: 3, code: 'answer-unsigned' });
    await rm(made.folder, { recursive: true });
  });

  test('when the bag names no recipient, or one that is none', async () => {
    for (const replyRecipient of [null, 'age1pq1test']) {
      const { parcel } = await send(scene.drop, scene.source, { claims: { replyRecipient } });
      expect(await refusal(scene, await args(parcel))).toMatchObject({ exit: 3, code: 'answer-recipient' });
    }
  });

  test('when it is encrypted to others', async () => {
    const stranger = await makeSource();
    const { parcel } = await send(scene.drop, scene.source, { recipients: [stranger.replyRecipient] });
    expect(await refusal(scene, await args(parcel))).toMatchObject({ exit: 3, code: 'answer-not-for-us' });
  });

  test('an unfinished submission whose beginning is here is answered', async () => {
    const content = patternBytes(3 * MIB, 3);
    const { parcel } = await send(scene.drop, scene.source, { files: [{ path: 'a', content }], only: [0] });
    expect((await desk(await args(parcel))).exit).toBe(0);
  });
});

describe('refused in words', () => {
  test('a bundle of another organisation, one without a card, and one whose card names another reply key', async () => {
    const other = await scratch();
    const theirs = await makeDrop(other.folder, 'hybrid');
    const { parcel } = await send(theirs, scene.source, { recipients: scene.drop.recipients });
    const message = await fileOf(scene, 'x');
    const args = ['reply', theirs.bundle, '--keys', scene.drop.keys, '--to', parcel, '--message', message];
    expect(await refusal(scene, args, theirs.bundle)).toMatchObject({ exit: 3, code: 'bundle-of-others' });
    await rm(join(theirs.bundle, 'card.note'));
    expect(await refusal(scene, args, theirs.bundle)).toMatchObject({ exit: 3, code: 'bundle-without-card' });
    const keys = join(other.folder, 'changed');
    await cp(scene.drop.keys, keys, { recursive: true });
    await writeFile(join(keys, 'reply.key'), `postern-reply-key ${randomBytes(32).toString('base64url')}\n`);
    const changed = [...replyTo(scene, scene.question.parcel), '--message', message].with(3, keys);
    expect(await refusal(scene, changed)).toMatchObject({ exit: 3, code: 'bundle-reply-key' });
    await other.remove();
  });

  test('a message that is empty, too long, no text, or not there', async () => {
    const told = async (message: string) =>
      refusal(scene, [...replyTo(scene, scene.question.parcel), '--message', message]);
    expect(await told(await fileOf(scene, ''))).toMatchObject({ exit: 3, code: 'message-empty' });
    expect(await told(await fileOf(scene, 'x'.repeat(MAX_MESSAGE_BYTES + 1)))).toMatchObject({ code: 'message-long' });
    expect(await told(await fileOf(scene, Uint8Array.of(0xff, 0xfe, 0x41, 0)))).toMatchObject({
      code: 'message-not-text',
    });
    expect(await told(join(scene.base, 'nothing'))).toMatchObject({ code: 'message-unreadable' });
    expect(await told('-')).toMatchObject({ code: 'message-empty' });
  });

  test('an attachment that is not there, or is a folder', async () => {
    const told = async (file: string) =>
      refusal(scene, [
        ...replyTo(scene, scene.question.parcel),
        '--message',
        await fileOf(scene, 'x'),
        '--attach',
        file,
      ]);
    expect(await told(join(scene.base, 'nothing'))).toMatchObject({ exit: 3, code: 'attachment-unreadable' });
    expect(await told(scene.base)).toMatchObject({ exit: 3, code: 'attachment-unreadable' });
  });

  test('a reply larger than what server and browser take', async () => {
    const file = await fileOf(scene, '', 'huge.bin');
    await truncate(file, 4_294_967_296);
    const told = await refusal(scene, [
      ...replyTo(scene, scene.question.parcel),
      '--message',
      await fileOf(scene, 'x'),
      '--attach',
      file,
    ]);
    expect(told).toMatchObject({ exit: 3, code: 'reply-too-large' });
  });

  test('an attachment that changes while it is read: nothing is left, and the number is free', async () => {
    const other = await makeSource();
    const { parcel } = await send(scene.drop, other);
    const file = await fileOf(scene, patternBytes(40 * MIB, 5), 'grows.bin');
    const before = await contentOf(scene.drop.bundle);
    const sent = await contentOf(scene.drop.keys);
    const running = deskJson([...replyTo(scene, parcel), '--message', await fileOf(scene, 'x'), '--attach', file]);
    const touching = setInterval(() => void utimes(file, new Date(), new Date()), 2);
    const { exit, json } = await running;
    clearInterval(touching);
    expect({ exit, ...(json['error'] as object) }).toMatchObject({ exit: 3, code: 'attachment-changed' });
    expect(await contentOf(scene.drop.bundle)).toStrictEqual(before);
    expect(await contentOf(scene.drop.keys)).toStrictEqual(sent);
    expect((await reply(scene, 'Again.', [], parcel)).number).toBe(1);
  });

  test('a link in place of the outbox, and a bundle that cannot be written', async () => {
    const bundle = join(scene.base, 'linked');
    await mkdir(bundle);
    await cp(join(scene.drop.bundle, 'inbox'), join(bundle, 'inbox'), { recursive: true });
    await copyFile(join(scene.drop.bundle, 'card.note'), join(bundle, 'card.note'));
    const elsewhere = join(scene.base, 'elsewhere');
    await mkdir(elsewhere);
    await symlink(elsewhere, join(bundle, 'outbox'));
    const args = [
      'reply',
      bundle,
      '--keys',
      scene.drop.keys,
      '--to',
      scene.question.parcel,
      '--message',
      await fileOf(scene, 'x'),
    ];
    expect(await refusal(scene, args, bundle)).toMatchObject({ exit: 3, code: 'outbox-unwritable' });
    expect(await readdir(elsewhere)).toStrictEqual([]);
    await rm(join(bundle, 'outbox'));
    await writeFile(join(bundle, 'outbox'), 'a file');
    expect(await refusal(scene, args, bundle)).toMatchObject({ exit: 3, code: 'outbox-unwritable' });
  });

  test('used wrongly', async () => {
    const message = await fileOf(scene, 'x');
    const wrongly = async (...args: string[]) => (await deskJson(args)).json;
    expect(await wrongly('reply', scene.drop.bundle, '--keys', scene.drop.keys, '--to', 'ab')).toMatchObject({
      exit: 2,
    });
    expect(await wrongly(...replyTo(scene, 'ffff'), '--message', message)).toMatchObject({
      error: { code: 'parcel-id' },
    });
    const twice = [...replyTo(scene, scene.question.parcel), '--message', message, '--message', message];
    expect(await wrongly(...twice)).toMatchObject({ exit: 2, error: { code: 'option-twice' } });
  });
});

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at]! ^= 1;
  await writeFile(path, bytes);
}
