/** The whole engine, without a browser, against a real server with its database and disk: smooth, rough and refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sizeOf, sliceOf } from '../../../client/upload/body.ts';
import { createSealing } from '../../../client/upload/sealing.ts';
import type { PickedFile } from '../../../client/upload/submission-types.ts';
import type { HttpRequest, Transport } from '../../../client/upload/transport.ts';
import { nodeCipher } from '../../../desk/node-cipher.ts';
import { openReceipt } from '../../../shared/statements/receipt.ts';
import { utf8Decode } from '../../../shared/bytes/utf8.ts';
import { fetchTransport } from '../../kit/fetch-transport.ts';
import { patternBytes, random } from '../../kit/random-bytes.ts';
import { startTestServer } from '../../kit/test-server.ts';
import type { TestServer } from '../../kit/test-server.ts';
import { failingFile } from './failing-file.ts';
import { parcelIn, reach, readArrived, runEngine, testCard } from './run-engine.ts';
import { soon } from './soon.ts';

const MIB = 1_048_576;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const pick = (path: string, bytes: Uint8Array<ArrayBuffer>, modified = 1_700_000_000_123): PickedFile => ({
  path,
  file: new File([bytes], path, { lastModified: modified }),
});
const CONTENTS: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  'папка/видео.mp4': patternBytes(6 * MIB + 12_345, 1),
  'empty.txt': new Uint8Array(0),
  'a/same.jpg': patternBytes(300_000, 2),
  'b/same.jpg': patternBytes(10, 3),
};
const FILES = Object.entries(CONTENTS).map(([path, bytes]) => pick(path, bytes));

/** A transport through which the parcel's id can be seen. */
function watched(transport: Transport): Transport & { parcel(): string } {
  let parcel = '';
  const watch = (request: HttpRequest) => {
    parcel = parcelIn(request.path) ?? parcel;
    return transport(request);
  };
  return Object.assign(watch, { parcel: () => parcel });
}

async function expectArrived(parcel: string, total: number, contents = CONTENTS): Promise<void> {
  const { files, report } = await readArrived(server, parcel, Math.ceil(total / MIB));
  expect(report.valid).toBe(true);
  for (const [path, bytes] of Object.entries(contents)) {
    const file = files.find((one) => one.path === `data/files/${path}`);
    expect(file?.complete).toBe(true);
    expect(file?.modified).toBe(1_700_000_000_123);
    expect(Buffer.compare(file!.content, bytes)).toBe(0);
  }
  expect(files.filter((one) => one.path.startsWith('data/files/'))).toHaveLength(Object.keys(contents).length);
}

describe('all goes well', () => {
  test('a message and files arrive as a valid bag, and the receipt is the server’s', async () => {
    const transport = watched(fetchTransport(server.sourceUrl));
    const engine = await runEngine(server, { files: FILES, message: 'Привет', transport });
    const phases = new Set([engine.state().phase]);
    let most = 0;
    engine.subscribe(() => {
      phases.add(engine.state().phase);
      expect(engine.state().acknowledged).toBeGreaterThanOrEqual(most);
      most = engine.state().acknowledged;
    });
    await engine.done;
    const state = engine.state();
    expect(state).toMatchObject({ phase: 'received', problem: null, unreadable: [], acknowledged: state.total });
    expect([...phases]).toEqual(['preparing', 'uploading', 'sealing', 'received']);
    await expectArrived(transport.parcel(), state.total);
    const receipt = await openReceipt(state.receipt!, server.organisation.receipt.publicKey);
    expect([receipt.parcel, receipt.received]).toEqual([transport.parcel(), state.receivedDay]);
    const { files } = await readArrived(server, transport.parcel(), Math.ceil(state.total / MIB));
    const message = files.find(({ path }) => path === 'data/message.txt')!;
    expect(utf8Decode(message.content)).toBe('Привет');
    // Of a message's time nobody learns more than the day.
    expect(message.modified % 86_400_000).toBe(0);
  });

  test('words alone make a parcel', async () => {
    const engine = await runEngine(server, { files: [], message: 'only words' });
    await engine.done;
    expect(engine.state()).toMatchObject({ phase: 'received', total: 16_384, acknowledged: 16_384 });
  });
});

