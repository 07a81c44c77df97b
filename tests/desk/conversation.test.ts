/** `desk list` and `desk conversation`: one source's parcels and our replies in order, said to be one source only where its key proves it. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inOrder } from '../../desk/case/conversation.ts';
import type { OwnReply } from '../../desk/case/conversation.ts';
import type { Preview } from '../../desk/case/preview.ts';
import { readKeyFolder } from '../../desk/keys/key-folder.ts';
import { writeSentReply } from '../../desk/keys/sent-replies.ts';
import { formatSentReply, parseSentReply } from '../../desk/keys/sent-reply.ts';
import type { SentReply } from '../../desk/keys/sent-reply.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { formatEnvelope, parseEnvelope } from '../../shared/protocol/envelope.ts';
import { signReceipt } from '../../shared/statements/receipt.ts';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import type { Drop } from '../kit/make-parcel.ts';
import { random } from '../kit/random-bytes.ts';
import { desk, deskJson, scratch } from './desk.ts';
import { makeSource, send } from './source.ts';

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder, 'hybrid');
});
afterAll(() => base.remove());
beforeEach(async () => {
  for (const folder of ['inbox', 'outbox']) {
    await rm(join(drop.bundle, folder), { recursive: true, force: true });
    await mkdir(join(drop.bundle, folder));
  }
});

async function reply(to: string, text: string, day: string, attachments: readonly string[] = []): Promise<void> {
  const attach = attachments.flatMap((file) => ['--attach', file]);
  const args = ['reply', drop.bundle, '--keys', drop.keys, '--to', to, '--message', '-', ...attach];
  expect(await desk(args, day, text)).toMatchObject({ exit: 0, stderr: '' });
}

/** The conversation as `S:<message>` and `R<number>:<message>`. */
async function told(to: string): Promise<readonly string[]> {
  const { json } = await deskJson(['conversation', drop.bundle, '--keys', drop.keys, '--to', to]);
  return (json['entries'] as { kind: string; message: string | null; number: number }[]).map(
    ({ kind, message, number }) => (kind === 'reply' ? `R${number}:${message}` : `S:${message}`),
  );
}

