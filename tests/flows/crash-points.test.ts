/**
 * The server ended by SIGKILL at every crash point, once: what was acknowledged is there, what was sealed is the same, the interrupted work comes
 * to its end when it is asked for again, no row is without its blob, and what is left behind goes with the sweeper.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkLog } from '../../server/admin/fsck/check-log.ts';
import type { Fault } from '../../server/admin/fsck/faults.ts';
import { sweep } from '../../server/jobs/sweeper.ts';
import type { Swept } from '../../server/jobs/sweeper.ts';
import { createDiskBlobs } from '../../server/store/blobs-disk.ts';
import type { BlobStore } from '../../server/store/blob-store.ts';
import { CRASH_POINTS } from '../../server/store/crash-points.ts';
import type { CrashPoint } from '../../server/store/crash-points.ts';
import { openReceiptLog } from '../../server/store/receipt-log.ts';
import { openRetention } from '../../server/store/retention.ts';
import { audit, createWitness } from '../kit/audit.ts';
import type { Findings } from '../kit/audit.ts';
import { SCENES } from '../kit/crash-scenes.ts';
import type { Scene, Stage, StartPoint } from '../kit/crash-scenes.ts';
import { makeOrganisation } from '../kit/organisation.ts';
import { random } from '../kit/random-bytes.ts';
import { createSlicedUpload } from '../kit/sliced-upload.ts';
import { startTestDatabase } from '../kit/test-database.ts';
import type { TestDatabase } from '../kit/test-database.ts';
import { startVictim, victimSettings } from '../kit/victim.ts';
import type { Victim } from '../kit/victim.ts';
import { until } from '../kit/waiting.ts';

const DAY_MS = 86_400_000;
const KEEP = { keepUnfinishedDays: 30, keepCollectedDays: 30, keepRepliesDays: 90 };

let database: TestDatabase;
let blobs: BlobStore;
let stage: Stage;
let settings: Record<string, string>;

beforeAll(async () => {
  database = await startTestDatabase();
  const { data, url } = database;
  const organisation = await makeOrganisation(data);
  blobs = createDiskBlobs({ folder: join(data, 'blobs'), random, now: () => new Date() });
  settings = victimSettings(data, url);
  const at = await startVictim(settings);
  stage = { at, witness: createWitness(), organisation, database: database.database, data, serial: 1 };
});
afterAll(async () => {
  await stage.at.running.kill();
  await database[Symbol.asyncDispose]();
});

const look = () => audit(database.database, blobs, stage.witness);
const sweepLater = (days: number): Promise<Swept> => {
  const now = (): Date => new Date(Date.now() + days * DAY_MS);
  return sweep({ retention: openRetention(database.database, KEEP), blobs, now });
};

/** Plays a scene; gives what is found when it is over and the sweeper was there. */
async function play(point: CrashPoint, scene: Scene): Promise<Findings> {
  // The next server starts while this one is led to its end.
  const starting = startVictim(settings);
  const act = await scene(stage);
  await stage.at.arm(point);
  await Promise.allSettled([act.cut(stage.at), stage.at.died()]).then(([, died]) => {
    if (died.status === 'rejected') throw died.reason;
  });
  const next: Victim = await starting;
  stage = { ...stage, at: next };

  const found = await look();
  expect(found.wrong).toEqual([]);
  expect(found.orphans.length).toBeLessThanOrEqual(act.orphans);
  await act.goOn(next);
  expect((await look()).wrong).toEqual([]);
  await sweepLater(3);
  return look();
}

/** What is come to when a server starts: a place of its own, and what must be so after the next start. */
interface StartPlace {
  readonly settings: Readonly<Record<string, string>>;
  readonly days?: number;
  readonly look: () => Promise<void>;
}

