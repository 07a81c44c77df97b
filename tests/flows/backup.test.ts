/** A backup is made while uploads run, killed midway and made again; then the machine is lost. What the backup knew comes out of another one unchanged. */
import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SERVER_FLAGS } from '../../deploy/project.mjs';
import { partRoute } from '../../shared/protocol/routes.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { makeFootage } from '../kit/footage.ts';
import type { Footage } from '../kit/footage.ts';
import { startNode } from '../kit/programs.ts';
import type { Running } from '../kit/programs.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { expectSameBag } from '../kit/same-bag.ts';
import { sendParcel } from '../kit/send-parcel.ts';
import { BODY_TYPE, createSender, MIB, openAt, sealAt, sendAt } from '../kit/sender.ts';
import { mountSmallDisk } from '../kit/small-disk.ts';
import { until } from '../kit/waiting.ts';

const TUS = { 'tus-resumable': '1.0.0' } as const;

let drop: Drop;
let elsewhere: Running | undefined;
beforeAll(async () => {
  drop = await startDrop({ page: false });
});
afterAll(async () => {
  elsewhere?.child.kill('SIGTERM');
  await elsewhere?.finished;
  await drop[Symbol.asyncDispose]();
});

const admin = (data: string, ...args: readonly string[]): Running =>
  startNode('server/admin/main.ts', args, { env: { POSTERN_DATA: data } });

/** Sends one parcel after the other until it is told to stop, or the server is gone. */
function keepSending(seed: number) {
  const received: { readonly parcel: string; readonly footage: Footage }[] = [];
  let stopped = false;
  const work = (async () => {
    for (let count = 0; !stopped; count++) {
      const number = seed + count;
      const footage = await makeFootage(drop.folder, `footage-${number}`, { small: 5, big: 2_500_000, seed: number });
      const { source, rootKey } = drop;
      const sent = await sendParcel({ source, rootKey, folder: footage.folder }).catch(() => null);
      if (sent === null) return;
      received.push({ parcel: sent.parcel, footage });
    }
  })();
  const stop = (): Promise<void> => {
    stopped = true;
    return work;
  };
  return { received, stop };
}

test('every seal that the last backup knew verifies and extracts after the loss; what was under way goes on', async () => {
  const backup = join(drop.folder, 'backup');
  const half = await createSender({ parts: 2 });
  const parts = [patternBytes(MIB), patternBytes(1000)];
  await openAt(drop.source, half);
  const url = (base: string) => base + partRoute(half.parcel, 0);
  await fetch(url(drop.source), { method: 'POST', headers: await half.creation(0, parts[0]!) });
  const headers = { ...TUS, ...BODY_TYPE, 'upload-offset': '0' };
  await fetch(url(drop.source), { method: 'PATCH', headers, body: parts[0]!.slice(0, 400_000) });

  const senders = [keepSending(100), keepSending(200)];
  const received = () => senders.flatMap((sender) => sender.received);
  await until('the first parcels', 60_000, () => received().length >= 2);
  const first = await admin(drop.data, 'backup', backup, '--json').finished;
  expect(first).toMatchObject({ code: 0, err: '' });
  expect((JSON.parse(first.out) as { copiedBlobs: number }).copiedBlobs).toBeGreaterThan(6);

  // Killed while it copies: the first one stays valid, and the third goes on with what the second had copied.
  const blobs = async () => (await readdir(join(backup, 'blobs'), { recursive: true })).length;
  await until('further parcels', 60_000, () => received().length >= 5);
  const before = await blobs();
  const killed = admin(drop.data, 'backup', backup, '--rate', '2M');
  await until('it copies', 30_000, async () => (await blobs()) > before + 2, 5);
  await killed.kill();
  expect(await admin(drop.data, 'backup', '--check', backup).finished).toMatchObject({ code: 0, err: '' });

  const known = received().slice();
  expect(await admin(drop.data, 'backup', backup, '--rate', '1G').finished).toMatchObject({ code: 0, err: '' });
  await sendAt(drop.source, half, 1, parts[1]!);
  await drop.killServer();
  drop.killDatabase();
  await Promise.all(senders.map((sender) => sender.stop()));
  await rm(drop.data, { recursive: true });

  const data = join(drop.folder, 'elsewhere');
  const restored = await admin(data, 'restore', backup, '--json').finished;
  expect(restored).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(restored.out)).toMatchObject({ fsck: { sound: true } });
  expect((await stat(join(data, 'receipt.key'))).mode & 0o777).toBe(0o600);
  expect(await admin(data, 'restore', backup).finished).toMatchObject({ code: 3 });

  elsewhere = startNode('server/main.ts', [], {
    env: {
      POSTERN_DATA: data,
      POSTERN_SOURCE_PORT: new URL(drop.source).port,
      POSTERN_STAFF_PORT: new URL(drop.staff).port,
      POSTERN_OPS_PORT: '0',
      POSTERN_CLIENT_DIST: join(drop.folder, 'client'),
      NODE_OPTIONS: SERVER_FLAGS.join(' '),
    },
  });
  await until('the server is there again', 60_000, () => /^postern source /m.test(elsewhere!.out()));

  expect((await drop.pull()).code).toBe(0);
  const only = join(drop.folder, 'only-known');
  await mkdir(join(only, 'inbox'), { recursive: true });
  await cp(join(drop.bundle, 'card.note'), join(only, 'card.note'));
  for (const { parcel } of known)
    await cp(join(drop.bundle, 'inbox', parcel), join(only, 'inbox', parcel), { recursive: true });
  const out = join(drop.folder, 'out');
  expect(await drop.desk('extract', only, '--keys', drop.keys, '--out', out)).toMatchObject({ code: 0 });
  for (const { parcel, footage } of known) await expectSameBag(join(out, parcel), footage.folder, '', footage.paths);

  // The source of the unfinished one asks how far it is, and what the backup did not have is sent again.
  const asked = await fetch(url(drop.source), { method: 'HEAD', headers: TUS });
  expect(asked.headers.get('upload-offset')).toBe('400000');
  const rest = { ...TUS, ...BODY_TYPE, 'upload-offset': '400000' };
  expect(
    (await fetch(url(drop.source), { method: 'PATCH', headers: rest, body: parts[0]!.slice(400_000) })).status,
  ).toBe(204);
  expect((await sealAt(drop.source, half, parts)).status).toBe(409);
  await sendAt(drop.source, half, 1, parts[1]!);
  expect((await sealAt(drop.source, half, parts)).status).toBe(200);
});

test('a disk that is full leaves the backup that was there, says so in words, and is enough once there is room', async () => {
  const mount = join(drop.folder, 'small');
  await using disk = await mountSmallDisk(mount, join(drop.folder, 'small.img'), 400);
  const data = join(drop.folder, 'elsewhere');
  const backup = join(mount, 'backup');
  expect(await admin(data, 'backup', backup).finished).toMatchObject({ code: 0, err: '' });
  await disk.fill();
  const { folder } = await makeFootage(drop.folder, 'more', { small: 5, big: 2_500_000, seed: 300 });
  const { parcel } = await sendParcel({ source: drop.source, rootKey: drop.rootKey, folder });
  const full = await admin(data, 'backup', backup).finished;
  expect(full).toMatchObject({ code: 3, out: '' });
  expect(full.err).toContain('The disk is full.');
  expect(await admin(data, 'backup', '--check', backup).finished).toMatchObject({ code: 0, err: '' });
  await disk.empty();
  expect(await admin(data, 'backup', backup).finished).toMatchObject({ code: 0, err: '' });
  expect(await readFile(join(backup, 'SHA256SUMS'), 'utf8')).toContain(parcel);
});
