/** Parts over tus: what our client does, what stock clients do, and what happens when a connection, a hash or a disk fails. */
import { execFile } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Upload } from 'tus-js-client';
import { partRoute, TUS_ROUTE } from '../../shared/protocol/routes.ts';
import type { BlobStore } from '../../server/store/blob-store.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { connectTo, head } from '../kit/raw-request.ts';
import { BODY_TYPE, createSender, MIB, openAt, sealAt, sendAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { until } from '../kit/waiting.ts';

const TUS = { 'tus-resumable': '1.0.0' } as const;
let server: TestServer;
/** What the next blob's writes do instead of writing. */
let fault: (() => void) | null = null;

beforeAll(async () => {
  server = await startTestServer({}, (blobs: BlobStore) => ({
    ...blobs,
    async create(parcel) {
      const writer = await blobs.create(parcel);
      return {
        ...writer,
        async write(pieces) {
          fault?.();
          await writer.write(pieces);
        },
      };
    },
  }));
});
afterAll(() => server[Symbol.asyncDispose]());

async function opened(parts = 2, partSize = MIB): Promise<Sender> {
  const sender = await createSender({ parts, partSize });
  await openAt(server.sourceUrl, sender);
  return sender;
}

const urlOf = (sender: Sender, part = 0, base = server.sourceUrl): string => base + partRoute(sender.parcel, part);

async function offsetOf(sender: Sender, part = 0): Promise<number | null> {
  const answer = await fetch(urlOf(sender, part), { method: 'HEAD', headers: TUS });
  return answer.status === 200 ? Number(answer.headers.get('upload-offset')) : null;
}

function patch(url: string, offset: number, bytes: Uint8Array): Promise<Response> {
  return fetch(url, {
    method: 'PATCH',
    headers: { ...TUS, ...BODY_TYPE, 'upload-offset': String(offset) },
    body: Buffer.from(bytes),
  });
}

async function create(sender: Sender, bytes: Uint8Array, part = 0): Promise<Response> {
  return fetch(urlOf(sender, part), { method: 'POST', headers: await sender.creation(part, bytes) });
}

/** The names of files that lie in the parcel's folder of blobs. */
async function blobsOf(sender: Sender): Promise<string[]> {
  return readdir(join(server.database.data, 'blobs', sender.parcel)).catch(() => []);
}

async function problem(answer: Response): Promise<unknown> {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.headers.get('tus-resumable')).toBe('1.0.0');
  return ((await answer.json()) as { code: unknown }).code;
}