const freshKey = async (): Promise<StartPlace> => {
  const data = join(database.data, `fresh-${Buffer.from(random(4)).toString('hex')}`);
  await mkdir(data);
  const file = join(data, 'receipt.key');
  let seen = '';
  return {
    settings: victimSettings(data, database.url),
    async look() {
      const text = await readFile(file, 'utf8').catch(() => '');
      if (seen !== '') expect(text).toBe(seen);
      seen = text;
    },
  };
};

const freshDatabase = async (): Promise<StartPlace> => {
  const name = `fresh_${Buffer.from(random(4)).toString('hex')}`;
  await database.database.run((sql) => sql`create database ${sql(name)}`);
  const url = new URL(database.url);
  url.pathname = `/${name}`;
  const data = join(database.data, name);
  await mkdir(data);
  return { settings: victimSettings(data, url.href), look: () => Promise.resolve() };
};

const expiredParcel = async (): Promise<StartPlace> => {
  const upload = await createSlicedUpload(stage.witness, { card: stage.serial });
  await upload.open(stage.at.source);
  await upload.create(stage.at.source, 0, 5_000);
  const { parcel } = upload.sender;
  stage.witness.letParcelGo(parcel);
  let seen = false;
  return {
    settings,
    days: 31,
    async look() {
      const rows = await database.database.run(
        (sql) => sql`select from parcel where id = ${Buffer.from(parcel, 'hex')}`,
      );
      expect(rows).toHaveLength(0);
      if (!seen) expect((await look()).orphans).toHaveLength(1);
      seen = true;
    },
  };
};

/** Each time some days later: on a day that was published nothing more is. */
let logDays = 0;

/** A receipt that is to go into the log on a later day. */
const unloggedReceipt = async (): Promise<StartPlace> => {
  const upload = await createSlicedUpload(stage.witness, { card: stage.serial });
  await upload.open(stage.at.source);
  await upload.complete(stage.at.source);
  await upload.seal(stage.at.source);
  const log = openReceiptLog(database.database);
  const checkpoints = new Map<number, string>();
  let starts = 0;
  logDays += 8;
  return {
    settings,
    days: logDays,
    async look() {
      const faults: Fault[] = [];
      const receiptKey = stage.organisation.receipt.publicKey;
      await checkLog({ database: database.database, receiptKey, onFault: (fault) => faults.push(fault) });
      expect(faults).toEqual([]);
      const { size, checkpoint } = (await log.head())!;
      expect(checkpoints.get(size) ?? checkpoint).toBe(checkpoint);
      checkpoints.set(size, checkpoint);
      const isPlaced = async (): Promise<boolean> => (await log.placeOf(upload.sender.parcel)) !== null;
      if (++starts === 2) await until('the receipt is in the log', 20_000, isPlaced);
    },
  };
};

const START_PLACES: Readonly<Record<StartPoint, () => Promise<StartPlace>>> = {
  'key-written': freshKey,
  'key-linked': freshKey,
  'migration-before-commit': freshDatabase,
  'migration-committed': freshDatabase,
  'expiry-committed': expiredParcel,
  'log-before-commit': unloggedReceipt,
  'log-committed': unloggedReceipt,
};

async function playStart(point: CrashPoint): Promise<Findings> {
  const place = await START_PLACES[point as StartPoint]();
  const { days = 0 } = place;
  const first = await startVictim(place.settings, { point, days });
  await first.died();
  await place.look();
  const second = await startVictim(place.settings, { point: null, days });
  await place.look();
  await second.running.kill();
  const third = await startVictim(place.settings, { point: null, days: days + 3 });
  await until('nothing is left behind', 20_000, async () => (await look()).orphans.length === 0);
  await third.running.kill();
  return look();
}

describe('a server is ended at', () => {
  test.each(CRASH_POINTS)('%s', async (point) => {
    const scene = (SCENES as Partial<Record<CrashPoint, Scene>>)[point];
    const found = await (scene === undefined ? playStart(point) : play(point, scene));
    expect(found).toEqual({ wrong: [], orphans: [] });
  });
});
