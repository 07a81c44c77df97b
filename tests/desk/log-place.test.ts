/** The proof that a receipt is in the server's log, read offline: what holds, what does not, and two histories that contradict each other. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { Envelope } from '../../shared/protocol/envelope.ts';
import { createTestLog } from '../kit/log-proof.ts';
import type { TestLog } from '../kit/log-proof.ts';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { testParcel } from '../kit/parcel-stream.ts';
import { random } from '../kit/random-bytes.ts';
import { deskJson, scratch } from './desk.ts';

interface Found {
  readonly code: string;
  readonly kind: string;
}
interface ParcelJson {
  readonly parcel: string;
  readonly state: string;
  readonly logged: { readonly origin: string; readonly index: number; readonly size: number } | null;
  readonly findings: readonly Found[];
}

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
let log: TestLog;
beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder);
  log = createTestLog(drop.receiptKey);
  log.grow(5);
});
afterAll(() => base.remove());

async function parcelWith(proof: (receipt: string) => Promise<string | null>): Promise<MadeParcel> {
  const parcel = Buffer.from(random(16)).toString('hex');
  const { stream } = await testParcel([], 'some words', parcel);
  const made = await makeParcelOf(drop, stream, { parcel });
  const envelope = await made.envelope();
  const changed: Envelope = { ...envelope, version: 2, log: await proof(envelope.receipt!) };
  await made.writeEnvelope(changed);
  return made;
}

async function verify(parcel?: string): Promise<{ exit: number; findings: readonly Found[]; parcels: ParcelJson[] }> {
  const only = parcel === undefined ? [] : ['--parcel', parcel];
  const { exit, json } = await deskJson(['verify', drop.bundle, '--keys', drop.keys, ...only]);
  return { exit, findings: json['findings'] as Found[], parcels: json['parcels'] as ParcelJson[] };
}

/** What is found about one parcel. */
async function foundIn({ parcel }: MadeParcel): Promise<[state: string, ...codes: string[]]> {
  const { parcels } = await verify(parcel);
  const [{ state, findings, logged }] = parcels as [ParcelJson];
  if (findings.length > 0) expect(logged).toBeNull();
  return [state, ...findings.map(({ code }) => code)];
}

test('a receipt that is in the log is told with its place', async () => {
  const { parcel } = await parcelWith((receipt) => log.add(receipt));
  const { exit, parcels } = await verify(parcel);
  expect(exit).toBe(0);
  expect(parcels[0]).toMatchObject({ state: 'complete', findings: [], logged: { origin: log.name } });
  const { index, size } = parcels[0]!.logged!;
  expect([Math.floor(index / 256), size % 256]).toEqual([size / 256 - 1, 0]);
});

test('one that is not there yet is a remark, and an envelope from before there was a log says nothing', async () => {
  const pending = await parcelWith(() => Promise.resolve(null));
  expect(await foundIn(pending)).toEqual(['complete', 'log-pending']);
  expect((await verify(pending.parcel)).exit).toBe(0);
  const { log: _log, ...older } = (await pending.envelope()) as Extract<Envelope, { version: 2 }>;
  await pending.writeEnvelope({ ...older, version: 1 });
  expect(await foundIn(pending)).toEqual(['complete']);
});

test('a proof for another receipt, by another key or in no form at all is damage, and told as what it is', async () => {
  const stranger = createTestLog(await ed25519FromSeed(random(32)));
  const other = await parcelWith(async () => log.add('another receipt\n'));
  const foreign = await parcelWith((receipt) => stranger.add(receipt));
  const garbled = await parcelWith(async (receipt) => (await log.add(receipt)).replace('index', 'place'));
  const cut = await parcelWith(async (receipt) => (await log.add(receipt)).replace(/^[A-Za-z0-9+/=]{44}\n/m, ''));
  expect(await foundIn(other)).toEqual(['damaged', 'log-proof-wrong']);
  expect(await foundIn(foreign)).toEqual(['damaged', 'log-signature-wrong']);
  expect(await foundIn(garbled)).toEqual(['damaged', 'log-proof-invalid']);
  expect(await foundIn(cut)).toEqual(['damaged', 'log-proof-wrong']);
});

test('two histories of one log are found, in envelopes or among the checkpoints that the courier brought; several logs are a remark', async () => {
  const fork = log.fork();
  const one = await parcelWith((receipt) => log.add(receipt));
  expect((await verify(one.parcel)).findings).toEqual([]);
  await mkdir(join(drop.bundle, 'checkpoints'));
  const put = (name: string, note: string) => writeFile(join(drop.bundle, 'checkpoints', name), note);
  await put('1.note', await log.checkpoint());
  await put('2.note', 'no checkpoint at all');
  expect((await verify(one.parcel)).findings).toEqual([]);
  fork.grow(1);
  await put('fork-1.note', await fork.checkpoint());
  const found = await verify(one.parcel);
  expect([found.exit, found.findings.map(({ code }) => code)]).toEqual([1, ['log-histories']]);
  const next = createTestLog(drop.receiptKey);
  next.grow(2);
  await put('fork-1.note', await next.checkpoint());
  const later = await verify(one.parcel);
  expect([later.exit, later.findings.map(({ code }) => code)]).toEqual([0, ['log-several']]);
});