describe('one part', () => {
  test('in slices: created, patched, looked at, finished', async () => {
    const sender = await opened();
    const bytes = patternBytes(900_000);
    expect(await offsetOf(sender)).toBe(null);
    const created = await create(sender, bytes);
    expect([created.status, created.headers.get('location')]).toEqual([201, null]);
    expect(await offsetOf(sender)).toBe(0);
    for (const [from, to] of [
      [0, 1],
      [1, 400_001],
      [400_001, 900_000],
    ] as const) {
      const answer = await patch(urlOf(sender), from, bytes.subarray(from, to));
      expect([answer.status, answer.headers.get('upload-offset')]).toEqual([204, String(to)]);
    }
    const looked = await fetch(urlOf(sender), { method: 'HEAD', headers: TUS });
    expect(looked.headers.get('upload-length')).toBe('900000');
    expect(looked.headers.get('upload-metadata')).toBe((await sender.creation(0, bytes))['upload-metadata']);
    expect(looked.headers.get('cache-control')).toBe('no-store');
    expect((await patch(urlOf(sender), 900_000, new Uint8Array(0))).status).toBe(204);
  });

  test('created again goes on from where it is; a body is taken only from the start', async () => {
    const sender = await opened();
    const bytes = patternBytes(300_000);
    await create(sender, bytes);
    expect((await create(sender, bytes)).status).toBe(201);
    expect((await sendAt(server.sourceUrl, sender, 0, bytes.subarray(0, 0))).status).not.toBe(201);
    await patch(urlOf(sender), 0, bytes.subarray(0, 1000));
    const again = await sendAt(server.sourceUrl, sender, 0, bytes);
    expect([again.status, again.headers.get('upload-offset')]).toEqual([201, '1000']);
    expect(await offsetOf(sender)).toBe(1000);
    expect((await patch(urlOf(sender), 1000, bytes.subarray(1000))).status).toBe(204);
    const whole = await sendAt(server.sourceUrl, sender, 0, bytes);
    expect([whole.status, whole.headers.get('upload-offset')]).toEqual([201, '300000']);
  });

  test('made anew with another statement begins at 0, and the old one is out of date', async () => {
    const sender = await opened();
    const [old, fresh] = [patternBytes(50_000, 1), patternBytes(60_000, 2)];
    await create(sender, old);
    await patch(urlOf(sender), 0, old.subarray(0, 20_000));
    const before = await blobsOf(sender);
    expect(before).toHaveLength(1);
    expect((await create(sender, fresh)).status).toBe(201);
    expect(await offsetOf(sender)).toBe(0);
    const late = await patch(urlOf(sender), 20_000, old.subarray(20_000));
    expect(await problem(late)).toBe('offset-conflict');
    expect((await sendAt(server.sourceUrl, sender, 0, fresh)).headers.get('upload-offset')).toBe('60000');
    const after = await blobsOf(sender);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    expect(await problem(await create(sender, old))).toBe('part-finished');
  });

  test('at a wrong offset is refused and told the right one', async () => {
    const sender = await opened();
    const bytes = patternBytes(5000);
    await create(sender, bytes);
    await patch(urlOf(sender), 0, bytes.subarray(0, 100));
    for (const offset of [0, 99, 101, 5000]) {
      const answer = await patch(urlOf(sender), offset, bytes.subarray(0, 10));
      expect(answer.headers.get('upload-offset')).toBe('100');
      expect(await answer.json()).toMatchObject({ code: 'offset-conflict', offset: 100 });
    }
  });

  test('whose bytes are not those of its statement goes back to 0', async () => {
    const sender = await opened();
    const bytes = patternBytes(100_000);
    const wrong = Uint8Array.from(bytes);
    wrong[70_000]! ^= 1;
    const post = await fetch(urlOf(sender), {
      method: 'POST',
      headers: { ...(await sender.creation(0, bytes)), ...BODY_TYPE },
      body: wrong,
    });
    expect([post.status, await problem(post)]).toEqual([422, 'part-damaged']);
    expect(await offsetOf(sender)).toBe(0);
    expect((await patch(urlOf(sender), 0, bytes.subarray(0, 50_000))).status).toBe(204);
    expect(await problem(await patch(urlOf(sender), 50_000, wrong.subarray(50_000)))).toBe('part-damaged');
    expect(await offsetOf(sender)).toBe(0);
    expect(await blobsOf(sender)).toEqual([]);
    expect((await patch(urlOf(sender), 0, bytes)).status).toBe(204);
  });

  test('of which the statement speaks otherwise is refused', async () => {
    const sender = await opened(2);
    const bytes = patternBytes(1000);
    const headers = await sender.creation(0, bytes);
    const post = (path: string, change: Record<string, string>) =>
      fetch(server.sourceUrl + path, { method: 'POST', headers: { ...headers, ...change } });
    expect(await problem(await post(partRoute(sender.parcel, 1), {}))).toBe('statement-mismatch');
    expect(await problem(await post(partRoute(sender.parcel, 0), { 'upload-length': '999' }))).toBe(
      'statement-mismatch',
    );
    expect(await problem(await create(sender, bytes, 2))).toBe('statement-mismatch');
    const other = await opened();
    expect(await problem(await post(partRoute(other.parcel, 0), {}))).toBe('signature-wrong');
    expect(await problem(await post(partRoute(sender.parcel, 0), { 'upload-metadata': 'statement aGVsbG8=' }))).toBe(
      'note-invalid',
    );
    expect(await problem(await post(partRoute(sender.parcel, 0), { 'upload-metadata': 'other aGVsbG8=' }))).toBe(
      'bad-request',
    );
    expect(await problem(await post(partRoute(sender.parcel, 0), { 'upload-metadata': '!' }))).toBe('bad-request');
    expect(await problem(await post('/api/parcels/nonsense/parts/0', {}))).toBe('not-found');
    expect(await problem(await post(`/api/parcels/${sender.parcel}/parts/00`, {}))).toBe('not-found');
  });

  test('that is too large for its parcel is refused before its bytes', async () => {
    const sender = await opened(2, MIB);
    const large = patternBytes(2 * MIB);
    expect(await problem(await create(sender, large))).toBe('limit-exceeded');
    const huge = { ...(await sender.creation(0, large)), 'upload-length': '99999999999' };
    expect(await problem(await fetch(urlOf(sender), { method: 'POST', headers: huge }))).toBe('limit-exceeded');
  });

  test('with more bytes than announced is refused, chunked or not', async () => {
    const sender = await opened();
    const bytes = patternBytes(1000);
    await create(sender, bytes);
    expect(await problem(await patch(urlOf(sender), 0, patternBytes(1001)))).toBe('limit-exceeded');
    const socket = await connectTo(server.sourceUrl);
    const chunked = { ...TUS, ...BODY_TYPE, 'upload-offset': '0', 'transfer-encoding': 'chunked', connection: 'close' };
    let answer = '';
    socket.on('data', (piece: Buffer) => (answer += piece.toString('latin1')));
    socket.write(head('PATCH', partRoute(sender.parcel, 0), chunked));
    socket.write(`3e9\r\n${'x'.repeat(1001)}\r\n0\r\n\r\n`);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answer).toContain('HTTP/1.1 413');
    expect(await offsetOf(sender)).toBe(0);
    expect(await blobsOf(sender)).toEqual([]);
  });
});

