/**
 * The story of seven words: one submission, and a browser that is killed with its profile again and again. Each time another browser
 * is given the words and the same files, from another folder; at the end the bag is what was chosen at first.
 */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { en } from '../../client/locales/en.ts';
import { FIRST_LANES } from '../../client/upload/lane-count.ts';
import { openHeader } from '../../shared/age/header.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Browser, BrowserName } from './browser.ts';
import { startBrowser } from './browsers.ts';
import { startDrop } from './drop.ts';
import type { Drop } from './drop.ts';
import { makeFootage } from './footage.ts';
import type { Footage } from './footage.ts';
import { choose, openDrop, pattern, percentArrived, send, takeCodename, waitForReceipt } from './journey.ts';
import { run } from './programs.ts';
import { expectSameBag } from './same-bag.ts';
import { problemsOtherThanLostConnections } from './story.ts';
import { until } from './waiting.ts';

export interface RebootOptions {
  /** Which browser begins; the others follow in turn. */
  readonly browsers: readonly BrowserName[];
  /** Bytes of the big file. */
  readonly big: number;
  readonly kills: number;
  /** From 0 to 1: how far between two kills. */
  readonly chance: () => number;
  readonly say: (line: string) => void;
}

export interface RebootReport {
  readonly bytes: number;
  readonly parts: number;
  readonly kills: number;
  /** Parts that more than one browser sent bytes of, counted once for each further browser. */
  readonly sentAgain: number;
  /** Milliseconds from choosing the files again until more had arrived, each time. */
  readonly takenUpAfter: readonly number[];
}

const HOUR = 3_600_000;
const MESSAGE = 'Съёмка 17 мая. هذا من داخل السجن. 🎥';

/** Tells the story; fails by an assertion where it goes wrong. */
export async function tellRebootStory(options: RebootOptions): Promise<RebootReport> {
  const { browsers, big, kills, chance, say } = options;
  await using drop = await startDrop();
  const footage = await makeFootage(drop.folder, 'footage', { small: 40, big });
  say(`${footage.paths.length} files, ${footage.bytes} bytes`);
  const sent: ReadonlySet<number>[] = [];
  const takenUpAfter: number[] = [];
  let words: readonly string[] | null = null;
  for (let round = 0; round <= kills; round++) {
    await using browser = await startBrowser(browsers[round % browsers.length]!);
    const { page } = browser;
    try {
      if (words === null) {
        await openDrop(page, drop.source);
        await choose(page, { folder: footage.folder, message: MESSAGE });
        words = await takeCodename(page);
        await send(page);
      } else {
        const start = Date.now();
        await takeUp(browser, drop, words, await elsewhere(drop, footage, round));
        takenUpAfter.push(Date.now() - start);
      }
      if (round === kills) {
        await waitForReceipt(page, HOUR);
        assert.deepEqual(problemsOtherThanLostConnections(await page.problems()), []);
      } else {
        const from = await until('something has arrived', HOUR, () => percentArrived(page), 20);
        const left = 100 - from;
        const at = from + (left / (kills - round + 1)) * (0.3 + chance());
        await until(`${at} % have arrived`, HOUR, async () => ((await percentArrived(page)) ?? 0) >= at, 10);
        await browser.kill();
        say(`${browser.name} killed at ${Math.floor(at)} %`);
      }
    } catch (error) {
      say(await page.text().catch(() => 'the page is gone'));
      say((await page.problems().catch(() => [])).join('\n'));
      say((await readFile(drop.log, 'utf8')).split('\n').slice(-20).join('\n'));
      throw error;
    }
    sent.push(partsIn(page.requests()));
  }
  const parcel = await expectTheBag(drop, footage);
  const parts = await expectDistinctKeys(drop, parcel);
  const sentAgain = sent.reduce((sum, each) => sum + each.size, 0) - parts;
  assert.ok(sentAgain <= kills * FIRST_LANES, `${sentAgain} parts were sent again`);
  return { bytes: footage.bytes, parts, kills, sentAgain, takenUpAfter };
}

/** Words in, files chosen once more, and on. */
async function takeUp(browser: Browser, drop: Drop, words: readonly string[], folder: string): Promise<void> {
  const { page } = browser;
  await page.goto(drop.source);
  await page.click({ role: 'button', name: en['read.returning'] });
  for (const [i, word] of words.entries()) {
    await page.fill({ role: 'textbox', name: en['confirm.word'].replace('{number}', String(i + 1)) }, word);
  }
  await page.click({ role: 'button', name: en['enter.open'] });
  await page.click({ role: 'button', name: en['unfinished.go-on'] }, 60_000);
  await page.waitForText(pattern(en['resume.how']), 60_000);
  await page.setFolder('input[data-kind=folder]', folder);
  await page.waitForText(pattern(en['resume.all-found']), HOUR);
  await page.click({ role: 'button', name: en['resume.start'] });
}

/** The same files in another folder of another name, every second time with other times of change. */
async function elsewhere(drop: Drop, footage: Footage, round: number): Promise<string> {
  const folder = join(drop.folder, `копия ${round % 3}`);
  await run('rm', ['-rf', folder]);
  const options = round % 2 === 0 ? ['-r'] : ['-r', '--preserve=timestamps'];
  // Copies that share their blocks, where the disk can: the story is about names and times.
  assert.equal((await run('cp', [...options, '--reflink=auto', footage.folder, folder])).code, 0);
  return folder;
}

/** Numbers of the parts that were asked for by a browser. */
function partsIn(requests: readonly string[]): Set<number> {
  return new Set(requests.flatMap((url) => /\/parts\/(\d+)$/.exec(url)?.[1] ?? []).map(Number));
}

async function expectTheBag(drop: Drop, footage: Footage): Promise<string> {
  assert.equal((await drop.pull()).code, 0);
  const out = join(drop.folder, 'out');
  const { code, out: said, err } = await drop.desk('extract', drop.bundle, '--keys', drop.keys, '--out', out);
  assert.equal(err, '');
  assert.equal(code, 0, said);
  const [parcel, ...others] = await readdir(join(drop.bundle, 'inbox'));
  assert.ok(parcel !== undefined && others.length === 0);
  const bag = join(out, parcel);
  assert.equal(await readFile(join(bag, 'data/message.txt'), 'utf8'), MESSAGE);
  await expectSameBag(bag, footage.folder, 'footage', footage.paths);
  return parcel;
}

/** Opens the header of each part: no two may have the same file key. */
async function expectDistinctKeys(drop: Drop, parcel: string): Promise<number> {
  const inbox = join(drop.bundle, 'inbox', parcel);
  const identities = (await drop.desk('identities', drop.keys)).out
    .split('\n')
    .filter((line) => line.startsWith('AGE-'));
  const names = (await readdir(inbox)).filter((name) => name.endsWith('.age'));
  const keys = new Set<string>();
  for (const name of names) {
    const opened = await openHeader(await readFile(join(inbox, name)), identities);
    assert.ok(opened !== null, name);
    keys.add(toHex(opened.fileKey));
  }
  assert.equal(keys.size, names.length);
  return names.length;
}