describe('a conversation', () => {
  test('is in order by day and number, with a submission before the reply that was written with it at hand', async () => {
    const source = await makeSource();
    const first = await send(drop, source, { message: 'one', day: '2026-11-20' });
    await reply(first.parcel, 'answer to one', '2026-11-21');
    const second = await send(drop, source, { message: 'two', day: '2026-11-21' });
    await reply(second.parcel, 'answer to two', '2026-11-21');
    await send(drop, source, { message: 'three', day: '2026-11-21' });
    // The source's clock, or the server's, was behind: what was answered still comes first.
    await send(drop, source, { message: 'four', day: '2026-11-19' });
    await reply(first.parcel, 'to all', '2026-11-22');
    expect(await told(second.parcel.slice(0, 12))).toStrictEqual([
      'S:one',
      'R1:answer to one',
      'S:two',
      'R2:answer to two',
      'S:four',
      'S:three',
      'R3:to all',
    ]);
  });

  test('says that it is the same source where the mailbox key signed all, and shows files and whole messages', async () => {
    const source = await makeSource();
    const long = Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n');
    const first = await send(drop, source, { message: long, day: '2026-11-20' });
    const attached = join(base.folder, 'map.pdf');
    await writeFile(attached, 'a map');
    await reply(first.parcel, 'שלום\nWhere?', '2026-11-21', [attached]);
    const second = await send(drop, source, { message: 'Here.', day: '2026-11-22' });
    await send(drop, await makeSource(), { message: 'Somebody else.' });
    const whole = await desk(['conversation', drop.bundle, '--keys', drop.keys, '--to', first.parcel]);
    expect(whole.exit).toBe(0);
    expect(whole.stdout).toContain(
      `Source ${source.key.slice(0, 16)}: 2 parcels, 1 reply, all signed by one mailbox key`,
    );
    expect(whole.stdout).toContain('  | line 39\n');
    expect(whole.stdout).toContain('your reply 1, written 2026-11-21, to ' + first.parcel.slice(0, 8));
    expect(whole.stdout).toContain('  | שלום\n  | Where?\n  + map.pdf (5 bytes)\n');
    expect(whole.stdout.match(/same source as before/g)).toHaveLength(1);
    expect(whole.stdout).not.toContain('Somebody else');
    const list = await desk(['list', drop.bundle, '--keys', drop.keys]);
    expect(list.stdout).toContain('3 parcels');
    expect(list.stdout.match(/^Source /gm)).toHaveLength(2);
    expect(list.stdout).toContain('  | line 3\n');
    expect(list.stdout).not.toContain('line 4');
    expect(list.stdout.match(/same source as before/g)).toHaveLength(1);
    const one = ['list', drop.bundle, '--keys', drop.keys, '--parcel'];
    expect((await desk([...one, first.parcel])).stdout).toContain('your reply 1');
    expect((await desk([...one, second.parcel])).stdout).not.toContain('your reply');
  });

  test('makes no claim for a parcel whose inside names another sender, or is not as signed', async () => {
    const source = await makeSource();
    const victim = await makeSource();
    await send(drop, source, { message: 'mine', day: '2026-11-20' });
    const stolen = await send(drop, source, { message: 'not mine', claims: { sender: victim.key }, day: '2026-11-21' });
    const { exit, stdout } = await desk(['conversation', drop.bundle, '--keys', drop.keys, '--to', stolen.parcel]);
    expect(exit).toBe(1);
    expect(stdout).not.toContain('same source as before');
    expect(stdout).toContain('what is in it is not proved to come from there');
    expect(stdout).toContain('bag-info.txt names another sender than the one who signed');
  });

  test('an archive that is not one of this system is damage in the list, and no claim is made for it', async () => {
    const source = await makeSource();
    await makeParcelOf(drop, new Uint8Array(20_000).fill(65), { mailbox: source.mailbox });
    const { exit, json } = await deskJson(['list', drop.bundle, '--keys', drop.keys]);
    expect(exit).toBe(1);
    expect(json['parcels']).toMatchObject([
      { state: 'damaged', proved: false, message: null, findings: [{ code: 'bag-tag-malformed' }] },
    ]);
  });

  test('of a parcel whose opening does not hold is refused, and the list keeps such parcels apart', async () => {
    const source = await makeSource();
    const good = await send(drop, source);
    const bad = await send(drop, source);
    await bad.writeEnvelope({ ...(await bad.envelope()), opening: (await good.envelope()).opening });
    const refused = await deskJson(['conversation', drop.bundle, '--keys', drop.keys, '--to', bad.parcel]);
    expect(refused).toMatchObject({ exit: 3, json: { error: { code: 'conversation-unsigned' } } });
    const { exit, stdout } = await desk(['list', drop.bundle, '--keys', drop.keys]);
    expect(exit).toBe(1);
    expect(stdout).toContain('Of no proved source: 1 parcel');
  });

  test('a message that reaches into the second part is shown whole, and in a list only its beginning', async () => {
    const source = await makeSource();
    const message = 'é'.repeat(524_288);
    const { parcel } = await send(drop, source, { message });
    expect(await told(parcel)).toStrictEqual([`S:${message}`]);
    const cut = await send(drop, source, { message, only: [0] });
    const { json } = await deskJson(['conversation', drop.bundle, '--keys', drop.keys, '--to', cut.parcel]);
    const entries = json['entries'] as { parcel: string; messageWhole: boolean }[];
    expect(entries.map(({ parcel: id, messageWhole }) => [id === parcel, messageWhole])).toContainEqual([false, false]);
  });

  test('an outbox, its drafts and strange things in it do not disturb what reads the bundle', async () => {
    const source = await makeSource();
    const { parcel } = await send(drop, source);
    await reply(parcel, 'x', '2026-11-24');
    await mkdir(join(drop.bundle, 'outbox', 'f'.repeat(32)));
    await mkdir(join(drop.bundle, `.reply-${'e'.repeat(32)}`));
    await writeFile(join(drop.bundle, 'outbox', 'e'.repeat(32)), 'a file');
    for (const command of ['list', 'verify']) {
      const { exit, json } = await deskJson([command, drop.bundle, '--keys', drop.keys]);
      expect(exit).toBe(0);
      expect(json['parcels']).toHaveLength(1);
    }
  });

  test('tells which replies the server has, by its receipt that a courier put there, and believes no other', async () => {
    const source = await makeSource();
    const { parcel } = await send(drop, source);
    await reply(parcel, 'x', '2026-11-24');
    const state = async () =>
      (await desk(['conversation', drop.bundle, '--keys', drop.keys, '--to', parcel])).stdout.match(
        /(?:not )?delivered.*/,
      )?.[0];
    expect(await state()).toBe('not delivered yet');
    const [name] = await readdir(join(drop.bundle, 'outbox'));
    const path = join(drop.bundle, 'outbox', name!, 'envelope.json');
    const envelope = parseEnvelope(await readFile(path, 'utf8'));
    const root = /^root ([0-9a-f]{64})$/m.exec(envelope.seal!)![1]!;
    const bring = async (id: string, key = drop.receiptKey) =>
      writeFile(
        path,
        formatEnvelope({ ...envelope, receipt: await signReceipt({ parcel: id, root, received: '2026-11-25' }, key) }),
      );
    await bring(name!, source.mailbox);
    expect(await state()).toBe('not delivered yet');
    await bring(parcel);
    expect(await state()).toBe('not delivered yet');
    await bring(name!);
    expect(await state()).toBe('delivered 2026-11-25');
  });

  test('a reply in the outbox that somebody else signed is not shown as ours', async () => {
    const other = await scratch();
    const theirs = await makeDrop(other.folder, 'hybrid');
    const source = await makeSource();
    const { parcel } = await send(drop, source);
    await cp(join(drop.bundle, 'inbox', parcel), join(theirs.bundle, 'inbox', parcel), { recursive: true });
    const foreign = await send(theirs, source);
    const args = ['reply', theirs.bundle, '--keys', theirs.keys, '--to', foreign.parcel, '--message', '-'];
    expect((await desk(args, '2026-11-24', 'Send us your name.')).exit).toBe(0);
    await cp(join(theirs.bundle, 'outbox'), join(drop.bundle, 'outbox'), { recursive: true });
    const { stdout } = await desk(['conversation', drop.bundle, '--keys', drop.keys, '--to', parcel]);
    expect(stdout).not.toContain('your reply');
    await other.remove();
  });
});

