/** The desk's viewer, as an editor uses it: footage plays and is sought inside the ciphertext, long lists are quick, marks and replies last. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../desk/viewer/locales/en.ts';
import { makeSource, openWithStockTools, send } from '../desk/source.ts';
import type { Source } from '../desk/source.ts';
import type { RunningViewer } from '../desk/viewer/viewer.ts';
import { barriers } from '../kit/axe.ts';
import type { Page } from '../kit/browser.ts';
import { BROWSERS, startBrowser } from '../kit/browsers.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { RATE, shownNumber, writeNumberedVideo } from '../kit/numbered-video.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { openBundle, openEntry, picture } from '../kit/viewer-page.ts';
import { until } from '../kit/waiting.ts';

const FRAMES = 500;
const MANY = 5000;
/** A picture of one dot. */
const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let folder: TemporaryFolder;
let drop: Drop;
let source: Source;
let footage: MadeParcel;
let many: Source;

beforeAll(async () => {
  folder = await temporaryFolder();
  drop = await makeDrop(folder.path);
  source = await makeSource();
  many = await makeSource();
  const films = await Promise.all(
    (['mp4', 'webm'] as const).map(async (kind) => {
      const path = join(folder.path, `film.${kind}`);
      await writeNumberedVideo(path, kind, FRAMES);
      return { path: `camera 1/night.${kind}`, content: await readFile(path) };
    }),
  );
  footage = await send(drop, source, {
    message: 'From the north gate',
    files: [...films, { path: 'dot.png', content: DOT }],
  });
  const dots = Array.from({ length: MANY }, (_, at) => ({ path: `frames/frame ${at}.png`, content: DOT }));
  await send(drop, many, { message: 'Single frames', files: dots });
  await send(drop, await makeSource(), { message: 'Not all of it', files: films, only: [] });
});
afterAll(() => folder[Symbol.asyncDispose]());

const named = (source: Source): string => `Source ${source.key.slice(0, 8)}`;

async function openFilm(page: Page, viewer: RunningViewer, name: string): Promise<void> {
  await page.viewport(1280, 800);
  await page.goto(viewer.address);
  await openEntry(page, named(source));
  await page.click({ role: 'button', name: 'Show 3 files' });
  await openEntry(page, name);
  await until('the film is there', 20_000, () =>
    page.evaluate<boolean>(`document.querySelector('video')?.readyState >= 2`),
  );
}

const at = (page: Page): Promise<number> => page.evaluate<number>(`document.querySelector('video').currentTime`);
const atRest = (page: Page) =>
  until('the film rests', 20_000, () =>
    page.evaluate<boolean>(
      `(({ seeking, paused, readyState }) => !seeking && paused && readyState >= 2)(document.querySelector('video'))`,
    ),
  );

/** The number on the screen, once it has come to what the time says. */
async function checkFrame(page: Page, wanted: number): Promise<void> {
  let shown = -1;
  const right = async () => (shown = await shownNumber(page, () => picture(page))) === wanted;
  await until(`frame ${wanted}`, 10_000, right).catch(() => undefined);
  expect(shown).toBe(wanted);
}

/** Where a busy machine leaves out frames while it plays, Firefox tells of none of them, and a step may be two. */
async function checkSteps(page: Page): Promise<void> {
  await page.press('.');
  await atRest(page);
  await checkFrame(page, Math.floor(9.02 * RATE) + 1);
  await page.press(',');
  await atRest(page);
  await checkFrame(page, Math.floor(9.02 * RATE));
}

describe.each(BROWSERS)('in %s', (name) => {
  // Firefox plays H.264 only where the system brings a decoder.
  test.each(name === 'chromium' ? ['mp4', 'webm'] : ['webm'])(
    'a film (%s) plays, and shows the frame that was sought',
    async (kind) => {
      await using browser = await startBrowser(name);
      const { page } = browser;
      const viewer = await openBundle(drop);
      await openFilm(page, viewer, `night.${kind}`);
      await checkFrame(page, 0);

      await page.press(' ');
      await until('it plays', 20_000, async () => (await at(page)) > 0.4);
      await page.press(' ');
      await atRest(page);
      for (const seconds of [13.3, 2.02, 19.5]) {
        await page.evaluate(`document.querySelector('video').currentTime = ${seconds}`);
        await atRest(page);
        await checkFrame(page, Math.floor(seconds * RATE));
      }
      await page.evaluate(`document.querySelector('video').currentTime = 4.02`);
      await atRest(page);
      await page.press('ArrowRight');
      await atRest(page);
      await checkFrame(page, Math.floor(9.02 * RATE));
      if (name === 'chromium') await checkSteps(page);
      expect(await page.problems()).toEqual([]);
      viewer.interrupt();
      await viewer.ended;
    },
  );
});