describe('tus', () => {
  test('without its version, or with a PATCH of another type, is refused', async () => {
    const sender = await opened();
    await create(sender, patternBytes(10));
    const answer = await fetch(urlOf(sender), { method: 'HEAD' });
    expect([answer.status, answer.headers.get('tus-resumable')]).toEqual([412, '1.0.0']);
    const old = await fetch(urlOf(sender), { method: 'POST', headers: { 'tus-resumable': '0.2.2' } });
    expect([old.status, await problem(old)]).toEqual([412, 'tus-version-unsupported']);
    const headers = { ...TUS, 'upload-offset': '0', 'content-type': 'text/plain' };
    const typed = await fetch(urlOf(sender), { method: 'PATCH', headers, body: 'x' });
    expect([typed.status, await problem(typed)]).toEqual([415, 'media-type-unsupported']);
  });

  test('OPTIONS tells version, extensions and size; other methods are not there', async () => {
    for (const url of [urlOf(await opened()), server.sourceUrl + TUS_ROUTE]) {
      const answer = await fetch(url, { method: 'OPTIONS' });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('tus-version')).toBe('1.0.0');
      expect(answer.headers.get('tus-extension')).toBe('creation,creation-with-upload');
      expect(Number(answer.headers.get('tus-max-size'))).toBeGreaterThan(16 * MIB);
      for (const name of answer.headers.keys()) expect(name).not.toMatch(/^access-control-/);
      for (const method of ['GET', 'DELETE', 'PUT']) {
        expect((await fetch(url, { method, headers: TUS })).status).toBe(404);
      }
    }
  });

  test('headers of proxies do not disturb it', async () => {
    const sender = await opened();
    const bytes = patternBytes(10);
    const headers = { ...(await sender.creation(0, bytes)), 'x-forwarded-proto': 'https,http', origin: 'http://a.b' };
    expect((await fetch(urlOf(sender), { method: 'POST', headers })).status).toBe(201);
  });

  test('tus-js-client sends a part, in one piece and in many', async () => {
    const sender = await opened(2);
    const parts = [patternBytes(MIB + 10, 4), patternBytes(900, 5)];
    for (const [part, options] of [
      [0, { chunkSize: 100_000 }],
      [1, { uploadDataDuringCreation: true }],
    ] as const) {
      await new Promise<void>((resolve, reject) => {
        sender.statement(part, parts[part]!).then((statement) => {
          new Upload(Buffer.from(parts[part]!), {
            endpoint: server.sourceUrl + TUS_ROUTE,
            metadata: { statement },
            retryDelays: null,
            ...options,
            onError: reject,
            onSuccess: () => resolve(),
          }).start();
        }, reject);
      });
    }
    expect((await sealAt(server.sourceUrl, sender, parts)).status).toBe(200);
  });

  test('curl sends a part, and learns its address at the creation', async () => {
    const sender = await opened(1);
    const bytes = patternBytes(1010, 6);
    const file = join(server.database.data, 'curl.bin');
    await writeFile(file, bytes);
    const headers = Object.entries(await sender.creation(0, bytes)).flatMap(([name, value]) => [
      '-H',
      `${name}: ${value}`,
    ]);
    const curl = async (...args: string[]) => (await promisify(execFile)('curl', ['-sS', '-i', ...args])).stdout;
    const created = await curl('-X', 'POST', ...headers, server.sourceUrl + TUS_ROUTE);
    expect(created).toMatch(/^HTTP\/1.1 201/);
    const location = /^location: (\S+)\r$/im.exec(created)?.[1];
    expect(location).toBe(partRoute(sender.parcel, 0));
    const type = `Content-Type: ${BODY_TYPE['content-type']}`;
    const patched = await curl(
      '-X',
      'PATCH',
      '-H',
      'Tus-Resumable: 1.0.0',
      '-H',
      'Upload-Offset: 0',
      '-H',
      type,
      '--data-binary',
      `@${file}`,
      server.sourceUrl + location!,
    );
    expect(patched).toMatch(/^HTTP\/1.1 204/);
    expect((await sealAt(server.sourceUrl, sender, [bytes])).status).toBe(200);
    await rm(file);
  });
});

