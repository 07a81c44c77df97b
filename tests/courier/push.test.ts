/** `courier push` against a staff listener with faults: what is sent, what is sent again, what is said. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseEnvelope } from '../../shared/protocol/envelope.ts';
import { startFakeStaff } from '../kit/fake-staff.ts';
import type { FakeStaff } from '../kit/fake-staff.ts';
import { drawSigners, makeReply } from '../kit/make-reply.ts';
import type { MadeReply } from '../kit/make-reply.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { courier } from './run-courier.ts';
import type { CourierOptions } from './run-courier.ts';

const signers = await drawSigners();
let staff: FakeStaff;
let folder: TemporaryFolder;
let bundle: string;
let key: string;

beforeEach(async () => {
  staff = await startFakeStaff();
  staff.signers = signers;
  staff.card = signers.card;
  folder = await temporaryFolder();
  bundle = join(folder.path, 'bundle');
  await mkdir(bundle);
  key = join(folder.path, 'courier.key');
  const { out } = await courier(['enrol', key]);
  staff.couriers.add(out.split(' ')[0]!);
});

afterEach(async () => {
  await staff.close();
  await folder[Symbol.asyncDispose]();
});

const push = (extra: readonly string[] = [], options: CourierOptions = {}) =>
  courier(['push', bundle, '--server', staff.url.href, '--key', key, ...extra], options);
const partRequests = () => staff.requests.filter((line) => line.includes('/parts/'));
const isPart = (request: IncomingMessage) => request.url?.includes('/parts/') ?? false;

function expectThere({ reply, parts }: MadeReply): void {
  const there = staff.replies.byId.get(reply);
  expect(there?.receipt).not.toBeNull();
  expect([...(there?.parts ?? [])].sort(([a], [b]) => a - b).map(([, { bytes }]) => bytes)).toEqual(parts);
}

describe('an outbox', () => {
  test('is delivered; a second run finds everything there and sends nothing', async () => {
    const replies = [await makeReply(bundle, signers, { parts: 7 }), await makeReply(bundle, signers, { number: 2 })];
    const first = await push();
    expect(first).toMatchObject({ exit: 0, err: '' });
    expect(first.out).toContain('2 replies in the bundle: 2 delivered now; 50.0 kB sent.');
    replies.forEach(expectThere);

    staff.requests.length = 0;
    const second = await push();
    expect(second).toMatchObject({
      exit: 0,
      out: '2 replies in the bundle: 2 there already; nothing was sent.\n',
    });
    // A question each, so that an outbox of many years costs little.
    expect(staff.requests.filter((line) => line.includes('/api/replies')).sort()).toEqual(
      replies.map(({ reply }) => `GET /api/replies/${reply}`).sort(),
    );
  });

  test('that was delivered by a run that could not write it down is there as well', async () => {
    const made = await makeReply(bundle, signers);
    await push();
    await made.writeEnvelope(made.envelope);
    staff.requests.length = 0;
    expect((await push()).out).toContain('there already');
    expect(partRequests()).toEqual([]);
    expect(await readFile(join(made.folder, 'envelope.json'), 'utf8')).toContain('postern/receipt/v1');
  });

  test('keeps the receipt of what was delivered, and what was deleted since is not brought again', async () => {
    const made = await makeReply(bundle, signers);
    await push();
    const envelope = parseEnvelope(await readFile(join(made.folder, 'envelope.json'), 'utf8'));
    expect(envelope).toEqual({ ...made.envelope, receipt: staff.replies.byId.get(made.reply)!.receipt });

    staff.replies.byId.clear();
    const again = await push();
    expect(again.exit).toBe(0);
    expect(again.out).toBe(
      '1 reply in the bundle: 1 delivered before and deleted on the server since; nothing was sent.\n',
    );
    expect(staff.replies.byId.size).toBe(0);
  });

  test('with the receipt of somebody else is as one without', async () => {
    const made = await makeReply(bundle, signers);
    await push();
    const receipt = staff.replies.byId.get(made.reply)!.receipt;
    staff.replies.byId.clear();
    const other = await makeReply(bundle, signers);
    await other.writeEnvelope({ ...other.envelope, receipt });
    expect((await push()).out).toContain(`${other.reply}  2026-11-24  delivered\n`);
    expectThere(other);
  });

  test('that is not there, or empty, is said so', async () => {
    expect(await push()).toMatchObject({ exit: 0, out: 'There are no replies in the bundle.\n' });
    const none = await courier(['push', join(folder.path, 'nowhere'), '--server', staff.url.href, '--key', key]);
    expect(none).toMatchObject({ exit: 3 });
    expect(none.err).toContain('There is no bundle');
  });

  test('is not touched while another courier is at work on the bundle', async () => {
    await makeReply(bundle, signers);
    await writeFile(join(bundle, '.courier-at-work'), `${process.ppid}\n`);
    expect(await push(['--json'])).toMatchObject({ exit: 3, out: expect.stringContaining('"error":"bundle-in-use"') });
    expect(staff.requests).toEqual([]);
  });
});

describe('a transfer', () => {
  test('that breaks goes on where the server is', async () => {
    const made = await makeReply(bundle, signers, { parts: 1, size: 900_000 });
    const cuts = [400_000, 300_000];
    staff.replies.cut = () => cuts.shift() ?? null;
    expect(await push(['--json'])).toMatchObject({ exit: 0, out: expect.stringContaining('"bytes":900000') });
    expect(partRequests().map((line) => line.split(' ')[0])).toEqual(['POST', 'HEAD', 'PATCH', 'HEAD', 'PATCH']);
    expectThere(made);
  });

  test('whose answer is lost is not made twice', async () => {
    const made = await makeReply(bundle, signers, { parts: 1 });
    let lost = 0;
    staff.replies.cut = () => (lost++ === 0 ? 5000 : null);
    expect((await push()).exit).toBe(0);
    expect(partRequests().map((line) => line.split(' ')[0])).toEqual(['POST', 'HEAD']);
    expectThere(made);
  });

  test('of a run that was stopped is gone on with by the next', async () => {
    const made = await makeReply(bundle, signers, { parts: 4, size: 100_000 });
    const stop = new AbortController();
    let requests = 0;
    staff.replies.cut = () => {
      if (++requests < 3) return null;
      stop.abort();
      return 40_000;
    };
    expect(await push(['--lanes', '1'], { signal: stop.signal })).toMatchObject({
      exit: 130,
      err: expect.stringContaining('Stopped; what is done so far is kept.'),
    });
    staff.replies.cut = () => null;
    staff.requests.length = 0;
    const again = await push(['--json', '--lanes', '1']);
    expect(JSON.parse(again.out)).toMatchObject({
      replies: [{ state: 'delivered', parts: 4, sent: 2 }],
      bytes: 160_000,
    });
    expect(partRequests().map((line) => line.split(' ')[0])).toEqual(['HEAD', 'PATCH', 'HEAD', 'POST']);
    expectThere(made);
  });

  test('waits while the server answers 503 or breaks off, at any step', async () => {
    const made = await makeReply(bundle, signers, { parts: 5 });
    let count = 0;
    staff.fault = (_, response) => {
      // In no rhythm that requests could fall into.
      const luck = Math.abs(Math.sin(++count)) * 3;
      if (luck < 1) response.destroy();
      else if (luck < 2) response.writeHead(503).end();
      return luck < 2;
    };
    const result = await push(['--lanes', '2']);
    expect(result).toMatchObject({ exit: 0 });
    expect(result.err).toContain('The server is away (');
    expectThere(made);
  });

  test('to a server that stays away is given up, with what to do', async () => {
    await makeReply(bundle, signers);
    // Also where it answers questions and only the bytes are lost on the way.
    for (const isLost of [isPart, (request: IncomingMessage) => isPart(request) && request.method !== 'HEAD']) {
      staff.fault = (request, response) => isLost(request) && (response.destroy(), true);
      const result = await push(['--patience', '300']);
      expect(result.exit).toBe(3);
      expect(result.err).toContain('The server does not answer: the connection broke off.');
      expect(result.err).toContain('What is done so far is kept');
    }
  });

  test('that came damaged is made again once, then reported', async () => {
    const [bad, good] = [await makeReply(bundle, signers, { parts: 1 }), await makeReply(bundle, signers)];
    staff.fault = (request, response) => {
      if (!isPart(request) || !request.url!.includes(bad.reply) || request.method === 'HEAD') return false;
      response.writeHead(422).end(JSON.stringify({ title: '', status: 422, code: 'part-damaged' }));
      return true;
    };
    const result = await push(['--json', '--lanes', '1']);
    expect(result.exit).toBe(1);
    expect(JSON.parse(result.out).replies).toContainEqual(
      expect.objectContaining({
        reply: bad.reply,
        state: 'kept-back',
        finding: expect.objectContaining({ code: 'part-damaged' }),
      }),
    );
    expect(partRequests().filter((line) => line.startsWith('POST') && line.includes(bad.reply))).toHaveLength(2);
    expectThere(good);
  });

  test('signs in again when the server forgot the session', async () => {
    const made = await makeReply(bundle, signers, { parts: 4 });
    let parts = 0;
    staff.fault = (request) => {
      if (isPart(request) && parts++ === 1) staff.forgetSessions();
      return false;
    };
    expect(await push(['--lanes', '1'])).toMatchObject({ exit: 0, err: '' });
    expectThere(made);
  });

  test('shows a bar on a terminal', async () => {
    await makeReply(bundle, signers, { parts: 8, size: 200_000 });
    const { err } = await push([], { interactive: true });
    expect(err).toMatch(/\[?#*-*\]? *\d+ % {2}[\d.]+ k?B of 1\.6 MB/);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });
});

describe('the server', () => {
  test('for a mailbox that its source has cleared takes nothing, and that is said', async () => {
    const made = await makeReply(bundle, signers);
    staff.replies.unwanted = true;
    const result = await push();
    expect(result.exit).toBe(0);
    expect(result.out).toContain(`${made.reply}  2026-11-24  not taken: the source has cleared this mailbox`);
    expect(partRequests()).toEqual([]);
  });

  test('that has another reply of this id, or no room, keeps the others going', async () => {
    const [other, full, fine] = [
      await makeReply(bundle, signers),
      await makeReply(bundle, signers),
      await makeReply(bundle, signers),
    ];
    staff.replies.byId.set(other.reply, {
      opening: full.envelope.opening,
      announced: 3,
      parts: new Map(),
      receipt: null,
    });
    staff.fault = (request, response) => {
      if (request.method === 'GET' || !request.url?.includes(full.reply)) return false;
      response.writeHead(507).end(JSON.stringify({ title: '', status: 507, code: 'storage-full' }));
      return true;
    };
    const result = await push();
    expect(result.exit).toBe(1);
    expect(result.out).toContain(
      `${other.reply}  2026-11-24  kept back: There is another parcel of this number already.`,
    );
    expect(result.out).toContain(`${full.reply}  2026-11-24  kept back: The server has no room for this parcel.`);
    expect(result.out).toContain('3 replies in the bundle: 1 delivered now, 2 kept back;');
    expectThere(fine);
  });

  test('that loses a reply while it is being sent is brought it again', async () => {
    const made = await makeReply(bundle, signers, { parts: 5 });
    let parts = 0;
    staff.fault = (request) => {
      if (isPart(request) && parts++ === 3) staff.replies.byId.clear();
      return false;
    };
    expect((await push(['--lanes', '1'])).exit).toBe(0);
    expectThere(made);
  });

  test('that answers with something else is named as such', async () => {
    await makeReply(bundle, signers);
    staff.fault = (request, response) => {
      if (request.url !== '/api/replies') return false;
      response.end('{"parcel":"?"}');
      return true;
    };
    expect(await push(['--json'])).toMatchObject({ exit: 3, out: expect.stringContaining('"error":"server-strange"') });
  });

  test('whose receipt is not signed as its card says is not believed', async () => {
    const made = await makeReply(bundle, signers);
    staff.signers = await drawSigners();
    expect(await push(['--json'])).toMatchObject({ exit: 3, out: expect.stringContaining('"error":"server-strange"') });
    expect(parseEnvelope(await readFile(join(made.folder, 'envelope.json'), 'utf8')).receipt).toBeNull();
  });

  test('without a card, or with something else for one, takes no replies', async () => {
    await makeReply(bundle, signers);
    staff.card = null;
    expect(await push(['--json'])).toMatchObject({ exit: 3, out: expect.stringContaining('"error":"card-missing"') });
    staff.card = 'a card\n';
    expect(await push(['--json'])).toMatchObject({ exit: 3, out: expect.stringContaining('"error":"server-strange"') });
    await rm(bundle, { recursive: true });
  });
});
