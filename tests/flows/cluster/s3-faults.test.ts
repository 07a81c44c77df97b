/** A real S3 store on bad days: what is passing is borne, what lasts is said, and no damaged byte is ever taken for a good one. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWitness, audit } from '../../kit/audit.ts';
import { readBlob, writeBlob } from '../../kit/blob-store-behaviour.ts';
import { random } from '../../kit/random-bytes.ts';
import { startRgw } from '../../kit/rgw.ts';
import type { Rgw } from '../../kit/rgw.ts';
import { openTestS3Blobs, SHORT_PATIENCE } from '../../kit/s3-blobs.ts';
import type { TestS3Blobs } from '../../kit/s3-blobs.ts';
import { startS3FaultProxy } from '../../kit/s3-fault-proxy.ts';
import type { S3Fault, S3FaultProxy } from '../../kit/s3-fault-proxy.ts';
import { seeded } from '../../kit/seeded.ts';
import { MIB } from '../../kit/sender.ts';
import { createSlicedUpload } from '../../kit/sliced-upload.ts';
import type { SlicedUpload } from '../../kit/sliced-upload.ts';
import { startTestServer } from '../../kit/test-server.ts';
import type { TestServer } from '../../kit/test-server.ts';

const PATIENCE = { ...SHORT_PATIENCE, idle: 700, request: 1_500, whole: 10_000 };
const parcel = 'a'.repeat(32);

let rgw: Rgw;
let proxy: S3FaultProxy;
/** By way of the proxy, and past it. */
let store: TestS3Blobs;
let straight: TestS3Blobs;
let server: TestServer;

beforeAll(async () => {
  rgw = await startRgw();
  proxy = await startS3FaultProxy(rgw.s3);
  store = openTestS3Blobs(proxy.s3, PATIENCE);
  straight = openTestS3Blobs(rgw.s3, PATIENCE);
  server = await startTestServer({}, () => store.blobs);
});
beforeEach(() => {
  proxy.fault = () => null;
  proxy.seen.length = store.reported.length = 0;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await rgw[Symbol.asyncDispose]();
});

/** The first `times` requests meet the fault. */
function first(times: number, fault: S3Fault): () => S3Fault | null {
  let left = times;
  return () => (left-- > 0 ? fault : null);
}

const PASSING: readonly (readonly [string, S3Fault])[] = [
  ['an answer of 503', { kind: 'answer', status: 503, code: 'SlowDown' }],
  ['an answer of 500', { kind: 'answer', status: 500, code: 'InternalError' }],
  ['a proxy that finds nobody', { kind: 'answer', status: 502, code: null }],
  ['silence', { kind: 'silence' }],
  ['a connection that is cut', { kind: 'cut', after: 100_000 }],
  ['the answer to a successful put that is lost', { kind: 'lost' }],
  ['a body that was altered on its way', { kind: 'altered' }],
];

test.each(PASSING)('a put bears %s, twice, and what lies there then is what was sent', async (_, fault) => {
  const bytes = random(1_500_000);
  proxy.fault = first(2, fault);
  const name = await writeBlob(store.blobs, parcel, bytes);
  expect(proxy.seen).toEqual(['PUT', 'PUT', 'PUT']);
  expect(Buffer.compare(await readBlob(straight.blobs, parcel, name, 0, bytes.length), bytes)).toBe(0);
  expect(store.reported).toEqual([]);
});

test('a slow answer is waited for', async () => {
  proxy.fault = first(1, { kind: 'slow', ms: 400 });
  await writeBlob(store.blobs, parcel, random(1_000_000));
  expect(proxy.seen).toEqual(['PUT']);
});

test.each(PASSING)('%s that lasts is told as a store that is away, after bounded tries', async (_, fault) => {
  // A put whose answer alone is lost has happened; that it is not known is all the same.
  proxy.fault = () => fault;
  await expect(writeBlob(store.blobs, parcel, random(200_000))).rejects.toMatchObject({ code: 'storage-away' });
  expect(proxy.seen).toHaveLength(PATIENCE.tries);
  expect(store.reported).toHaveLength(1);
});

test('an altered body is nowhere to be found', async () => {
  proxy.fault = () => ({ kind: 'altered' });
  const place = 'b'.repeat(32);
  await expect(writeBlob(store.blobs, place, random(200_000))).rejects.toMatchObject({ code: 'storage-away' });
  expect(await straight.blobs.list(place)).toEqual([]);
});

test('a store that is full is ENOSPC at once, by whatever word it says so', async () => {
  for (const [status, code] of [
    [507, 'InsufficientStorage'],
    [403, 'QuotaExceeded'],
    [507, null],
  ] as const) {
    proxy.fault = () => ({ kind: 'answer', status, code });
    await expect(writeBlob(store.blobs, parcel, random(10))).rejects.toMatchObject({ code: 'ENOSPC' });
  }
  expect(proxy.seen).toHaveLength(3);
});