// Seconds of the processor: those of the clock would tell what else the machine was doing.
test('200 messages, half of them ours, list in under three seconds, and as one conversation too', async () => {
  const source = await makeSource();
  const { identities } = await readKeyFolder(drop.keys);
  const text = 'text '.repeat(100);
  for (let i = 0; i < 100; i++) {
    const day = new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10);
    const { parcel } = await send(drop, source, { message: `question ${i}\n${text}`, day });
    const record = { reply: parcel, mailbox: source.key, number: i + 1, day, to: parcel, seen: [parcel], files: [] };
    await writeSentReply(
      drop.keys,
      { ...record, message: `answer ${i}\n${text}` },
      { mailbox: source.mailbox.publicKey, identities, random },
    );
  }
  const seconds = async (...args: readonly string[]): Promise<number> => {
    const start = process.cpuUsage();
    const { exit, stdout } = await desk(args);
    const { user, system } = process.cpuUsage(start);
    expect(exit).toBe(0);
    expect(stdout).toContain('your reply 100');
    expect(stdout).toContain('question 99');
    return (user + system) / 1e6;
  };
  const [to] = await readdir(join(drop.bundle, 'inbox'));
  expect(await seconds('list', drop.bundle, '--keys', drop.keys)).toBeLessThan(3);
  expect(await seconds('conversation', drop.bundle, '--keys', drop.keys, '--to', to!)).toBeLessThan(3);
  expect(await told(to!)).toHaveLength(200);
});