describe('all goes wrong', () => {
  test('lost requests, lost answers, cut bodies, errors of proxies: it arrives all the same', async () => {
    let chance = 0;
    const inner = fetchTransport(server.sourceUrl);
    const rough: Transport = async (request) => {
      const kind = random(1)[0]! % 10;
      chance += 1;
      if (kind === 0) return null;
      if (kind === 1) {
        await inner(request);
        return null;
      }
      if (kind === 2) return { status: 502, text: '<h1>Bad Gateway</h1>', header: () => null };
      if (kind === 3) return { status: 404, text: 'no such site', header: () => null };
      if (kind === 4) return { status: 200, text: '<h1>Log in to the hotel</h1>', header: () => null };
      if (kind === 5 && request.method !== 'HEAD' && request.body !== null && sizeOf(request.body) > 1000) {
        const half = sliceOf(request.body, 0, sizeOf(request.body) >> 1);
        if (request.path.includes('/parts/')) await inner({ ...request, body: half });
        return null;
      }
      return inner(request);
    };
    const transport = watched(rough);
    const engine = await runEngine(server, { files: FILES, transport });
    await engine.done;
    expect(chance).toBeGreaterThan(20);
    expect(engine.state()).toMatchObject({ phase: 'received', problem: null });
    await expectArrived(transport.parcel(), engine.state().total);
  }, 60_000);

  test('while nothing gets through it waits, and goes on by itself or at a word', async () => {
    let away = false;
    const inner = fetchTransport(server.sourceUrl);
    const transport: Transport = async (request) => (away ? null : inner(request));
    const engine = await runEngine(server, { files: FILES, transport });
    await soon(() => engine.state().acknowledged > 0);
    away = true;
    await reach(engine, 'waiting');
    const { acknowledged } = engine.state();
    away = false;
    engine.wake();
    await engine.done;
    expect(engine.state().phase).toBe('received');
    expect(acknowledged).toBeGreaterThan(0);
  });

  test('a part that the server has forgotten is made again', async () => {
    let forgotten = 0;
    const inner = fetchTransport(server.sourceUrl);
    const body = JSON.stringify({ title: '', status: 404, code: 'not-found' });
    const transport = watched(async (request) => {
      if (request.method === 'PATCH' && forgotten++ === 0) return { status: 404, text: body, header: () => null };
      return inner(request);
    });
    const engine = await runEngine(server, { files: FILES, transport });
    await engine.done;
    expect(forgotten).toBeGreaterThan(0);
    await expectArrived(transport.parcel(), engine.state().total);
  });
});

describe('a server that came back from a backup', () => {
  test.each([
    ['files, of which it knows what they are', FILES, null],
    ['words alone', [], 'Look at minute three. '.repeat(100_000)],
  ] as const)(
    'has lost parts that it had acknowledged: the page makes and sends them again: %s',
    async (_, files, message) => {
      const { database } = server.database;
      let seals = 0;
      const inner = fetchTransport(server.sourceUrl);
      const transport = watched(async (request) => {
        if (request.path.endsWith('/seal') && seals++ === 0) {
          const id = Buffer.from(parcelIn(request.path)!, 'hex');
          await database.run((sql) => sql`delete from part where parcel = ${id} and seq in (0, 2)`);
        }
        return inner(request);
      });
      const engine = await runEngine(server, { files, message, transport });
      await engine.done;
      expect(engine.state()).toMatchObject({ phase: 'received', problem: null, changed: [] });
      expect(seals).toBe(2);
      const { total } = engine.state();
      if (message === null) return expectArrived(transport.parcel(), total);
      const arrived = await readArrived(server, transport.parcel(), Math.ceil(total / MIB));
      expect(arrived.report.valid).toBe(true);
    },
  );

  test('is behind within a part: the page goes on there', async () => {
    const { database } = server.database;
    const inner = fetchTransport(server.sourceUrl);
    let lost = 0;
    const transport = watched(async (request) => {
      const { path, body, method } = request;
      if (!path.endsWith('/parts/1') || body === null || lost > 0) return inner(request);
      if (method === 'POST') {
        // It gets half of it, and the answer is lost.
        await inner({ ...request, body: sliceOf(body, 0, sizeOf(body) >> 1) });
        return null;
      }
      lost++;
      const id = Buffer.from(parcelIn(path)!, 'hex');
      await database.run((sql) => sql`update part set received = 0, blobs = '' where parcel = ${id} and seq = 1`);
      return inner(request);
    });
    const engine = await runEngine(server, { files: FILES, transport });
    await engine.done;
    expect(lost).toBe(1);
    expect(engine.state().phase).toBe('received');
    await expectArrived(transport.parcel(), engine.state().total);
  });
});

describe('where parts wait as Blobs', () => {
  test('they arrive the same over a rough link, also in pieces', async () => {
    const sealing = createSealing(nodeCipher, random, true);
    let chance = 0;
    let blobs = 0;
    const inner = fetchTransport(server.sourceUrl);
    const transport = watched(async (request) => {
      if (request.body instanceof Blob) blobs += 1;
      if (!request.path.includes('/parts/') || ++chance % 3 > 0 || request.body === null) return inner(request);
      await inner({ ...request, body: sliceOf(request.body, 0, sizeOf(request.body) >> 1) });
      return null;
    });
    const engine = await runEngine(server, { files: FILES, sealings: [sealing], transport });
    await reach(engine, 'received');
    await expectArrived(transport.parcel(), engine.state().total);
    expect(blobs).toBeGreaterThan(5);
  }, 60_000);
});

