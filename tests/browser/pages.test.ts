/** The pages for every person: no barrier that axe-core knows of on any screen, and the whole journey by keyboard alone. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../client/locales/en.ts';
import { barriers } from '../kit/axe.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { BROWSERS, startBrowser } from '../kit/browsers.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { choose, openDrop, pattern, send, takeCodename, waitForReceipt } from '../kit/journey.ts';
import { focusedName, tabTo, type } from '../kit/keyboard.ts';
import { until } from '../kit/waiting.ts';

const WIDTHS = [320, 1280];
const CLIP_SIZE = 160 * 1024 * 1024;

let drop: Drop;
let clip: string;

beforeAll(async () => {
  drop = await startDrop();
  clip = join(drop.folder, 'clip, with a name that is longer than the narrowest screens are wide.mp4');
  const file = await open(clip, 'w');
  await file.truncate(CLIP_SIZE);
  await file.close();
});
afterAll(() => drop[Symbol.asyncDispose]());

/** No barrier at any width. */
async function look(page: Page, screen: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.viewport(width, 800);
    expect(await barriers(page), `${screen} at ${width} pixels`).toEqual([]);
  }
}

function words(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll('ol[aria-label] li')].map((each) => each.textContent.replace(/^[\\d\\s]+/, '').trim())`,
  );
}

async function focusOn(page: Page, title: string): Promise<void> {
  await until(`the focus on “${title}”`, 60_000, async () => (await focusedName(page)) === title);
}

/** Goes down the offered words to this one; false when it is not among them. */
async function arrowTo(page: Page, word: string): Promise<boolean> {
  for (let step = 0; step < 6; step++) {
    await page.press('ArrowDown');
    const at = `document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent ?? null`;
    if ((await page.evaluate<string | null>(at)) === word) return true;
  }
  return false;
}

describe.each(BROWSERS)('in %s', (name) => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser(name);
    page = browser.page;
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  test('no screen has a barrier, at 320 pixels and at 1280', async () => {
    await page.goto(drop.source);
    await page.waitForText(pattern(en['read.key-text']));
    await look(page, 'read');
    await openDrop(page, drop.source);
    await page.click({ role: 'button', name: en['choose.go-on'] });
    await page.waitForText(pattern(en['choose.nothing']));
    await look(page, 'choose, nothing yet');
    await choose(page, { files: [clip], message: 'See 00:41.' });
    await look(page, 'choose');
    const codename = await takeCodename(page);
    await look(page, 'codename, entered');
    await page.fill({ role: 'textbox', name: en['confirm.word'].replace('{number}', '2') }, `${codename[1]}q`);
    await page.fill({ role: 'textbox', name: en['confirm.word'].replace('{number}', '3') }, 'qqqq');
    await send(page);
    await page.waitForText(pattern(en['confirm.problems'].other));
    await look(page, 'codename, mistyped');
    await page.fill({ role: 'textbox', name: en['confirm.word'].replace('{number}', '2') }, codename[1] ?? '');
    await page.fill({ role: 'textbox', name: en['confirm.word'].replace('{number}', '3') }, codename[2] ?? '');
    await send(page);
    await page.click({ role: 'button', name: en['upload.pause'] });
    await page.waitForText(pattern(en['upload.phase-paused']));
    await look(page, 'paused');
    await drop.killServer();
    await page.click({ role: 'button', name: en['upload.resume'] });
    await page.waitForText(pattern(en['upload.phase-waiting']), 60_000);
    await look(page, 'waiting');
    await drop.startServer();
    await waitForReceipt(page, 300_000);
    await page.click({ role: 'button', name: en['received.show'] });
    await look(page, 'received');
    await page.click({ role: 'button', name: en['received.leave'] });
    await page.waitForText(pattern(en['leave.left-title']));
    await look(page, 'left');
    const stray = (await page.problems()).filter((problem) => !problem.includes('/api/') && !problem.includes('axe'));
    expect(stray).toEqual([]);
  });

  test('the whole journey by keyboard; each new screen begins at its heading', async () => {
    await page.goto(drop.source);
    await page.waitForText(pattern(en['read.key-text']));
    const { title, address, entries } = await page.evaluate<{ title: string; address: string; entries: number }>(HERE);
    await tabTo(page, en['read.begin']);
    await page.press('Enter');
    await focusOn(page, en['choose.title']);
    await tabTo(page, en['choose.add-files']);
    await tabTo(page, en['choose.add-folder']);
    await tabTo(page, en['choose.message-title']);
    await type(page, 'by keyboard');
    await tabTo(page, en['choose.go-on']);
    await until('the codename', 30_000, async () => {
      if ((await focusedName(page)) !== en['choose.go-on']) return true;
      await page.press('Enter');
      return false;
    });
    await focusOn(page, en['codename.title']);
    const codename = await words(page);
    await tabTo(page, en['codename.written']);
    await page.press('Enter');
    await focusOn(page, en['confirm.title']);
    await tabTo(page, en['confirm.word'].replace('{number}', '1'));
    // The first by completion where it is offered, the others by typing: a space goes on to the next field.
    const [first = '', ...others] = codename;
    await type(page, first.slice(0, -1));
    if (await arrowTo(page, first)) await page.press('Enter');
    else await type(page, `${first.slice(-1)} `);
    await focusOn(page, en['confirm.word'].replace('{number}', '2'));
    for (const word of others) await type(page, `${word} `);
    await tabTo(page, en['confirm.send']);
    await page.press('Enter');
    await focusOn(page, en['received.title']);
    expect(await page.evaluate(HERE)).toEqual({ title, address, entries });
    await tabTo(page, en['received.leave']);
    await page.press('Enter');
    await page.waitForText(pattern(en['leave.left-title']));
  });

  test('leaving at once shows an empty page that leads nowhere back', async () => {
    await openDrop(page, drop.source);
    await page.fill({ role: 'textbox', name: en['choose.message-title'] }, 'secret');
    await page.click({ role: 'button', name: en['leave.now'] });
    await until('an empty page', 20_000, async () => {
      // While the browser is on its way there, there is no page to ask.
      const address = await page.evaluate<string>('location.href').catch(() => null);
      return address === 'about:blank';
    });
  });
});

/** The title, the address and the number of history entries: none of them may tell where in the journey a person was. */
const HERE = '({ title: document.title, address: location.href, entries: history.length })';
