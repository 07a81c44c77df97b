/**
 * The main story: footage in at a browser while the server is killed again and again, ciphertext on the server, fetched by a
 * courier that is killed too, a verified bag out at the desk. Told once in a test with little, and by the soak run with much.
 */
import assert from 'node:assert/strict';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserName } from './browser.ts';
import { startBrowser } from './browsers.ts';
import { codenameTraces, drawCanaries, dumpDatabase, findCanaries } from './canaries.ts';
import { startDrop } from './drop.ts';
import type { Drop } from './drop.ts';
import { makeFootage } from './footage.ts';
import { choose, openDrop, percentArrived, send, takeCodename, waitForReceipt } from './journey.ts';
import { memoryOf } from './memory.ts';
import type { Memory } from './memory.ts';
import { expectSameBag } from './same-bag.ts';
import { watchMemory } from './sampler.ts';
import { until } from './waiting.ts';

export interface StoryOptions {
  readonly browser: BrowserName;
  /** Bytes of the big file. */
  readonly big: number;
  /** Told what happens. */
  readonly say: (line: string) => void;
}

export interface StoryReport {
  readonly bytes: number;
  readonly parts: number;
  readonly uploadMs: number;
  /** Kills of the server, and of PostgreSQL, that fell into the upload. */
  readonly serverKills: number;
  readonly databaseKills: number;
  /** Parts that the killed courier had fetched. */
  readonly beforeKill: number;
  readonly pullMs: number;
  readonly extractMs: number;
  /** The most that was resident: renderer, server, desk, courier. */
  readonly memory: ReadonlyMap<string, Memory>;
}

/** Per cent arrived at which the server (s) or the database (d) is killed. */
const KILLS = [
  [5, 's'],
  [20, 's'],
  [35, 'd'],
  [45, 's'],
  [60, 's'],
  [75, 's'],
] as const;
const HOUR = 3_600_000;

/** Tells the story; fails by an assertion where it goes wrong. */
export async function tellStory({ browser: name, big, say }: StoryOptions): Promise<StoryReport> {
  await using drop = await startDrop();
  const canaries = drawCanaries();
  const footage = await makeFootage(drop.folder, 'footage', { big, canaries: canaries.files });
  const renderer: { memory: () => Memory | null } = { memory: () => null };
  const pids = new Map<string, number>();
  const sampler = watchMemory({
    renderer: () => renderer.memory(),
    server: () => memoryOf(drop.server.pid),
    courier: () => memoryOf(pids.get('courier') ?? -1),
    desk: () => memoryOf(pids.get('desk') ?? -1),
  });
  try {
    say(`${footage.paths.length} files, ${footage.bytes} bytes`);
    const upload = await sendThroughKills(name, drop, footage.folder, canaries.message, renderer, say);
    await expectNoTrace(drop, [...canaries.planted, ...codenameTraces(upload.words)], upload.words);
    say('no trace of a canary in the data folder, the database or the log');
    const pulled = await pullKilledMidway(drop, pids);
    say(`fetched, killed after ${pulled.beforeKill} of ${pulled.parts} parts and run again`);

    const out = join(drop.folder, 'out');
    const start = Date.now();
    const extract = drop.startDesk('extract', drop.bundle, '--keys', drop.keys, '--out', out, '--json');
    pids.set('desk', extract.pid);
    const { code, err } = await extract.finished;
    assert.equal(err, '');
    assert.equal(code, 0);
    const extractMs = Date.now() - start;
    const bag = join(out, pulled.parcel);
    assert.equal(await readFile(join(bag, 'data/message.txt'), 'utf8'), canaries.message);
    await expectSameBag(bag, footage.folder, 'footage', footage.paths);
    say('extracted; no difference');
    const { uploadMs, serverKills, databaseKills } = upload;
    return {
      bytes: footage.bytes,
      uploadMs,
      serverKills,
      databaseKills,
      ...pulled,
      extractMs,
      memory: new Map(sampler.highest),
    };
  } finally {
    sampler.stop();
  }
}