describe('when something breaks', () => {
  test('a dropped connection keeps what had arrived, from the first byte of the part', async () => {
    const sender = await opened();
    const bytes = patternBytes(1_000_000);
    const headers = { ...(await sender.creation(0, bytes)), ...BODY_TYPE, 'content-length': String(bytes.length) };
    const socket = await connectTo(server.sourceUrl);
    socket.write(head('POST', partRoute(sender.parcel, 0), headers));
    await new Promise((resolve) => socket.write(bytes.subarray(0, 600_000), resolve));
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.destroy();
    const kept = await until('the bytes are kept', 5000, () => offsetOf(sender));
    expect(kept).toBe(600_000);
    expect((await patch(urlOf(sender), kept, bytes.subarray(kept))).status).toBe(204);
  });

  test('a new request ends one whose connection seems dead, and loses none of its bytes', async () => {
    const sender = await opened();
    const bytes = patternBytes(800_000);
    await create(sender, bytes);
    const socket = await connectTo(server.sourceUrl);
    const headers = { ...TUS, ...BODY_TYPE, 'upload-offset': '0', 'content-length': String(bytes.length) };
    socket.write(head('PATCH', partRoute(sender.parcel, 0), headers));
    await new Promise((resolve) => socket.write(bytes.subarray(0, 500_000), resolve));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await offsetOf(sender)).toBe(500_000);
    expect((await patch(urlOf(sender), 500_000, bytes.subarray(500_000))).status).toBe(204);
    socket.destroy();
  });

  test('of many requests for the same bytes, in two processes, one wins and the others are told', async () => {
    const second = await server.again();
    const sender = await opened();
    const bytes = patternBytes(400_000);
    await create(sender, bytes);
    for (const [from, to] of [
      [0, 150_000],
      [150_000, 400_000],
    ] as const) {
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          patch(urlOf(sender, 0, i % 2 ? server.sourceUrl : second.sourceUrl), from, bytes.subarray(from, to)),
        ),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 204).length).toBeGreaterThanOrEqual(1);
      expect(statuses.every((status) => status === 204 || status === 409)).toBe(true);
      expect(await offsetOf(sender)).toBe(to);
      for (const lost of answers.filter(({ status }) => status === 409)) {
        expect(lost.headers.get('upload-offset')).toBe(String(to));
      }
    }
    expect(await blobsOf(sender)).toHaveLength(2);
  });

  test('creations with different statements at once leave one whole part, whichever', async () => {
    const second = await server.again();
    const sender = await opened();
    const contents = [1, 2, 3, 4].map((seed) => patternBytes(200_000 + seed, seed));
    const answers = await Promise.all(
      contents.map((bytes, i) => sendAt(i % 2 ? server.sourceUrl : second.sourceUrl, sender, 0, bytes)),
    );
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const size = Number((await fetch(urlOf(sender), { method: 'HEAD', headers: TUS })).headers.get('upload-length'));
    expect(await offsetOf(sender)).toBe(size);
    const whole = contents.find(({ length }) => length === size)!;
    const received = answers.filter(({ headers }) => headers.get('upload-offset') === String(size));
    expect(received.length).toBeGreaterThanOrEqual(1);
    expect((await sendAt(server.sourceUrl, sender, 0, whole)).status).toBe(201);
    expect(await blobsOf(sender)).toHaveLength(1);
  });

  test('a full disk is 507, loses nothing, and leaves nothing behind', async () => {
    const sender = await opened();
    const bytes = patternBytes(100_000);
    await create(sender, bytes);
    await patch(urlOf(sender), 0, bytes.subarray(0, 10));
    fault = () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    try {
      const answer = await patch(urlOf(sender), 10, bytes.subarray(10));
      expect([answer.status, await problem(answer)]).toEqual([507, 'storage-full']);
    } finally {
      fault = null;
    }
    expect(await offsetOf(sender)).toBe(10);
    expect(await blobsOf(sender)).toHaveLength(1);
    expect((await patch(urlOf(sender), 10, bytes.subarray(10))).status).toBe(204);
  });

  test('an input/output error is 500 for that request alone, and says nothing', async () => {
    const sender = await opened();
    fault = () => {
      throw Object.assign(new Error(`EIO: ${sender.parcel}`), { code: 'EIO' });
    };
    try {
      const answer = await sendAt(server.sourceUrl, sender, 0, patternBytes(100));
      const text = await answer.text();
      expect([answer.status, text.includes(sender.parcel)]).toEqual([500, false]);
      expect(JSON.parse(text)).toMatchObject({ code: 'internal' });
    } finally {
      fault = null;
    }
    expect(server.log.some((line) => line.event === 'internal-error' && line.code === 'EIO')).toBe(true);
    expect((await sendAt(server.sourceUrl, sender, 0, patternBytes(100))).status).toBe(201);
  });
});

test('nothing that was logged names a parcel, a blob, an address or a statement', async () => {
  const text = JSON.stringify(server.log);
  expect(text).not.toMatch(/[0-9a-f]{32}|127\.0\.0\.1|postern-mailbox|parcels\/[^:"]/);
});
