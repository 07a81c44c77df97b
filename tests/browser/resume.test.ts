/** Going on in the page after the browser was closed: chosen in pieces, with strangers and missing files; and what cannot be gone on with. */
import { cp, mkdir, open, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../client/locales/en.ts';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { deriveCodename } from '../../shared/codename/derive.ts';
import { drawCodename } from '../../shared/codename/draw.ts';
import { barriers } from '../kit/axe.ts';
import type { BrowserName, Page } from '../kit/browser.ts';
import { BROWSERS, startBrowser } from '../kit/browsers.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import {
  choose,
  enterCodename,
  openDrop,
  pattern,
  percentArrived,
  send,
  takeCodename,
  waitForReceipt,
} from '../kit/journey.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { sendParcel } from '../kit/send-parcel.ts';
import { until } from '../kit/waiting.ts';

const MINUTE = 60_000;
const SMALL = ['a.txt', 'b.txt', 'c.txt', 'd.txt'];

let drop: Drop;

beforeAll(async () => {
  drop = await startDrop();
});
afterAll(() => drop[Symbol.asyncDispose]());

const button = (name: string) => ({ role: 'button', name }) as const;

async function look(page: Page, screen: string): Promise<void> {
  for (const width of [320, 1280]) {
    await page.viewport(width, 800);
    expect(await barriers(page), `${screen} at ${width} pixels`).toEqual([]);
  }
}

/** A folder with a film and some small files, in an order in which the film is sent first. */
async function footage(what: string): Promise<string> {
  const folder = join(drop.folder, what);
  await mkdir(folder);
  await writeFile(join(folder, '1 film.mov'), patternBytes(90_000_000));
  for (const [i, name] of SMALL.entries()) await writeFile(join(folder, name), patternBytes(200_000, i + 2));
  return folder;
}

/** Begins to send a folder, and closes the browser while it runs. */
async function closedMidway(name: BrowserName, folder: string): Promise<readonly string[]> {
  await using browser = await startBrowser(name);
  const { page } = browser;
  await openDrop(page, drop.source);
  await choose(page, { folder });
  const words = await takeCodename(page);
  await send(page);
  await until('something has arrived', MINUTE, async () => ((await percentArrived(page)) ?? 0) > 5, 20);
  await page.click(button(en['upload.pause']));
  await page.waitForText(pattern(en['upload.phase-paused']));
  return words;
}

async function openResume(page: Page, words: readonly string[]): Promise<void> {
  await enterCodename(page, drop.source, words);
  await page.click(button(en['unfinished.go-on']), MINUTE);
  await page.waitForText(pattern(en['resume.lead'].other), MINUTE);
}

interface Account {
  readonly state: string;
  readonly files: {
    readonly announced: number;
    readonly whole: number;
    readonly cutBySource: number;
    readonly changedAtSource: number;
  };
}

/** What the desk says of the newest parcel. */
async function collect(): Promise<Account> {
  const { parcels } = JSON.parse((await drop.pull('--json')).out) as { parcels: readonly { parcel: string }[] };
  const { parcel } = parcels.at(-1)!;
  const out = join(drop.folder, `out-${parcel}`);
  const done = await drop.desk('extract', drop.bundle, '--keys', drop.keys, '--out', out, '--parcel', parcel, '--json');
  return (JSON.parse(done.out) as { parcels: Account[] }).parcels[0]!;
}

