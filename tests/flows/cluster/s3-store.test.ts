/** Blobs in a Ceph of our own do what every place for blobs does, and what was acknowledged outlives the death of its daemons. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayOf } from '../../../shared/statements/fields.ts';
import { readBlob, testBlobStore, writeBlob } from '../../kit/blob-store-behaviour.ts';
import { startDrop } from '../../kit/drop.ts';
import { startNode } from '../../kit/programs.ts';
import { random } from '../../kit/random-bytes.ts';
import { startRgw } from '../../kit/rgw.ts';
import type { Rgw } from '../../kit/rgw.ts';
import { openTestS3Blobs, SHORT_PATIENCE } from '../../kit/s3-blobs.ts';
import type { TestS3Blobs } from '../../kit/s3-blobs.ts';
import { createSender, openAt, sendAt } from '../../kit/sender.ts';
import { until } from '../../kit/waiting.ts';

let rgw: Rgw;
let store: TestS3Blobs;

beforeAll(async () => {
  rgw = await startRgw();
  store = openTestS3Blobs(rgw.s3);
});
afterAll(() => rgw[Symbol.asyncDispose]());

testBlobStore(() => ({
  blobs: store.blobs,
  fresh: async () => openTestS3Blobs(await rgw.newBucket()).blobs,
  today: () => dayOf(new Date()),
  many: 30,
}));

test('more parcels and blobs than one answer of the store holds are all listed, and all removed', async () => {
  const { blobs } = openTestS3Blobs(await rgw.newBucket());
  const parcels = Array.from({ length: 110 }, (_, index) => index.toString(16).padStart(32, '0'));
  const rest = [
    ...parcels.map((parcel) => [parcel, parcel] as const),
    ...parcels.map((name) => [parcels[0]!, name] as const),
  ];
  const lane = async () => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop())
      await writeBlob(blobs, next[0], random(1), next[1]);
  };
  await Promise.all(Array.from({ length: 32 }, lane));
  expect((await blobs.parcels()).toSorted()).toEqual(parcels);
  expect((await blobs.list(parcels[0]!)).map(({ name }) => name).toSorted()).toEqual(parcels);
  await blobs.removeParcel(parcels[0]!);
  expect(await blobs.parcels()).toHaveLength(109);
});

test('a bucket or key that cannot be right is said in a sentence for the operator', async () => {
  for (const [change, words] of [
    [{ bucket: 'no-such-bucket' }, /POSTERN_S3_BUCKET/],
    [{ secretKey: 'wrong' }, /POSTERN_S3_SECRET_KEY/],
    [{ accessKey: 'NOBODY' }, /POSTERN_S3_ACCESS_KEY/],
  ] as const)
    await expect(openTestS3Blobs({ ...rgw.s3, ...change }).blobs.ready()).rejects.toThrow(words);
  // What is wrong while it runs is for the operator to mend; sources are told to wait.
  const { blobs, reported } = openTestS3Blobs({ ...rgw.s3, bucket: 'no-such-bucket' });
  await expect(writeBlob(blobs, 'a'.repeat(32), random(5))).rejects.toMatchObject({ code: 'storage-away' });
  await expect(readBlob(blobs, 'a'.repeat(32), 'b'.repeat(32), 0, 5)).rejects.toMatchObject({ code: 'storage-away' });
  expect(reported).toEqual(['NoSuchBucket', 'NoSuchBucket']);
});

test('a full store is ENOSPC, and takes more when there is room again', async () => {
  const parcel = 'c'.repeat(32);
  const s3 = await rgw.newBucket();
  const { blobs } = openTestS3Blobs(s3);
  const quota = (...args: readonly string[]) => rgw.admin('quota', ...args, '--bucket', s3.bucket);
  await quota('set', '--quota-scope', 'bucket', '--max-size', '65536');
  await quota('enable', '--quota-scope', 'bucket');
  await expect(writeBlob(blobs, parcel, random(100_000))).rejects.toMatchObject({ code: 'ENOSPC' });
  await quota('disable', '--quota-scope', 'bucket');
  await writeBlob(blobs, parcel, random(100_000));
});

test('a server ends with a sentence when there is no such bucket, and waits for a store that is away', async () => {
  const settings = { ...rgw.settings, POSTERN_S3_BUCKET: 'no-such-bucket' };
  await using drop = await startDrop({ page: false, start: false, env: rgw.settings });
  const { code, err } = await startNode('server/main.ts', [], {
    env: {
      ...settings,
      POSTERN_DATA: drop.data,
      POSTERN_SOURCE_PORT: '0',
      POSTERN_STAFF_PORT: '0',
      POSTERN_OPS_PORT: '0',
    },
  }).finished;
  expect([code, err]).toEqual([1, expect.stringContaining('POSTERN_S3_BUCKET')]);
  await rgw.kill('gateway');
  await drop.startServer('listening');
  await until('the server says that it waits', 30_000, () => drop.server.out().includes('storage-away'));
  expect(drop.server.out()).not.toContain('postern source');
  await rgw.restart('gateway');
  await until('the server is ready', 30_000, () => drop.server.out().includes('postern source'));
  const sender = await createSender();
  await openAt(drop.source, sender);
  expect((await sendAt(drop.source, sender, 0, random(5000))).status).toBe(201);
  expect(await store.blobs.list(sender.parcel)).toEqual([expect.objectContaining({ length: 5000 })]);
});

test('what was acknowledged outlives the death of the gateway; meanwhile the store is away, after it goes on', async () => {
  const parcel = 'd'.repeat(32);
  const { blobs } = openTestS3Blobs(rgw.s3, { ...SHORT_PATIENCE, request: 2_000, tries: 2 });
  const bytes = random(16_000_000);
  const name = await writeBlob(blobs, parcel, bytes);
  await rgw.kill('gateway');
  await expect(writeBlob(blobs, parcel, random(100))).rejects.toMatchObject({ code: 'storage-away' });
  await expect(readBlob(blobs, parcel, name, 0, 9)).rejects.toMatchObject({ code: 'storage-away' });
  await expect(blobs.ready()).rejects.toMatchObject({ code: 'storage-away' });
  await rgw.restart('gateway');
  const patient = openTestS3Blobs(rgw.s3, { ...SHORT_PATIENCE, tries: 20, whole: 60_000 }).blobs;
  expect(Buffer.compare(await readBlob(patient, parcel, name, 0, bytes.length), bytes)).toBe(0);
  await writeBlob(patient, parcel, random(100));
});