async function sendThroughKills(
  name: BrowserName,
  drop: Drop,
  folder: string,
  message: string,
  renderer: { memory: () => Memory | null },
  say: (line: string) => void,
) {
  await using browser = await startBrowser(name);
  const { page } = browser;
  renderer.memory = () => browser.memory();
  try {
    await openDrop(page, drop.source);
    await choose(page, { folder, message });
    const words = await takeCodename(page);
    const start = Date.now();
    await send(page);
    const kills = { s: 0, d: 0 };
    for (const [percent, whom] of KILLS) {
      const at = await until(
        `${percent} % have arrived`,
        HOUR,
        async () => {
          const arrived = await percentArrived(page);
          return arrived !== null && arrived >= percent && { arrived };
        },
        20,
      );
      if (at.arrived >= 100) break;
      say(`at ${Math.floor(at.arrived)} %: kill -9 of ${whom === 's' ? 'the server' : 'PostgreSQL'}`);
      if (whom === 's') {
        await drop.killServer();
        await drop.startServer();
      } else {
        drop.killDatabase();
      }
      kills[whom]++;
    }
    await waitForReceipt(page, HOUR);
    const uploadMs = Date.now() - start;
    say(`the receipt is there after ${Math.round(uploadMs / 1000)} s`);
    assert.deepEqual(problemsOtherThanLostConnections(await page.problems()), []);
    return { words, uploadMs, serverKills: kills.s, databaseKills: kills.d };
  } catch (error) {
    say(await page.text().catch(() => 'the page is gone'));
    say((await page.problems().catch(() => [])).join('\n'));
    throw error;
  } finally {
    renderer.memory = () => null;
  }
}

/**
 * Chromium writes a line for each request that found no server, got a 5xx, or asked whether a part had arrived and heard that it
 * had not; the page means them to happen.
 */
export function problemsOtherThanLostConnections(problems: readonly string[]): string[] {
  return problems.filter(
    (line) =>
      !/Failed to load resource: (?:net::ERR_|the server responded with a status of 5\d\d)/.test(line) &&
      !/Failed to load resource: the server responded with a status of 404 .*\/parts\/\d+\)$/.test(line),
  );
}

async function expectNoTrace(drop: Drop, canaries: readonly string[], words: readonly string[]): Promise<void> {
  const dump = join(drop.folder, 'dump');
  await rm(dump, { force: true });
  const text = await dumpDatabase(drop.databaseSocket());
  await writeFile(dump, text);
  const found = [];
  for (const where of [drop.data, dump, drop.log]) found.push(...(await findCanaries(where, canaries, drop.folder)));
  assert.deepEqual(found, []);
  // Single words of a codename are English words: only as whole words, and only where nothing is random.
  const spoken = new Set((text + (await readFile(drop.log, 'utf8'))).match(/[a-z-]+/g));
  assert.deepEqual(
    words.filter((word) => spoken.has(word) && !COMMON.has(word)),
    [],
  );
  assert.ok(text.includes('postern/part/v1'), 'the dump holds what the server does know');
}

/** Words of the list that our own statements, table and column names, or log lines hold. */
const COMMON = new Set([
  'opening',
  'sealed',
  'size',
  'status',
  'method',
  'route',
  'mailbox',
  'part',
  'parcel',
  'notice',
]);

async function pullKilledMidway(drop: Drop, pids: Map<string, number>) {
  const inbox = join(drop.bundle, 'inbox');
  const start = Date.now();
  const killed = drop.courier('pull', drop.bundle);
  const beforeKill = await until(
    'half of the parts are fetched',
    HOUR,
    async () => {
      const [parcel] = await readdir(inbox).catch(() => []);
      if (parcel === undefined) return null;
      const names = await readdir(join(inbox, parcel));
      const statements = await readFile(join(inbox, parcel, 'envelope.json'), 'utf8').catch(() => '');
      const parts = statements.split('postern/part/v1').length - 1;
      const here = names.filter((each) => each.endsWith('.age')).length;
      return parts > 0 && here * 2 >= parts && here;
    },
    5,
  );
  await killed.kill();
  const again = drop.courier('pull', drop.bundle, '--json');
  pids.set('courier', again.pid);
  const { code, out, err } = await again.finished;
  assert.equal(err, '');
  assert.equal(code, 0);
  const { parcels } = JSON.parse(out) as {
    parcels: readonly { parcel: string; state: string; parts: number; here: number }[];
  };
  const [parcel, ...others] = parcels;
  assert.ok(parcel !== undefined && others.length === 0);
  assert.equal(parcel.state, 'complete');
  assert.equal(parcel.here, parcel.parts);
  return { parcel: parcel.parcel, parts: parcel.parts, beforeKill, pullMs: Date.now() - start };
}
