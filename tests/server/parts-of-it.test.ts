/** The small pieces of the server, each by itself. */
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { watchProgress } from '../../server/guard/progress.ts';
import { createRoom } from '../../server/guard/room.ts';
import { describeError } from '../../server/log.ts';
import { gaps } from '../../server/routes/source/seal-parcel.ts';
import { readRange } from '../../server/routes/range.ts';
import { formatBlobs, parseBlobs } from '../../server/store/blob-list.ts';
import { parseCouriers } from '../../server/store/courier-list.ts';
import { isAway } from '../../server/store/database.ts';
import { createFolderSync } from '../../server/store/folder-sync.ts';
import { receive } from '../../server/store/part-writer.ts';
import { until } from '../kit/waiting.ts';
import { watchFile } from '../../server/store/watched-file.ts';
import { createMerkleStream } from '../../server/store/merkle-stream.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const plainSha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('settings', () => {
  test('have the defaults of the manual and are frozen', () => {
    const config = readConfig({}, '/project');
    expect(config).toEqual({
      data: '/project/data',
      host: '127.0.0.1',
      sourcePort: 8440,
      staffPort: 8441,
      staffNames: [],
      databaseUrl: null,
      reserve: 1_073_741_824,
      clientFolder: '/project/client/dist',
      keepUnfinishedDays: 30,
      keepCollectedDays: 30,
      keepRepliesDays: 90,
      showCollected: true,
      opsHost: '127.0.0.1',
      opsPort: 8442,
      s3: null,
      quotas: { parcel: 0, mailbox: 0, total: 0 },
      scrubRate: 1_048_576,
      leastWork: 0,
      logTiles: 1,
      mostConnections: 8192,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test.each([
    [{ POSTERN_SOURCE_PORT: '65536' }, 'POSTERN_SOURCE_PORT'],
    [{ POSTERN_STAFF_PORT: '8440' }, 'must differ'],
    [{ POSTERN_OPS_PORT: '8441' }, 'must differ'],
    [{ POSTERN_S3_BUCKET: 'b' }, 'POSTERN_S3_ENDPOINT, POSTERN_S3_ACCESS_KEY, POSTERN_S3_SECRET_KEY must be set too'],
    [{ POSTERN_LEAST_WORK: '9' }, 'POSTERN_LEAST_WORK must be a whole number from 0 to 8.'],
    [{ POSTERN_RESERVE: '1e9' }, 'POSTERN_RESERVE'],
    [{ POSTERN_QUOTA_TOTAL: '1' }, 'There is no setting POSTERN_QUOTA_TOTAL.'],
    [{ POSTERN_HOST: 'example.org' }, 'POSTERN_HOST'],
    [{ POSTERN_DATABASE_URL: 'localhost:5432' }, 'POSTERN_DATABASE_URL'],
    [{ POSTERN_KEEP_UNFINISHED_DAYS: '-1' }, 'POSTERN_KEEP_UNFINISHED_DAYS'],
    [{ POSTERN_KEEP_COLLECTED_DAYS: '36501' }, 'POSTERN_KEEP_COLLECTED_DAYS must be a whole number from 0 to 36500.'],
    [{ POSTERN_KEEP_REPLIES_DAYS: '1.5' }, 'POSTERN_KEEP_REPLIES_DAYS must be a whole number from 0 to 36500.'],
    [{ POSTERN_SHOW_COLLECTED: 'true' }, 'POSTERN_SHOW_COLLECTED must be yes or no.'],
    [{ POSTERN_OPS_HOST: 'ops' }, 'POSTERN_OPS_HOST must be an IP address or localhost.'],
    [{ POSTERN_OPS_PORT: 'x' }, 'POSTERN_OPS_PORT'],
    [{ POSTERN_CONNECTIONS: '1000001' }, 'POSTERN_CONNECTIONS'],
    [{ POSTERN_SCRUB_RATE: 'fast' }, 'POSTERN_SCRUB_RATE'],
    [{ POSTERN_PARCEL_QUOTA: '40G' }, 'POSTERN_PARCEL_QUOTA'],
    [{ POSTERN_MAILBOX_QUOTA: '-1' }, 'POSTERN_MAILBOX_QUOTA'],
    [{ POSTERN_TOTAL_QUOTA: '1.5' }, 'POSTERN_TOTAL_QUOTA'],
    [{ POSTERN_DATABASE_URL_FILE: '/nowhere' }, 'POSTERN_DATABASE_URL_FILE names a file that cannot be read.'],
    [{ POSTERN_S3_SECRET_KEY_FILE: '/dev/null' }, 'POSTERN_S3_SECRET_KEY_FILE names a file that is empty.'],
    [
      { POSTERN_DATABASE_URL: 'postgres://a', POSTERN_DATABASE_URL_FILE: '/nowhere' },
      'POSTERN_DATABASE_URL and POSTERN_DATABASE_URL_FILE must not both be set.',
    ],
  ])('that cannot be are refused: %o', (env, words) => {
    expect(() => readConfig(env, '/project')).toThrow(words);
  });

  test('that are secret may lie in files', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'database-url');
    await writeFile(file, 'postgres://postern:word@postgres/postern\n');
    const { databaseUrl } = readConfig({ POSTERN_DATABASE_URL_FILE: file }, '/');
    expect(databaseUrl).toBe('postgres://postern:word@postgres/postern');
  });

  test('an empty one is as good as none', () => {
    expect(readConfig({ POSTERN_HOST: '', POSTERN_RESERVE: '', POSTERN_DATA: '' }, '/')).toEqual(readConfig({}, '/'));
  });

  test('of retention are days, where 0 is for ever, and yes or no', () => {
    const env = { POSTERN_KEEP_COLLECTED_DAYS: '0', POSTERN_KEEP_REPLIES_DAYS: '7', POSTERN_SHOW_COLLECTED: 'no' };
    expect(readConfig(env, '/')).toMatchObject({ keepCollectedDays: 0, keepRepliesDays: 7, showCollected: false });
    expect(readConfig({ POSTERN_SHOW_COLLECTED: 'yes' }, '/').showCollected).toBe(true);
  });

  test('staff names are a list', () => {
    expect(readConfig({ POSTERN_STAFF_NAMES: 'a.onion, b:8441 ,' }, '/').staffNames).toEqual(['a.onion', 'b:8441']);
  });
});

