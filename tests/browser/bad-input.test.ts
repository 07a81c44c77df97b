/** Files that change under the sender's hands, names that are no text, too many files, a server without room: what is said, what is kept. */
import { appendFile, mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../client/locales/en.ts';
import type { Page } from '../kit/browser.ts';
import { BROWSERS, startBrowser } from '../kit/browsers.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { randomLooking, writeBig } from '../kit/footage.ts';
import { choose, openDrop, pattern, percentArrived, send, takeCodename, waitForReceipt } from '../kit/journey.ts';
import { run } from '../kit/programs.ts';
import { until } from '../kit/waiting.ts';

const MINUTE = 60_000;
/** Files of the large folder. */
const MANY = Number(process.env['POSTERN_TEST_MANY'] ?? 20_000);

let drop: Drop;

beforeAll(async () => {
  drop = await startDrop();
});
afterAll(() => drop[Symbol.asyncDispose]());

/** Starts sending, and pauses before anything but the first file has been read. */
async function sendAndPause(page: Page, files: readonly string[]): Promise<void> {
  await openDrop(page, drop.source);
  await choose(page, { files });
  await takeCodename(page);
  await send(page);
  await until('something has arrived', MINUTE, async () => ((await percentArrived(page)) ?? 0) > 0, 20);
  await page.click({ role: 'button', name: en['upload.pause'] });
  await page.waitForText(pattern(en['upload.title-paused']));
}

/** Fetches and extracts the newest parcel; gives its bag and the desk's account of it. */
async function collect(): Promise<{ bag: string; account: DeskAccount }> {
  const { parcels } = JSON.parse((await drop.pull('--json')).out) as { parcels: readonly { parcel: string }[] };
  const { parcel } = parcels.at(-1)!;
  const out = join(drop.folder, `out-${parcel}`);
  const done = await drop.desk('extract', drop.bundle, '--keys', drop.keys, '--out', out, '--parcel', parcel, '--json');
  const account = (JSON.parse(done.out) as { parcels: DeskAccount[] }).parcels[0]!;
  return { bag: join(out, parcel), account };
}

interface DeskAccount {
  readonly state: string;
  readonly files: { readonly announced: number; readonly whole: number; readonly cutBySource: number };
}

describe.each(BROWSERS)('in %s', (name) => {
  const folderOf = async (what: string) => {
    const folder = join(drop.folder, `${name}-${what}`);
    await mkdir(folder);
    await writeBig(join(folder, 'first.mov'), 150_000_000);
    return folder;
  };

  test('files that vanish, shrink, grow or cannot be read any more are named, and the rest arrives', async () => {
    const folder = await folderOf('changing');
    const names = ['vanishes', 'shrinks', 'grows', 'unreadable', 'stays'];
    for (const [i, each] of names.entries()) await writeFile(join(folder, each), randomLooking(300_000, i));
    await using browser = await startBrowser(name);
    const { page } = browser;
    await sendAndPause(
      page,
      ['first.mov', ...names].map((each) => join(folder, each)),
    );
    await rm(join(folder, 'vanishes'));
    await truncate(join(folder, 'shrinks'), 1000);
    await appendFile(join(folder, 'grows'), 'more');
    await rm(join(folder, 'unreadable'));
    await mkdir(join(folder, 'unreadable'));
    await page.click({ role: 'button', name: en['upload.resume'] });

    const held: string[] = [];
    await until('all is sent', 3 * MINUTE, async () => {
      const path = await page.evaluate<string | null>(`document.querySelector('.file-name bdi')?.textContent ?? null`);
      if (path !== null && !held.includes(path)) {
        held.push(path);
        await page.click({ role: 'button', name: en['upload.held-without'] });
      }
      return (await percentArrived(page)) === 100;
    });
    // Firefox hands out the bytes that a file had when it was chosen, whatever was added to it since.
    const gone =
      name === 'firefox' ? ['vanishes', 'shrinks', 'unreadable'] : ['vanishes', 'shrinks', 'grows', 'unreadable'];
    expect(held).toEqual(gone);

    const { bag, account } = await collect();
    expect(account.files).toMatchObject({ announced: 6, cutBySource: gone.length });
    for (const each of ['first.mov', 'stays']) {
      expect((await run('cmp', [join(folder, each), join(bag, 'data/files', each)])).out).toBe('');
    }
    expect((await run('sha256sum', ['-c', '--quiet', 'manifest-sha256.txt'], { cwd: bag })).code).toBe(0);
  });

  test('a file that was moved is asked for, and goes on when it is shown again', async () => {
    const folder = await folderOf('moved');
    await writeFile(join(folder, 'moved'), randomLooking(300_000, 7));
    await using browser = await startBrowser(name);
    const { page } = browser;
    await sendAndPause(page, [join(folder, 'first.mov'), join(folder, 'moved')]);
    await mkdir(join(folder, 'elsewhere'));
    await rename(join(folder, 'moved'), join(folder, 'elsewhere/moved'));
    await page.click({ role: 'button', name: en['upload.resume'] });
    await page.waitForText(pattern(en['upload.held-file']), 2 * MINUTE);
    await page.setFiles('input[data-kind=file]', [join(folder, 'first.mov')]);
    await page.waitForText(pattern(en['upload.held-differs']));
    await page.setFiles('input[data-kind=file]', [join(folder, 'elsewhere/moved')]);
    await waitForReceipt(page, MINUTE);
    const { bag, account } = await collect();
    expect(account).toMatchObject({ state: 'complete', files: { whole: 2, cutBySource: 0 } });
    expect((await run('cmp', [join(folder, 'elsewhere/moved'), join(bag, 'data/files/moved')])).out).toBe('');
  });

  test('a name that is no text is sent under one that is', async () => {
    const folder = join(drop.folder, `${name}-names`);
    await mkdir(folder);
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.txt')]),
      'Latin-1\n',
    );
    await writeFile(join(folder, 'fine.txt'), 'fine\n');
    await using browser = await startBrowser(name);
    const { page } = browser;
    await openDrop(page, drop.source);
    await choose(page, { folder });
    await takeCodename(page);
    await send(page);
    await waitForReceipt(page, MINUTE);
    const { bag, account } = await collect();
    // Chromium never hands such a file to a page, so the page cannot even tell.
    const seen = name === 'firefox' ? 2 : 1;
    expect(account).toMatchObject({ state: 'complete', files: { announced: seen, whole: seen } });
    expect(await readFile(join(bag, `data/files/${name}-names/fine.txt`), 'utf8')).toBe('fine\n');
  });

  test(`a folder of ${MANY} files goes through`, async () => {
    const folder = join(drop.folder, `${name}-many`);
    for (let i = 0; i < MANY; i++) {
      if (i % 1000 === 0) await mkdir(join(folder, String(i / 1000)), { recursive: true });
      await writeFile(join(folder, String(Math.floor(i / 1000)), `${i}.txt`), `${i}\n`);
    }
    await using browser = await startBrowser(name);
    const { page } = browser;
    await openDrop(page, drop.source);
    await choose(page, { folder });
    await takeCodename(page);
    const start = Date.now();
    await send(page);
    await waitForReceipt(page, 20 * MINUTE);
    console.log(`${name}: ${MANY} files sent in ${Math.round((Date.now() - start) / 1000)} s`);
    const { bag, account } = await collect();
    expect(account).toMatchObject({ state: 'complete', files: { announced: MANY, whole: MANY } });
    expect((await run('diff', ['-r', '--brief', folder, join(bag, 'data/files', `${name}-many`)])).out).toBe('');
    await rm(folder, { recursive: true });
  });
});

test('a server without room says so before the first byte, and keeps nothing', async () => {
  await using full = await startDrop({ env: { POSTERN_RESERVE: '900000000000000' } });
  const file = join(full.folder, 'night.mov');
  await writeBig(file, 30_000_000);
  await using browser = await startBrowser(BROWSERS[0]!);
  const { page } = browser;
  await openDrop(page, full.source);
  await choose(page, { files: [file] });
  await takeCodename(page);
  await send(page);
  await page.waitForText(pattern(en['problem.storage-full']));
  await page.click({ role: 'button', name: en['upload.refused-again'] });
  await page.waitForText(/night\.mov/);
  const { out } = await run('find', [join(full.data, 'blobs'), '-mindepth', '2']);
  expect(out).toBe('');
  expect((await stat(file)).size).toBe(30_000_000);
});