describe.each(BROWSERS)('in %s', (name) => {
  test('the files are chosen in pieces from another folder; strangers and the missing one are named; it goes on without it', async () => {
    const folder = await footage(`${name}-first`);
    const words = await closedMidway(name, folder);
    const other = join(drop.folder, `${name}-elsewhere`);
    await cp(folder, other, { recursive: true });
    await rm(join(other, 'c.txt'));
    await writeFile(join(other, 'b.txt'), patternBytes(200_000, 99));
    await writeFile(join(other, 'stranger.txt'), 'not part of it');
    await using browser = await startBrowser(name);
    const { page } = browser;
    await openResume(page, words);
    expect(await page.text()).not.toMatch(/film|\.txt/);
    await look(page, 'resume');
    await page.setFiles('input[data-kind=files]', [join(other, 'a.txt')]);
    await page.waitForText(/1 of 5 files found/);
    await page.setFolder('input[data-kind=folder]', other);
    await page.waitForText(/3 of 5 files found/, MINUTE);
    const text = await page.waitForText(pattern(en['resume.strangers'].other));
    expect(text).toMatch(/elsewhere\/b\.txt/);
    expect(text).toMatch(/elsewhere\/stranger\.txt/);
    await look(page, 'resume, some missing');
    await page.setFiles('input[data-kind=files]', [join(folder, 'b.txt')]);
    await page.waitForText(/4 of 5 files found/);
    expect(await page.waitForText(pattern(en['resume.missing'].one))).toMatch(/first\/c\.txt/);
    await page.click(button(en['resume.without']));
    await page.waitForText(pattern(en['resume.without-text']));
    await look(page, 'resume, going on without');
    await page.click(button(en['resume.without-yes']));
    await waitForReceipt(page, 2 * MINUTE);
    expect(await collect()).toMatchObject({ files: { announced: 5, whole: 4, cutBySource: 1 } });
    await page.click(button(en['received.mailbox']));
    await page.waitForText(pattern(en['sealed.title']), MINUTE);
    expect(await page.text()).not.toMatch(pattern(en['unfinished.title']));
    expect((await page.problems()).filter((line) => !line.includes('/parts/'))).toEqual([]);
  });

  test('taken up in a second window, the first one is told and stops', async () => {
    const folder = await footage(`${name}-two`);
    await using first = await startBrowser(name);
    await openDrop(first.page, drop.source);
    await choose(first.page, { folder });
    const words = await takeCodename(first.page);
    await send(first.page);
    await until('something has arrived', MINUTE, async () => ((await percentArrived(first.page)) ?? 0) > 5, 20);
    await first.page.click(button(en['upload.pause']));
    await first.page.waitForText(pattern(en['upload.phase-paused']));
    await using second = await startBrowser(name);
    await openResume(second.page, words);
    await second.page.setFolder('input[data-kind=folder]', folder);
    await second.page.waitForText(pattern(en['resume.all-found']), MINUTE);
    await second.page.click(button(en['resume.start']));
    await second.page.click(button(en['upload.pause']), MINUTE);
    await second.page.waitForText(pattern(en['upload.phase-paused']));
    await first.page.click(button(en['upload.resume']));
    await first.page.waitForText(pattern(en['problem.writer-replaced']), MINUTE);
    expect(await first.page.text()).not.toContain(en['upload.keep-title']);
    await look(first.page, 'replaced');
    await second.page.click(button(en['upload.resume']));
    await waitForReceipt(second.page, 2 * MINUTE);
    expect(await collect()).toMatchObject({ state: 'complete', files: { announced: 5, whole: 5, cutBySource: 0 } });
  });

  test('all has arrived but the seal: it is finished with the codename alone, a message alone too', async () => {
    const words = drawCodename(random);
    const keys = await deriveCodename({ words, rootKey: fromBase64Url(drop.rootKey, 32) });
    const folder = join(drop.folder, `arrived-${name}`);
    await mkdir(folder);
    const sending = { source: drop.source, rootKey: drop.rootKey, folder, keys, message: 'All there.' };
    const parts = Array.from({ length: 9 }, (_, part) => part);
    await sendParcel({ ...sending, only: parts });
    await writeFile(join(folder, 'film.mov'), patternBytes(5_000_000));
    const { parts: needed } = await sendParcel({ ...sending, only: parts });
    expect(needed).toBeLessThanOrEqual(parts.length);
    await using browser = await startBrowser(name);
    const { page } = browser;
    await enterCodename(page, drop.source, words);
    await page.waitForText(pattern(en['unfinished.arrived']), MINUTE);
    await look(page, 'all has arrived');
    for (const left of [1, 0]) {
      await page.click(button(en['unfinished.finish']));
      await until('one less', MINUTE, async () => {
        const text = await page.text();
        return (
          text.split(en['unfinished.arrived']).length - 1 === left && pattern(en['unfinished.finished']).test(text)
        );
      });
    }
    expect((await page.text()).match(/Received on/g)).toHaveLength(2);
    expect(await page.text()).not.toContain(en['unfinished.title']);
    expect(await collect()).toMatchObject({ state: 'complete' });
    expect(await page.problems()).toEqual([]);
  });
});