describe('room', () => {
  test('is what is free without the reserve and what others were promised', async () => {
    const room = createRoom(
      () => Promise.resolve(1000),
      100,
      () => 0,
    );
    await room.admit(600, 300);
    await expect(room.admit(601, 300)).rejects.toMatchObject({ code: 'storage-full' });
  });

  test('is looked at once a second at most, and half the reserve is the last line', async () => {
    let free = 1000;
    let now = 5;
    let looks = 0;
    const room = createRoom(
      () => Promise.resolve((looks++, free)),
      100,
      () => now,
    );
    await Promise.all([room.check(), room.check(), room.check()]);
    expect(looks).toBe(1);
    free = 49;
    await room.check();
    now += 1001;
    await expect(room.check()).rejects.toMatchObject({ code: 'storage-full' });
  });
});

describe('progress', () => {
  const request = (): IncomingMessage & { cut: Promise<unknown[]> } => {
    const socket = Object.assign(new EventEmitter(), {
      bytesRead: 0,
      destroyed: false,
      destroy: () => socket.emit('cut'),
    });
    return Object.assign(new EventEmitter(), { socket, complete: false, cut: once(socket, 'cut') }) as never;
  };

  test('a body that stands still is cut off', async () => {
    const stalled = request();
    watchProgress(stalled, { stall: 40, whole: 10_000, least: 1 }, () => performance.now());
    expect(await stalled.cut).toEqual([]);
  });

  test('one that trickles is cut off in the end', async () => {
    const slow = request();
    const timer = setInterval(() => ((slow.socket as { bytesRead: number }).bytesRead += 1), 5);
    const started = performance.now();
    watchProgress(slow, { stall: 60, whole: 200, least: 1 }, () => performance.now());
    await slow.cut;
    clearInterval(timer);
    expect(performance.now() - started).toBeGreaterThan(150);
  });
});

