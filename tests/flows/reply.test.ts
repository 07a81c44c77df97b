/** The whole way back with the real programs: the desk writes a reply, the courier brings it through kills and outages, the source reads it as it was written. */
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readKeyFile } from '../../courier/key-file.ts';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { parseEnvelope } from '../../shared/protocol/envelope.ts';
import type { ParcelStatus } from '../../shared/protocol/messages.ts';
import { CARD_ROUTE, replyRoute } from '../../shared/protocol/routes.ts';
import { openCard } from '../../shared/statements/card.ts';
import { sourceOver } from '../client/mailbox/correspondents.ts';
import type { Source } from '../client/mailbox/correspondents.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { fetchTransport } from '../kit/fetch-transport.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { signInAt } from '../kit/reply-sender.ts';
import { sendParcel } from '../kit/send-parcel.ts';
import type { Sent } from '../kit/send-parcel.ts';
import { until } from '../kit/waiting.ts';

const WORDS = 'من صوّر هذا؟ متى وأين؟ \u202bשלום\u202c 📹 Кто это снял?\n'.repeat(1600);
const FILM = patternBytes(300_000_000, 5);
const LIST = Buffer.from('اسم;день\n');
const NAMES = ['فيلم ١.mp4', 'list.csv'];

interface Report {
  readonly replies: readonly {
    readonly reply: string;
    readonly state: string;
    readonly parts: number;
    readonly sent: number;
  }[];
  readonly bytes: number;
}

let drop: Drop;
let footage: string;
let sent: Sent;
let source: Source;
let reply: string;

beforeAll(async () => {
  drop = await startDrop({ page: false });
  footage = join(drop.folder, 'footage');
  await mkdir(footage);
  await writeFile(join(footage, 'clip.mp4'), patternBytes(3_000_000));
  sent = await send();
  source = await sourceOf(sent);
  expect((await drop.pull()).code).toBe(0);
});

afterAll(() => drop[Symbol.asyncDispose]());

const send = (keys?: Sent['keys']) =>
  sendParcel({
    source: drop.source,
    rootKey: drop.rootKey,
    folder: footage,
    message: 'Look at minute three.',
    ...(keys === undefined ? {} : { keys }),
  });

async function sourceOf({ keys }: Sent): Promise<Source> {
  const note = await (await fetch(drop.source + CARD_ROUTE)).text();
  return sourceOver(fetchTransport(drop.source), keys, await openCard(note, fromBase64Url(drop.rootKey, 32)));
}

async function writeReply(message: string, ...files: string[]): Promise<string> {
  const text = join(drop.folder, 'answer.txt');
  await writeFile(text, message);
  const attached = files.flatMap((file) => ['--attach', file]);
  const options = ['--keys', drop.keys, '--to', sent.parcel.slice(0, 10), '--message', text, ...attached, '--json'];
  const { code, out, err } = await drop.desk('reply', drop.bundle, ...options);
  expect([code, err]).toEqual([0, '']);
  return (JSON.parse(out) as { reply: string }).reply;
}

async function push(bundle = drop.bundle): Promise<Report & { readonly code: number | null }> {
  const { code, out, err } = await drop.courier('push', bundle, '--json').finished;
  expect(err).toBe('');
  return { code, ...(JSON.parse(out) as Report) };
}