test('only the store itself can say that a blob is not there', async () => {
  const name = await writeBlob(store.blobs, parcel, random(10));
  proxy.fault = () => ({ kind: 'answer', status: 404, code: null });
  await expect(readBlob(store.blobs, parcel, name, 0, 10)).rejects.toMatchObject({ code: 'storage-away' });
  proxy.fault = () => ({ kind: 'answer', status: 404, code: 'NoSuchBucket' });
  await expect(readBlob(store.blobs, parcel, name, 0, 10)).rejects.toMatchObject({ code: 'storage-away' });
});

test('reading goes on where the link broke, and gives up when nothing comes any more', async () => {
  const bytes = random(2_000_000);
  const name = await writeBlob(store.blobs, parcel, bytes);
  proxy.fault = first(4, { kind: 'short', after: 300_000 });
  proxy.seen.length = 0;
  expect(Buffer.compare(await readBlob(store.blobs, parcel, name, 0, bytes.length), bytes)).toBe(0);
  expect(proxy.seen).toHaveLength(5);
  proxy.fault = () => ({ kind: 'short', after: 0 });
  await expect(readBlob(store.blobs, parcel, name, 0, 10)).rejects.toMatchObject({ code: 'storage-away' });
});

/** Goes on as a source's client does: asks where it stands, sends the next slice, waits a little after trouble. Gives all statuses. */
async function sendOn(upload: SlicedUpload, slice: number, deadline: number): Promise<Set<number>> {
  const statuses = new Set<number>();
  for (const [part, bytes] of upload.parts.entries())
    for (;;) {
      if (performance.now() > deadline) throw new Error(`part ${part} does not come to its end`);
      const offset = await upload.ask(server.sourceUrl, part);
      if (offset === bytes.length) break;
      const { status } =
        offset === null
          ? await upload.create(server.sourceUrl, part, slice)
          : await upload.append(server.sourceUrl, part, offset, Math.min(offset + slice, bytes.length));
      statuses.add(status);
    }
  return statuses;
}

test('uploads through all of this are acknowledged only when durable, never go back, and are whole at the end', async () => {
  const witness = createWitness();
  const chance = seeded(20_261_124);
  const faults = PASSING.map(([, fault]) => fault);
  proxy.fault = (method) => (method === 'PUT' && chance.percent(60) ? chance.pick(faults) : null);
  const uploads = await Promise.all([0, 1, 2].map(() => createSlicedUpload(witness, { size: 900_000 })));
  await Promise.all(
    uploads.map(async (upload) => {
      await upload.open(server.sourceUrl);
      const statuses = await sendOn(upload, 300_000, performance.now() + 60_000);
      expect([...statuses].filter((status) => ![201, 204, 503].includes(status))).toEqual([]);
      await upload.seal(server.sourceUrl);
    }),
  );
  proxy.fault = () => null;
  expect((await audit(server.database.database, straight.blobs, witness)).wrong).toEqual([]);
});

test('while the store is dead sources are told to wait, and it goes on by itself when the store is back', async () => {
  const witness = createWitness();
  const upload = await createSlicedUpload(witness, { size: 2 * MIB, partSize: 2 * MIB });
  await upload.open(server.sourceUrl);
  await upload.create(server.sourceUrl, 0, MIB);
  await rgw.kill('disk');
  const refused = await upload.append(server.sourceUrl, 0, MIB, 2 * MIB);
  expect([refused.status, await refused.json()]).toEqual([503, expect.objectContaining({ code: 'storage-away' })]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  // Where it stands the database knows, and it stands where it stood.
  expect(await upload.ask(server.sourceUrl, 0)).toBe(MIB);
  await rgw.restart('disk');
  await sendOn(upload, MIB, performance.now() + 60_000);
  await upload.seal(server.sourceUrl);
  expect((await audit(server.database.database, straight.blobs, witness)).wrong).toEqual([]);
});

test('a full store is 507, nothing acknowledged is lost, and uploads go on when there is room', async () => {
  const witness = createWitness();
  const upload = await createSlicedUpload(witness);
  await upload.open(server.sourceUrl);
  await upload.create(server.sourceUrl, 0, 10_000);
  proxy.fault = () => ({ kind: 'answer', status: 403, code: 'QuotaExceeded' });
  const refused = await upload.append(server.sourceUrl, 0, 10_000, 20_000);
  expect([refused.status, await refused.json()]).toEqual([507, expect.objectContaining({ code: 'storage-full' })]);
  proxy.fault = () => null;
  await upload.complete(server.sourceUrl);
  await upload.seal(server.sourceUrl);
});

test('a part in more blobs than are kept is put together from the store, and is right', async () => {
  const upload = await createSlicedUpload(createWitness(), { size: MIB, parts: 1 });
  await upload.open(server.sourceUrl);
  await sendOn(upload, 15_000, performance.now() + 60_000);
  expect(await upload.seal(server.sourceUrl)).toContain(upload.sender.parcel);
  expect(await straight.blobs.list(upload.sender.parcel)).toHaveLength(6);
});