describe('taking a body', () => {
  const sink = (fail = Infinity) => {
    const pieces: Uint8Array[] = [];
    let length = 0;
    const write = async (list: readonly Uint8Array[]): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      for (const piece of list) pieces.push(Uint8Array.from(piece));
      length += list.reduce((sum, piece) => sum + piece.length, 0);
      if (length > fail) throw new Error('disk');
    };
    const writer = { name: '', write, finish: () => Promise.resolve(), discard: () => Promise.resolve() };
    return { writer, bytes: () => Buffer.concat(pieces) };
  };
  const never = new AbortController().signal;

  test('gives every byte and its hash, in pieces of any size', async () => {
    const bytes = patternBytes(7_000_001);
    for (const size of [1_000, 65_536, 3_000_000]) {
      const body = new PassThrough({ highWaterMark: 65_536 });
      const { writer, bytes: written } = sink();
      const taken = receive(body, writer, bytes.length, never);
      for (let at = 0; at < bytes.length; at += size)
        if (!body.write(Buffer.from(bytes.subarray(at, at + size)))) await once(body, 'drain');
      body.end();
      expect(await taken).toEqual({ length: bytes.length, sha256: plainSha256(bytes), whole: true });
      expect(Buffer.compare(written(), bytes)).toBe(0);
    }
  });

  test('keeps what came of one that breaks off, or that a newer request ends', async () => {
    for (const end of [
      (body: PassThrough) => body.destroy(new Error('reset')),
      (_: PassThrough, stop: AbortController) => stop.abort(),
    ]) {
      const body = new PassThrough();
      const stop = new AbortController();
      const { writer, bytes } = sink();
      const taken = receive(body, writer, 1000, stop.signal);
      body.write(patternBytes(300));
      await new Promise((resolve) => setTimeout(resolve, 20));
      end(body, stop);
      expect(await taken).toEqual({ length: 300, sha256: plainSha256(patternBytes(300)), whole: false });
      expect(bytes()).toHaveLength(300);
    }
  });

  test('of many that stall just below a batch, no more than a bound is held in memory', async () => {
    const stop = new AbortController();
    const sinks = Array.from({ length: 100 }, () => sink());
    const taken = sinks.map(({ writer }) => {
      const body = new PassThrough({ highWaterMark: 2_000_000 });
      body.write(Buffer.alloc(1_000_000));
      return receive(body, writer, 2_000_000, stop.signal);
    });
    const held = () => 100_000_000 - sinks.reduce((sum, { bytes }) => sum + bytes().length, 0);
    await until('all but the bound written', 30_000, () => held() <= 68_000_000);
    expect(held()).toBeLessThanOrEqual(68_000_000);
    stop.abort();
    for (const { length } of await Promise.all(taken)) expect(length).toBe(1_000_000);
    const body = new PassThrough();
    const { writer, bytes } = sink();
    const last = receive(body, writer, 10, never);
    body.write('12345');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bytes()).toHaveLength(0);
    body.end();
    expect((await last).length).toBe(5);
  });

  test('refuses more than was announced, and passes on what the disk says', async () => {
    const long = new PassThrough();
    const taken = receive(long, sink().writer, 10, never);
    long.end(patternBytes(11));
    await expect(taken).rejects.toMatchObject({ code: 'limit-exceeded' });
    const body = new PassThrough();
    const failing = receive(body, sink(5).writer, 10, never);
    body.end(patternBytes(10));
    await expect(failing).rejects.toThrow('disk');
  });
});

test('lists of blobs: what is written is read back, and nothing else is read', () => {
  const blob = fc.record({
    name: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    length: fc.integer({ min: 1, max: 20_000_000 }),
  });
  fc.assert(
    fc.property(fc.array(blob), (blobs) => {
      expect(parseBlobs(formatBlobs(blobs))).toEqual(blobs);
    }),
  );
  for (const text of [' ', 'x:1', `${'0'.repeat(32)}:0`, `${'0'.repeat(32)}:1 `])
    expect(() => parseBlobs(text)).toThrow();
});