/** How many parts the server has whole. */
async function finishedParts(): Promise<number> {
  const session = await signInAt(drop.staff, await readKeyFile(drop.courierKey));
  const answer = await fetch(drop.staff + replyRoute(reply), { headers: session });
  if (answer.status !== 200) return 0;
  const { finished } = (await answer.json()) as ParcelStatus;
  return finished.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

test('what was pulled whole is collected, and its source sees that', async () => {
  const { sealed } = await source.mailbox.look();
  expect(sealed).toMatchObject([{ parcel: sent.parcel, collected: true }]);
  expect((await drop.courier('status').finished).out).toContain(
    'The server holds 1 complete submission, all of them collected.',
  );
});

test('a reply with 300 MB is delivered by a courier that is killed twice, to a server that dies with its database', async () => {
  const files = [FILM, LIST].map(async (content, i) => {
    const file = join(drop.folder, NAMES[i]!);
    await writeFile(file, content);
    return file;
  });
  reply = await writeReply(WORDS, ...(await Promise.all(files)));

  for (const share of [60, 150]) {
    const running = drop.courier('push', drop.bundle, '--lanes', '2');
    await until(`${share} parts are there`, 60_000, async () => (await finishedParts()) >= share, 20);
    await running.kill();
  }
  const before = await finishedParts();
  const last = drop.courier('push', drop.bundle, '--lanes', '2', '--json');
  await until('more parts are there', 60_000, async () => (await finishedParts()) >= before + 30, 20);
  await drop.killServer();
  drop.killDatabase();
  await drop.startServer();
  const { code, out } = await last.finished;
  expect(code).toBe(0);
  const { replies } = JSON.parse(out) as Report;
  expect(replies).toMatchObject([{ reply, state: 'delivered' }]);
  const { parts, sent: inTheEnd } = replies[0]!;
  // What was on its way when the courier was killed may have come whole after we asked.
  expect(parts - before - inTheEnd).toBeGreaterThanOrEqual(0);
  expect(parts - before - inTheEnd).toBeLessThanOrEqual(2);
  expect(parts).toBeGreaterThan(286);
});

test('pushed again, nothing is sent', async () => {
  expect(await push()).toMatchObject({ code: 0, bytes: 0, replies: [{ reply, state: 'there', sent: 0 }] });
});

test('two couriers that push copies of one bundle at once both end well', async () => {
  const film = join(drop.folder, 'second.mp4');
  await writeFile(film, patternBytes(25_000_000, 6));
  const second = await writeReply('One more.', film);
  const copy = join(drop.folder, 'twin');
  await cp(drop.bundle, copy, { recursive: true });
  for (const { code, replies } of await Promise.all([push(), push(copy)])) {
    expect(code).toBe(0);
    expect(replies.map((each) => each.state)).toEqual(['there', expect.stringMatching(/^(?:there|delivered)$/)]);
  }
  const { replies } = await source.mailbox.look();
  expect(replies.map(({ parcel }) => parcel)).toEqual([reply, second]);
  await rm(copy, { recursive: true });
  await rm(join(drop.bundle, 'outbox', second), { recursive: true });
  const opened = await source.open(replies[1]!);
  const bytes = Buffer.from(await (await opened.readFile(opened.files[0]!)).arrayBuffer());
  expect(bytes.equals(patternBytes(25_000_000, 6))).toBe(true);
  await source.mailbox.deleteReply(second);
});

test('the source reads it, word for word and byte for byte', async () => {
  const { replies, refused } = await source.mailbox.look();
  expect([replies.map(({ parcel }) => parcel), refused]).toEqual([[reply], 0]);
  const opened = await source.open(replies[0]!);
  expect(opened.message).toBe(WORDS);
  expect(opened.files.map(({ path, size }) => [path, size])).toEqual([
    [NAMES[0], FILM.length],
    [NAMES[1], LIST.length],
  ]);
  const hash = createHash('sha256');
  await opened.writeFile(opened.files[0]!, {
    write: (bytes) => Promise.resolve(void hash.update(bytes)),
    close: () => Promise.resolve(),
    abort: () => Promise.resolve(),
  });
  expect(hash.digest('hex')).toBe(createHash('sha256').update(FILM).digest('hex'));
  expect(Buffer.from(await (await opened.readFile(opened.files[1]!)).arrayBuffer())).toEqual(LIST);
});

test('deleted by the source it is gone, and no bundle brings it back', async () => {
  const outbox = join(drop.bundle, 'outbox', reply);
  const envelope = parseEnvelope(await readFile(join(outbox, 'envelope.json'), 'utf8'));
  expect(envelope.receipt).toContain('postern/receipt/v1');
  await source.mailbox.deleteReply(reply);
  expect(await push()).toMatchObject({ code: 0, bytes: 0, replies: [{ reply, state: 'gone' }] });

  // A copy of the bundle that was made before the reply was delivered.
  const copy = join(drop.folder, 'copy');
  await cp(drop.bundle, copy, { recursive: true });
  await writeFile(
    join(copy, 'outbox', reply, 'envelope.json'),
    (await readFile(join(outbox, 'envelope.json'), 'utf8')).replace(/"receipt":".*"\}\n$/, '"receipt":null}\n'),
  );
  expect(await push(copy)).toMatchObject({ code: 0, bytes: 0, replies: [{ reply, state: 'cleared' }] });
  expect((await source.mailbox.look()).replies).toEqual([]);
  expect(await readdir(join(drop.data, 'blobs')).then((names) => names.includes(reply))).toBe(false);
});

test('a source that cleared its mailbox gets no reply until it sends again', async () => {
  await source.mailbox.forget();
  const second = await writeReply('Thank you.');
  const stateOf = ({ replies }: Report) => replies.find((each) => each.reply === second)?.state;
  expect(stateOf(await push())).toBe('cleared');
  expect((await source.mailbox.look()).replies).toEqual([]);

  const later = await send(sent.keys);
  expect(stateOf(await push())).toBe('delivered');
  const look = await source.mailbox.look();
  expect(look.sealed.map(({ parcel }) => parcel)).toEqual([later.parcel]);
  expect(look.replies).toMatchObject([{ parcel: second, number: 3 }]);
  expect((await source.open(look.replies[0]!)).message).toBe('Thank you.');
});

test('a submission that staff delete is gone from the server, and stays in the bundle', async () => {
  const refused = await drop.courier('delete', sent.parcel).finished;
  expect([refused.code, refused.out]).toEqual([2, '']);
  const { code, out } = await drop.courier('delete', sent.parcel.slice(0, 12), '--yes').finished;
  expect([code, out]).toEqual([0, `${sent.parcel}  deleted\n`]);
  expect((await drop.courier('delete', sent.parcel, '--yes').finished).code).toBe(1);
  expect((await drop.pull()).code).toBe(0);
  const verified = await drop.desk('verify', drop.bundle, '--keys', drop.keys, '--parcel', sent.parcel);
  expect(verified.code).toBe(0);
});