describe('what cannot be gone on with', () => {
  const name = BROWSERS[0]!;

  test('a list that does not decrypt is called damaged; the files are sent as something new instead', async () => {
    const folder = await footage('damaged');
    const words = await closedMidway(name, folder);
    const sql = postgres({
      host: drop.databaseSocket(),
      user: 'postern',
      database: 'postgres',
      max: 1,
      onnotice: () => undefined,
    });
    await sql`update ledger set content = set_byte(content, 200, get_byte(content, 200) # 1)`;
    await sql.end();
    await using browser = await startBrowser(name);
    const { page } = browser;
    await enterCodename(page, drop.source, words);
    await page.click(button(en['unfinished.go-on']), MINUTE);
    await page.waitForText(pattern(en['problem.ledger-damaged']), MINUTE);
    await look(page, 'damaged');
    await page.click(button(en['resume.anew']));
    await page.waitForText(pattern(en['resume.anew-text']));
    await page.click(button(en['resume.anew-yes']));
    await page.waitForText(pattern(en['choose.lead-again']), MINUTE);
    await choose(page, { folder });
    await page.click(button(en['choose.go-on-send']));
    await waitForReceipt(page, 2 * MINUTE);
    expect(await collect()).toMatchObject({ state: 'complete', files: { announced: 5, whole: 5 } });
  });

  test('withdrawn, it is gone from the mailbox at once', async () => {
    const words = await closedMidway(name, await footage('withdrawn'));
    await using browser = await startBrowser(name);
    const { page } = browser;
    await enterCodename(page, drop.source, words);
    await page.click(button(en['unfinished.withdraw']), MINUTE);
    await page.waitForText(pattern(en['unfinished.withdraw-text']));
    await look(page, 'before withdrawing');
    await page.click(button(en['unfinished.withdraw-yes']));
    await page.waitForText(pattern(en['unfinished.withdrawn']));
    expect(await page.waitForText(pattern(en['mailbox.empty']))).not.toMatch(/ MB/);
  });

  test('one byte of what was sent already is changed in between: it is told to the person, and to the desk', async () => {
    const folder = await footage('one-byte');
    const film = join(folder, '1 film.mov');
    const { atime, mtime } = await stat(film);
    const words = await closedMidway(name, folder);
    const file = await open(film, 'r+');
    // Between two of the samples that a file is known by.
    await file.write(Buffer.from([patternBytes(3_000_001).at(-1)! ^ 1]), 0, 1, 3_000_000);
    await file.close();
    await utimes(film, atime, mtime);
    await using browser = await startBrowser(name);
    const { page } = browser;
    await openResume(page, words);
    await page.setFolder('input[data-kind=folder]', folder);
    await page.waitForText(pattern(en['resume.all-found']), MINUTE);
    await page.click(button(en['resume.start']));
    await waitForReceipt(page, 2 * MINUTE);
    expect(await page.waitForText(pattern(en['received.changed'].one))).toMatch(/one-byte\/1 film\.mov/);
    await look(page, 'received, changed');
    expect(await collect()).toMatchObject({ files: { announced: 5, whole: 4, cutBySource: 0, changedAtSource: 1 } });
  });

  test('a file with another content of the same size and time is a stranger', async () => {
    const folder = await footage('changed');
    const words = await closedMidway(name, folder);
    const film = join(folder, '1 film.mov');
    const time = new Date(1_700_000_000_000);
    await utimes(film, time, time);
    await writeFile(join(folder, 'a.txt'), patternBytes(200_000, 77));
    await using browser = await startBrowser(name);
    const { page } = browser;
    await openResume(page, words);
    await page.setFolder('input[data-kind=folder]', folder);
    const text = await page.waitForText(pattern(en['resume.strangers'].one), MINUTE);
    // Another time of change alone makes no other file.
    expect(text).toMatch(/4 of 5 files found/);
    expect(text).toMatch(/changed\/a\.txt/);
  });
});