describe('the person', () => {
  test('pauses and goes on: what was acknowledged is not sent again', async () => {
    let bytes = 0;
    const inner = fetchTransport(server.sourceUrl);
    const transport = watched(async (request) => {
      if (request.path.includes('/parts/')) bytes += request.body === null ? 0 : sizeOf(request.body);
      return inner(request);
    });
    const engine = await runEngine(server, { files: FILES, transport });
    for (let round = 0; round < 3; round++) {
      const before = engine.state().acknowledged;
      await soon(() => engine.state().acknowledged > before);
      engine.pause();
      expect(engine.state()).toMatchObject({ phase: 'paused', bytesPerSecond: null });
      await new Promise((resolve) => setTimeout(resolve, 20));
      engine.resume();
    }
    await engine.done;
    const { total } = engine.state();
    await expectArrived(transport.parcel(), total);
    // At most what was on its way at each pause may have gone twice.
    expect(bytes).toBeLessThan(total * 1.01 + 3 * 3 * MIB);
  });

  test('stops: nothing more is sent, nothing more is said', async () => {
    let requests = 0;
    const inner = fetchTransport(server.sourceUrl);
    const engine = await runEngine(server, {
      files: FILES,
      transport: (request) => {
        requests += 1;
        return inner(request);
      },
    });
    await soon(() => engine.state().phase === 'uploading');
    engine.stop();
    await engine.done;
    const before = requests;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(requests).toBe(before);
    expect(engine.state().phase).toBe('uploading');
  });

  test('goes on without a file that vanished: the bag is valid, says so, and has what was read', async () => {
    const bytes = CONTENTS['папка/видео.mp4']!;
    const lost = failingFile(bytes, 'x', 1_700_000_000_123);
    lost.failFrom(4 * MIB + 100);
    const transport = watched(fetchTransport(server.sourceUrl));
    const engine = await runEngine(server, { files: [{ path: 'lost', file: lost.file }, ...FILES], transport });
    await reach(engine, 'held');
    engine.continueWithout('lost');
    await engine.done;
    const { total, unreadable } = engine.state();
    expect(unreadable).toEqual([{ path: 'lost' }]);
    const { files, report } = await readArrived(server, transport.parcel(), Math.ceil(total / MIB));
    expect(report.valid).toBe(true);
    expect(report.counts).toMatchObject({ whole: 4, 'source-could-not-read': 1 });
    const expected = new Uint8Array(bytes.length);
    expected.set(bytes.subarray(0, 4 * MIB + 100));
    expect(Buffer.compare(files.find(({ path }) => path === 'data/files/lost')!.content, expected)).toBe(0);
  });

  test('shows a lost file again: it arrives whole', async () => {
    const bytes = CONTENTS['папка/видео.mp4']!;
    const lost = failingFile(bytes, 'x', 1_700_000_000_123);
    lost.failFrom(4 * MIB + 100);
    const transport = watched(fetchTransport(server.sourceUrl));
    const engine = await runEngine(server, { files: [{ path: 'lost', file: lost.file }, ...FILES], transport });
    await reach(engine, 'held');
    expect(engine.replaceFile('lost', pick('', bytes, 5).file)).toBe(false);
    expect(engine.replaceFile('lost', pick('', bytes).file)).toBe(true);
    await engine.done;
    expect(engine.state().unreadable).toEqual([]);
    await expectArrived(transport.parcel(), engine.state().total, { lost: bytes, ...CONTENTS });
  });
});

describe('is refused', () => {
  test.each([
    [
      'for a card of yesterday',
      { recipients: [{ from: '2020-01-01', until: '2020-12-31', recipient: '' }] },
      'card-expired',
    ],
    ['for a card that is no longer the newest', { serial: 7 }, 'card-outdated'],
    ['for a receipt of another key', { receiptKey: patternBytes(32) }, 'signature-wrong'],
  ] as const)('%s', async (_, change, code) => {
    const card = { ...(await testCard(server)), ...change };
    const engine = await runEngine(server, { files: [], message: 'x', card });
    await engine.done;
    expect(engine.state()).toMatchObject({ phase: 'refused', problem: { code } });
  });

  test.each(['parcel-unknown', 'storage-full', 'quota-reached'] as const)('when the server says %s', async (code) => {
    const inner = fetchTransport(server.sourceUrl);
    const at = code === 'parcel-unknown' ? '/parts/' : '/api/parcels';
    const status = code === 'parcel-unknown' ? 404 : 507;
    const engine = await runEngine(server, {
      files: FILES,
      transport: async (request) =>
        request.path.includes(at)
          ? { status, text: JSON.stringify({ title: '', status, code }), header: () => null }
          : inner(request),
    });
    await engine.done;
    expect(engine.state()).toMatchObject({ phase: 'refused', problem: { code }, acknowledged: 0 });
  });
});