describe('in chromium', () => {
  test('5,000 files are listed, searched and scrolled through; keys lead to the last of them', async () => {
    await using browser = await startBrowser('chromium');
    const { page } = browser;
    const viewer = await openBundle(drop);
    await page.goto(viewer.address);
    await openEntry(page, named(many));
    await page.waitForText(/Show 5,000 files/);
    const took = await page.evaluate<number>(`new Promise((resolve) => {
      const begun = performance.now();
      [...document.querySelectorAll('button')].find((each) => /Show 5,000/.test(each.textContent)).click();
      const look = () => /5,000 files/.test(document.querySelector('.column-files')?.textContent) ? resolve(performance.now() - begun) : requestAnimationFrame(look);
      look();
    })`);
    const frames = await page.evaluate<number>(`new Promise((resolve) => {
      const list = document.querySelector('.column-files [role=listbox]');
      const begun = performance.now();
      let frames = 0;
      const step = () => {
        list.scrollTop += 120;
        frames++;
        if (performance.now() - begun < 1000) requestAnimationFrame(step);
        else resolve(frames);
      };
      requestAnimationFrame(step);
    })`);
    console.log(`5,000 files: listed after ${Math.round(took)} ms, ${frames} frames in a second of scrolling`);
    expect(took).toBeLessThan(10_000);
    expect(frames).toBeGreaterThan(10);
    const rows = await page.evaluate<number>(`document.querySelectorAll('.column-files [role=option]').length`);
    expect(rows).toBeLessThan(100);

    await page.press('End');
    await until('the last entry', 5000, () => page.evaluate<boolean>(activeIs('frame 4999\\.png')));
    await page.fill({ role: 'textbox', name: en['files.search'] }, 'FRAME 417');
    await page.waitForText(/15 of 5,000/);
    await page.click({ role: 'button', name: en['files.as-grid'] });
    const loaded = `[...document.querySelectorAll('.tile-picture img')].every((each) => each.complete && each.naturalWidth === 1)`;
    await until('the entries', 10_000, () =>
      page.evaluate<boolean>(`document.querySelectorAll('.tile').length === 15`),
    );
    // Pictures that are far out of view are fetched only when they come near.
    await page.evaluate(`document.querySelectorAll('.tile')[14].scrollIntoView()`);
    await until('the pictures', 10_000, () => page.evaluate<boolean>(loaded));
    expect(await page.problems()).toEqual([]);
    viewer.interrupt();
    await viewer.ended;
  });

  test('marks and a reply outlive the viewer; the source can read the reply; a closed desk says so', async () => {
    await using browser = await startBrowser('chromium');
    const { page } = browser;
    const first = await openBundle(drop);
    await page.goto(first.address);
    expect(await page.evaluate<string>('location.hash')).toBe('');
    await openEntry(page, named(source));
    await page.click({ role: 'button', name: en['marks.see'] });
    await page.waitForText(/Mark as unseen/);
    await page.evaluate(`document.querySelector('.marks details').open = true`);
    await page.fill({ role: 'textbox', name: en['marks.add-label'] }, 'urgent');
    await page.press('Enter');
    await until('the label', 10_000, () => page.has({ role: 'button', name: 'Remove the label urgent' }));

    await page.click({ role: 'button', name: en['compose.open'] });
    await page.fill({ role: 'textbox', name: /^Message/ }, 'We have it. <b>Thank you.</b>');
    await page.click({ role: 'button', name: en['compose.preview'] });
    await page.waitForText(/Exactly this will be sent/);
    await page.click({ role: 'button', name: en['compose.confirm'] });
    await page.waitForText(/The reply is in the outbox/);
    const outbox = join(drop.bundle, 'outbox');
    const bag = await openWithStockTools(join(outbox, (await readdir(outbox))[0]!), source.replyIdentity);
    expect(await readFile(join(bag, 'data/message.txt'), 'utf8')).toBe('We have it. <b>Thank you.</b>');

    first.interrupt();
    await first.ended;
    await page.waitForText(/The desk was closed/);

    const second = await openBundle(drop);
    await page.goto(second.address);
    await openEntry(page, `${named(source)}.*urgent`);
    await page.waitForText(/Mark as unseen/);
    expect(await page.text()).toContain('We have it. <b>Thank you.</b>');
    second.interrupt();
    await second.ended;
    expect(footage.parts).toBeGreaterThan(0);
  });

  test('nothing bars the way, in a wide, a middling and a narrow window, by day and in the dark', async () => {
    await using browser = await startBrowser('chromium');
    const { page } = browser;
    const viewer = await openBundle(drop);
    await page.goto(viewer.address);
    await page.waitForText(/3 conversations/);
    const sizes = [
      [1280, 800],
      [768, 1024],
      [320, 640],
    ] as const;
    const found: string[] = [];
    const look = async (what: string) => {
      for (const [width, height] of sizes) {
        await page.viewport(width, height);
        found.push(...(await barriers(page)).map((barrier) => `${what} at ${width}: ${barrier}`));
      }
      await page.viewport(1280, 800);
      await page.evaluate(`document.documentElement.style.colorScheme = 'dark'`);
      found.push(...(await barriers(page)).map((barrier) => `${what} in the dark: ${barrier}`));
      await page.evaluate(`document.documentElement.style.colorScheme = ''`);
    };
    await look('conversations');
    await openEntry(page, named(source));
    await page.waitForText(/Show 3 files/);
    await look('a conversation');
    await page.click({ role: 'button', name: 'Show 3 files' });
    await until('the files', 10_000, () => page.evaluate<boolean>(`document.querySelector('.file-row') !== null`));
    await look('files');
    await openEntry(page, 'dot\\.png');
    await page.waitForText(/1 × 1/);
    await look('a picture');
    viewer.interrupt();
    await viewer.ended;
    await page.waitForText(/The desk was closed/);
    await look('a closed desk');
    expect(found).toEqual([]);
  });
});

const activeIs = (pattern: string): string =>
  `new RegExp(${JSON.stringify(pattern)}).test(document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent)`;