describe('order', () => {
  const preview = (parcel: string, received: string): Preview => ({ parcel, received }) as Preview;
  const own = (number: number, day: string, seen: readonly string[]): OwnReply => {
    const record: SentReply = { reply: '', mailbox: '', number, day, to: seen[0] ?? '', seen, message: '', files: [] };
    return { number, day, reply: null, record, carried: null };
  };
  const days = ['2026-01-01', '2026-01-02', '2026-01-03'];

  test('nothing is lost or doubled, replies count up, and what was at hand comes first, whatever the days say', () => {
    const parcels = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{4}$/), { maxLength: 12 });
    fc.assert(
      fc.property(
        parcels,
        fc.infiniteStream(fc.constantFrom(...days)),
        fc.infiniteStream(fc.nat(5)),
        (ids, day, when) => {
          const previews = ids.map((id) => preview(id, day.next().value));
          const seen = Map.groupBy(ids, () => when.next().value);
          const replies = [1, 2, 3, 4].map((number) => own(number, day.next().value, seen.get(number) ?? []));
          const entries = inOrder(previews, replies.toReversed());
          const place = (id: string) =>
            entries.findIndex((entry) => entry.kind === 'submission' && entry.preview.parcel === id);
          const placeOf = (number: number) =>
            entries.findIndex((entry) => entry.kind === 'reply' && entry.reply.number === number);
          expect(entries).toHaveLength(ids.length + 4);
          expect([1, 2, 3, 4].map(placeOf)).toStrictEqual([1, 2, 3, 4].map(placeOf).toSorted((a, b) => a - b));
          for (const [number, list] of seen)
            for (const id of list) {
              expect(place(id)).toBeGreaterThanOrEqual(0);
              if (number >= 1 && number <= 4) expect(place(id)).toBeLessThan(placeOf(number));
            }
        },
      ),
    );
  });
});

describe('the record of a reply', () => {
  const record: SentReply = {
    reply: 'a'.repeat(32),
    mailbox: 'A'.repeat(43),
    number: 3,
    day: '2026-11-24',
    to: 'b'.repeat(32),
    seen: ['b'.repeat(32)],
    message: 'سلام \u2028 "',
    files: [{ path: 'a\nb', size: 5, sha256: 'c'.repeat(64) }],
  };

  test('parses to what was written, and any other text is refused', () => {
    const text = formatSentReply(record);
    expect(parseSentReply(text)).toMatchObject(record);
    for (const bad of [
      ` ${text}`,
      text.slice(0, -1),
      text.replace('"version":1', '"version":2'),
      text.replace('"number":3', '"number":0'),
      text.replace('"number":3', '"number":"3"'),
      text.replace('2026-11-24', '2026-02-30'),
      text.replace('"size":5', '"size":-5'),
      text.replace('"seen"', '"more":1,"seen"'),
      'null',
      '[]',
    ])
      expect(() => parseSentReply(bad), bad).toThrow(Problem);
  });

  test('is kept encrypted, for the owner of the keys alone', async () => {
    const source = await makeSource();
    const { parcel } = await send(drop, source);
    await reply(parcel, 'unmistakable words', '2026-11-24');
    const sent = join(drop.keys, 'sent');
    const names = (await readdir(sent, { recursive: true })).filter((name) => name.endsWith('.age'));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const bytes = await readFile(join(sent, name));
      expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
      expect(bytes.includes('unmistakable')).toBe(false);
    }
  });
});
