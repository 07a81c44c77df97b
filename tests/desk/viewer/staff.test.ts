/** What staff do in the viewer: reading conversations, marking, answering, verifying, exporting. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ConversationPage,
  ConversationView,
  FilePage,
  Job,
  Marks,
  Refusal,
  ReplyView,
  Start,
} from '../../../desk/viewer/api.ts';
import { makeDrop } from '../../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../../kit/make-parcel.ts';
import { scratch } from '../desk.ts';
import { makeSource, openWithStockTools, send } from '../source.ts';
import type { Source } from '../source.ts';
import type { RawAnswer } from './raw-http.ts';
import { enter, makePage, startViewer } from './viewer.ts';
import type { PageClient, RunningViewer } from './viewer.ts';

let drop: Drop;
let folder: string;
let exchange: string;
let page: string;
let remove: () => Promise<void>;
let viewer: RunningViewer;
let client: PageClient;
let first: Source;
let second: Source;
let parcels: readonly MadeParcel[];

const FILES = [
  { path: 'a/one.txt', content: Buffer.from('one') },
  { path: 'a/two.txt', content: Buffer.from('two') },
];

beforeAll(async () => {
  ({ folder, remove } = await scratch());
  drop = await makeDrop(folder);
  first = await makeSource();
  second = await makeSource();
  parcels = [
    await send(drop, first, { message: 'The first words\nand more', files: FILES, parcel: '1'.repeat(32) }),
    await send(drop, second, { message: 'Another source', parcel: '2'.repeat(32) }),
    await send(drop, first, { message: 'Later words', parcel: '3'.repeat(32), day: '2026-11-25' }),
    await send(drop, second, { message: null, files: FILES, parcel: '4'.repeat(32), only: [] }),
  ];
  await mkdir(join(drop.bundle, 'inbox', '5'.repeat(32)));
  exchange = join(folder, 'exchange');
  await mkdir(join(exchange, 'out'), { recursive: true });
  page = await makePage(folder);
  viewer = await startViewer([drop.bundle, '--keys', drop.keys, '--exchange', exchange, '--role', 'night desk'], page);
  client = await enter(viewer);
});

afterAll(async () => {
  viewer.interrupt();
  await viewer.ended;
  await remove();
});

const jsonOf = <T>({ status, body }: RawAnswer): T => {
  if (status !== 200) throw new Error(body.toString());
  return JSON.parse(body.toString()) as T;
};
const refused = ({ status, body }: RawAnswer) => [status, (JSON.parse(body.toString()) as Refusal).code];
const list = (query = '') => client.json<ConversationPage>(`/api/conversations${query}`);
const after = async (job: Job): Promise<Job> => {
  let now = job;
  while (now.state === 'waiting' || now.state === 'running') {
    await setTimeout(20);
    now = await client.json<Job>(`/api/jobs/${job.id}`);
  }
  return now;
};

test('what the page starts with', async () => {
  expect(await client.json<Start>('/api/start')).toMatchObject({
    organisation: 'Example Newsroom',
    bundle: 'bundle',
    today: '2026-11-24',
    clock: null,
    parcels: 5,
    findings: [],
    canReply: true,
    whyNot: null,
    exchange,
  });
});

describe('conversations', () => {
  test('come by source, in the order of the bundle, and what nobody proved last', async () => {
    const { conversations, next, total, reading } = await list();
    expect([next, total, reading]).toEqual([null, 3, null]);
    expect(conversations).toMatchObject([
      { id: first.key, day: '2026-11-25', submissions: 2, unseen: 2, message: 'Later words', state: 'sealed' },
      { id: second.key, submissions: 2, message: 'Another source', state: 'unfinished', labels: [] },
      { id: 'unproved', submissions: 1, message: null, state: 'damaged' },
    ]);
  });

  test('can be searched, and paged behind any of them', async () => {
    expect((await list('?search=another')).conversations.map(({ id }) => id)).toEqual([second.key]);
    expect((await list('?search=nowhere')).total).toBe(0);
    expect((await list(`?after=${first.key}`)).conversations.map(({ id }) => id)).toEqual([second.key, 'unproved']);
    expect((await list('?after=unproved')).conversations).toEqual([]);
  });

  test('are read with whole messages', async () => {
    const { entries } = await client.json<ConversationView>(`/api/conversations/${first.key}`);
    expect(entries).toMatchObject([
      {
        kind: 'submission',
        submission: {
          parcel: parcels[0]!.parcel,
          state: 'sealed',
          received: '2026-11-24',
          files: 2,
          message: { text: 'The first words\nand more', whole: true },
          findings: [],
          marks: { seen: false, labels: [], note: '' },
        },
      },
      { kind: 'submission', submission: { parcel: parcels[2]!.parcel } },
    ]);
    expect((await client.get('/api/conversations/nobody')).status).toBe(404);
  });
});

describe('marks', () => {
  test('are kept, and are there for the next viewer', async () => {
    const place = `/api/parcels/${parcels[1]!.parcel}/marks`;
    expect(jsonOf<Marks>(await client.post(place, { labels: ['urgent'], note: 'call back' }))).toEqual({
      seen: false,
      labels: ['urgent'],
      note: 'call back',
    });
    expect(jsonOf<Marks>(await client.post(place, { seen: true })).labels).toEqual(['urgent']);
    expect((await list('?search=call+back')).conversations.map(({ id }) => id)).toEqual([second.key]);
    const next = await startViewer([drop.bundle, '--keys', drop.keys], page);
    const { conversations } = await (await enter(next)).json<ConversationPage>('/api/conversations');
    expect(conversations[1]).toMatchObject({ unseen: 1, labels: ['urgent'] });
    next.interrupt();
    await next.ended;
    const log = await readFile(join(drop.keys, 'cases', `${parcels[1]!.parcel}.log.age`), 'latin1');
    expect(log).not.toContain('urgent');
  });

  test.for<[unknown]>([
    [{ seen: 'yes' }],
    [{ labels: ['x'.repeat(61)] }],
    [{ other: 1 }],
    [{ note: 'x'.repeat(20_001) }],
    [[]],
  ])('marks of another form are refused, and do the viewer no harm: %#', async ([body]) => {
    expect(refused(await client.post(`/api/parcels/${parcels[0]!.parcel}/marks`, body))).toEqual([422, 'body-form']);
    expect((await client.get('/api/start')).status).toBe(200);
  });
});

describe('replies', () => {
  test('are written for the source alone, and told at the terminal', async () => {
    const file = join(exchange, 'answer.txt');
    await writeFile(file, 'attached');
    const answer = await client.post(`/api/parcels/${parcels[0]!.parcel}/reply`, {
      message: 'Thank you\u001b[2J',
      attachments: [file],
    });
    expect(jsonOf<ReplyView>(answer)).toMatchObject({
      number: 1,
      message: 'Thank you\u001b[2J',
      files: [{ name: 'answer.txt', size: 8 }],
      inOutbox: true,
    });
    expect(viewer.lines.at(-1)).toContain('| Thank you\\x1b[2J');
    expect(viewer.lines.at(-1)).toContain(file);
    const [reply] = await readdir(join(drop.bundle, 'outbox'));
    const bag = await openWithStockTools(join(drop.bundle, 'outbox', reply!), first.replyIdentity);
    expect(await readFile(join(bag, 'data/files/answer.txt'), 'utf8')).toBe('attached');
    await rm(bag, { recursive: true });
    const { entries } = await client.json<ConversationView>(`/api/conversations/${first.key}`);
    expect(entries.filter(({ kind }) => kind === 'reply')).toHaveLength(1);
    // In the list stand the source's words, not ours.
    expect((await list()).conversations[0]).toMatchObject({ replies: 1, message: 'Later words' });
  });

  test('take nothing from outside of the folder that was named at the terminal', async () => {
    const link = join(exchange, 'link');
    await symlink(join(drop.keys, 'root.key'), link);
    for (const path of [join(drop.keys, 'root.key'), '/etc/passwd', link, `${exchange}/../keys/root.key`, 'answer.txt'])
      expect(
        refused(await client.post(`/api/parcels/${parcels[0]!.parcel}/reply`, { message: 'x', attachments: [path] })),
      ).toEqual([409, 'exchange-outside']);
    expect(await readdir(join(drop.bundle, 'outbox'))).toHaveLength(1);
  });

  test('tell of a file that is not there', async () => {
    const path = join(exchange, 'no such file.txt');
    const place = `/api/parcels/${parcels[0]!.parcel}/reply`;
    expect(refused(await client.post(place, { message: 'x', attachments: [path] }))).toEqual([
      409,
      'attachment-unreadable',
    ]);
  });

  test('need words', async () => {
    const place = `/api/parcels/${parcels[0]!.parcel}/reply`;
    expect(refused(await client.post(place, { message: '', attachments: [] }))).toEqual([409, 'message-empty']);
    expect((await client.post(`/api/parcels/${'9'.repeat(32)}/reply`, { message: 'x', attachments: [] })).status).toBe(
      404,
    );
  });
});

describe('work', () => {
  test('a parcel is verified', async () => {
    const job = jsonOf<Job>(await client.post(`/api/parcels/${parcels[0]!.parcel}/verify`, {}));
    expect(job.found).toBeNull();
    const { parcel } = parcels[0]!;
    expect(await after(job)).toMatchObject({ kind: 'verify', parcel, state: 'done', found: 'sealed', folder: null });
    const other = jsonOf<Job>(await client.post(`/api/parcels/${'4'.repeat(32)}/verify`, {}));
    expect(await after(other)).toMatchObject({ state: 'done', found: 'unfinished' });
  });

  test('chosen files are exported, and no others', async () => {
    const { files } = await client.json<FilePage>(`/api/parcels/${parcels[0]!.parcel}/files`);
    const order = { out: join(exchange, 'out'), files: [files.find(({ path }) => path === 'a/two.txt')!.index] };
    const job = await after(jsonOf<Job>(await client.post(`/api/parcels/${parcels[0]!.parcel}/extract`, order)));
    expect(job.state).toBe('done');
    expect(await readdir(join(job.folder!, 'data/files/a'))).toEqual(['two.txt']);
    expect(await readdir(job.folder!)).toEqual(['data']);
    const again = await after(jsonOf<Job>(await client.post(`/api/parcels/${parcels[0]!.parcel}/extract`, order)));
    expect(again.folder).not.toBe(job.folder);
  });

  test('the whole bag is exported, with its custody as `extract` writes it', async () => {
    const order = { out: exchange, files: null };
    const job = await after(jsonOf<Job>(await client.post(`/api/parcels/${parcels[0]!.parcel}/extract`, order)));
    expect(job.folder).toBe(join(exchange, parcels[0]!.parcel));
    const one = await readFile(join(job.folder!, 'data/files/a/one.txt'));
    const manifest = await readFile(join(job.folder!, 'manifest-sha256.txt'), 'utf8');
    expect(manifest).toContain(createHash('sha256').update(one).digest('hex'));
    const custody = await readdir(join(job.folder!, 'custody'));
    expect(custody).toEqual(expect.arrayContaining(['report.html', 'report.json', 'report.pdf']));
    const report = await readFile(join(job.folder!, 'custody/report.json'), 'utf8');
    expect(report).toContain(createHash('sha256').update(one).digest('hex'));
    expect(await readFile(join(job.folder!, 'tagmanifest-sha256.txt'), 'utf8')).toContain(' custody/report.json\n');
    const log = await readFile(join(job.folder!, 'custody', 'events.txt'), 'utf8');
    expect(log).toContain('"night desk"');
  });

  test('nothing is written outside of the folder that was named at the terminal', async () => {
    for (const out of [folder, '/tmp', drop.keys, drop.bundle, `${exchange}/..`, 'out', join(exchange, 'answer.txt')])
      expect(
        refused(await client.post(`/api/parcels/${parcels[0]!.parcel}/extract`, { out, files: null })),
        out,
      ).toEqual([409, 'exchange-outside']);
  });

  test('is stopped when it is asked to', async () => {
    const jobs: Job[] = [];
    for (let i = 0; i < 3; i++)
      jobs.push(jsonOf<Job>(await client.post(`/api/parcels/${parcels[0]!.parcel}/verify`, {})));
    jsonOf<Job>(await client.remove(`/api/jobs/${jobs[2]!.id}`));
    expect((await after(jobs[2]!)).state).toBe('stopped');
    expect((await after(jobs[1]!)).state).toBe('done');
    expect((await client.get('/api/jobs/999')).status).toBe(404);
  });
});

test('a folder that holds the keys, or lies in them, is not taken', async () => {
  for (const place of [folder, drop.keys, drop.bundle, join(drop.bundle, 'inbox'), join(folder, 'nowhere')])
    await expect(startViewer([drop.bundle, '--keys', drop.keys, '--exchange', place], page)).rejects.toThrow(
      'is not a folder that can be used',
    );
});

test('without such a folder nothing is exported, and the page is told how', async () => {
  const other = await startViewer([drop.bundle, '--keys', drop.keys], page);
  const bare = await enter(other);
  const answer = await bare.post(`/api/parcels/${parcels[0]!.parcel}/extract`, { out: exchange, files: null });
  expect(refused(answer)).toEqual([409, 'exchange-none']);
  expect((JSON.parse(answer.body.toString()) as Refusal).hint).toContain('--exchange DIR');
  expect(await bare.post('/api/close', {})).toMatchObject({ status: 200 });
  expect(await other.ended).toMatchObject({ exit: 0 });
});

test('what nobody asks anything of ends by itself, and not while the page only looks whether it is there', async () => {
  const left = await startViewer([drop.bundle, '--keys', drop.keys, '--lock', '0.01'], page);
  const looking = await enter(left);
  const { exit, stdout } = await Promise.race([
    left.ended,
    (async () => {
      for (;;) {
        await looking.get('/api/start');
        await setTimeout(50);
      }
    })(),
  ]).catch(() => left.ended);
  expect([exit, stdout]).toEqual([0, expect.stringContaining('nothing was asked for in 0.01 min')]);
  await expect(startViewer([drop.bundle, '--keys', drop.keys, '--lock', 'soon'], page)).rejects.toThrow('--lock takes');
});