test('a tree built leaf by leaf has the root of RFC 6962', async () => {
  const tree = createMerkleStream();
  const leaves: Uint8Array[] = [];
  for (let count = 0; count < 70; count++) {
    expect([tree.count, tree.root()]).toEqual([count, toHex(await merkleRoot(leaves))]);
    const leaf = patternBytes(32, count + 1);
    leaves.push(leaf);
    tree.push(leaf);
  }
});

test('ranges and gaps together are all the parts', () => {
  expect(gaps([], 3)).toEqual([[0, 2]]);
  expect(gaps([[0, 2]], 3)).toEqual([]);
  expect(
    gaps(
      [
        [1, 1],
        [4, 5],
      ],
      8,
    ),
  ).toEqual([
    [0, 0],
    [2, 3],
    [6, 7],
  ]);
});

test('any range header is a range within the part, the whole, or unsatisfiable', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 30 }), (text, a, b, size) => {
      for (const header of [text, `bytes=${a}-${b}`, `bytes=${a}-`, `bytes=-${b}`]) {
        const range = readRange(header, undefined, '"x"', size);
        if (range !== null && range !== 'unsatisfiable') {
          expect(range[0]).toBeLessThan(range[1]);
          expect(range[1]).toBeLessThanOrEqual(size);
        }
      }
    }),
  );
});

test('couriers.txt: keys with labels, remarks and rubbish', () => {
  const key = 'A'.repeat(43);
  expect([...parseCouriers(`# x\n${key} Anna\n  ${'B'.repeat(43)}\r\nshort Bob\n${'C'.repeat(44)} no\n`)]).toEqual([
    key,
    'B'.repeat(43),
  ]);
});

test('a folder is synced once for all that wait, and never too early', async () => {
  let running = 0;
  let count = 0;
  const sync = createFolderSync(async () => {
    expect(++running).toBe(1);
    count++;
    await new Promise((resolve) => setTimeout(resolve, 10));
    running--;
  });
  const first = sync('a');
  await Promise.all([first, sync('a'), sync('a'), sync('a')]);
  expect(count).toBe(2);
  await sync('a');
  expect(count).toBe(3);
  let fail = true;
  const failing = createFolderSync(() => (fail ? Promise.reject(new Error('EIO')) : Promise.resolve()));
  const answers = [failing('a'), failing('a')];
  await expect(answers[0]).rejects.toThrow('EIO');
  await expect(answers[1]).rejects.toThrow('EIO');
  fail = false;
  await failing('a');
});

test('a watched file is read again when it changed, and may be absent', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'file');
  const read = watchFile(path, (text) => Promise.resolve(text.toUpperCase()));
  expect(await read()).toBe(null);
  await writeFile(path, 'one');
  expect([await read(), await read()]).toEqual(['ONE', 'ONE']);
  await writeFile(path, 'two');
  expect(await read()).toBe('TWO');
  await mkdir(join(folder.path, 'x'));
  await utimes(path, 1, 1);
  expect([await read(), (await readdir(folder.path)).length]).toEqual(['TWO', 2]);
});

test('errors that mean "away" are told from all others; what is logged of an error has no message', () => {
  const error = (code: unknown): Error => Object.assign(new Error('secret parameter'), { code });
  for (const code of ['CONNECTION_CLOSED', 'ECONNREFUSED', 'ENOENT', '57P03', '57014', '08006', '53300'])
    expect([code, isAway(error(code))]).toEqual([code, true]);
  for (const code of ['23505', '42601', 'EIO', 5]) expect([code, isAway(error(code))]).toEqual([code, false]);
  expect(isAway(new Error('x')) || isAway(null)).toBe(false);
  const line = describeError(error('23505'));
  expect(line).toMatchObject({ error: 'Error', code: '23505', at: expect.stringMatching(/^[\w.-]+:\d+$/) });
  expect(JSON.stringify(line)).not.toContain('secret');
  expect(isProblem(error('x'))).toBe(false);
});
