/** “I have a codename”: what people paste and mistype, what wrong words show, and that the words are kept nowhere. */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../client/locales/en.ts';
import { CODENAME_WORDS } from '../../shared/codename/words.ts';
import { barriers } from '../kit/axe.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { BROWSERS, startBrowser } from '../kit/browsers.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { enterCodename, pattern } from '../kit/journey.ts';
import { until } from '../kit/waiting.ts';

const MINUTE = 60_000;
const WORDS = ['garden', 'uncle', 'gopher', 'playoff', 'curator', 'juggle', 'dizzy'];
/** Sign-ins with wrong words, one after the other. */
const MANY = 50;

let drop: Drop;

beforeAll(async () => {
  drop = await startDrop();
});
afterAll(() => drop[Symbol.asyncDispose]());

async function openEntry(page: Page): Promise<void> {
  await page.goto(drop.source);
  await page.click({ role: 'button', name: en['read.returning'] });
  await page.waitForText(pattern(en['enter.title']));
}

const field = (number: number) =>
  ({ role: 'textbox', name: en['confirm.word'].replace('{number}', String(number)) }) as const;

/** Pastes into a field, as from the clipboard. (Firefox gives no content to a ClipboardEvent that a script makes.) */
async function paste(page: Page, number: number, text: string): Promise<void> {
  await page.evaluate(`(() => {
    const paste = new Event('paste', { bubbles: true, cancelable: true });
    paste.clipboardData = { getData: () => ${JSON.stringify(text)} };
    document.querySelectorAll('input[role=combobox]')[${number - 1}].dispatchEvent(paste);
  })()`);
}

function entered(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('input[role=combobox]')].map((each) => each.value)`);
}

const open = (page: Page) => page.click({ role: 'button', name: en['enter.open'] });

describe.each(BROWSERS)('in %s', (name) => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser(name);
    page = browser.page;
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  test('all seven words pasted at once fill the fields, numbered and in any case, from whichever field', async () => {
    for (const [number, text] of [
      [1, WORDS.map((word, i) => `${i + 1}. ${word.toUpperCase()}`).join('\r\n')],
      [4, `  ${WORDS.join(', ')}  `],
    ] as const) {
      await openEntry(page);
      await paste(page, number, text);
      expect((await entered(page)).map((word) => word.toLowerCase())).toEqual(WORDS);
    }
  });

  test('eight words: the last is left out, and that is said; six: the missing one is named', async () => {
    await openEntry(page);
    await paste(page, 1, [...WORDS, 'zoom'].join(' '));
    await page.waitForText(pattern(en['confirm.too-many'].one));
    expect(await entered(page)).toEqual(WORDS);
    await openEntry(page);
    await paste(page, 1, WORDS.slice(0, 6).join(' '));
    await open(page);
    await page.waitForText(pattern(en['enter.missing'].one));
    await page.waitForText(/Word 7 is missing/);
    expect(await barriers(page)).toEqual([]);
  });

  test('a slip is pointed out with the nearest words; one press takes the right one', async () => {
    await openEntry(page);
    await paste(page, 1, WORDS.with(1, 'unkle').join(' '));
    await open(page);
    await page.click({ role: 'button', name: en['confirm.take'].replace('{number}', '2').replace('{word}', 'uncle') });
    expect(await entered(page)).toEqual(WORDS);
  });

  test('words of another list, and of another script, are called that', async () => {
    await openEntry(page);
    await paste(page, 1, 'zoo youth yellow wrong сад write abandon');
    await open(page);
    await page.waitForText(pattern(en['enter.other-list'].other));
    await page.waitForText(/“сад” is not one of the words\.$/m);
    for (const width of [320, 1280]) {
      await page.viewport(width, 800);
      expect(await barriers(page)).toEqual([]);
    }
  });

  test('accents are forgiven; pictures are left out, and that is said', async () => {
    await openEntry(page);
    await paste(page, 1, WORDS.with(0, 'gárdén').with(6, 'dizzy 🌻').join(' '));
    await page.waitForText(pattern(en['confirm.signs']));
    expect(await entered(page)).toEqual(WORDS.with(0, 'gárdén'));
    await open(page);
    await page.waitForText(pattern(en['mailbox.title-empty']), MINUTE);
  });

  test('words that nobody used show an empty mailbox, and can be compared; nothing keeps them', async () => {
    await enterCodename(page, drop.source, WORDS);
    await page.waitForText(pattern(en['mailbox.empty']), MINUTE);
    expect(await barriers(page)).toEqual([]);
    await page.click({ role: 'button', name: en['mailbox.compare'] });
    await page.waitForText(pattern(en['enter.title-compare']));
    expect(await entered(page)).toEqual(WORDS);
    const kept = await page.evaluate<string>(`(async () => JSON.stringify([
      location.href, document.title, document.cookie, history.state, Object.keys(localStorage), Object.keys(sessionStorage),
      await indexedDB.databases(), await caches.keys(), (await navigator.serviceWorker?.getRegistrations?.())?.length ?? 0,
      performance.getEntriesByType('resource').map((each) => each.name),
    ]))()`);
    for (const word of WORDS) expect(kept).not.toContain(word);
    expect(JSON.parse(kept).slice(2, 9)).toEqual(['', null, [], [], [], [], 0]);
    const open = `[...document.querySelectorAll('input')].filter((each) => each.autocomplete !== 'off' || each.name !== '').length`;
    expect(await page.evaluate<number>(open)).toBe(0);
    for (const url of page.requests()) expect(WORDS.some((word) => url.includes(word))).toBe(false);
    // Back on the first screen they are gone, and with them the fields.
    await page.click({ role: 'button', name: en.back });
    await page.click({ role: 'button', name: en['read.returning'] });
    expect(await entered(page)).toEqual(WORDS.map(() => ''));
    expect(await page.problems()).toEqual([]);
  });
});

test(`${MANY} wrong codenames in a row are answered alike, and the page stays well`, async () => {
  await using browser = await startBrowser(BROWSERS[0]!);
  const { page } = browser;
  await enterCodename(page, drop.source, WORDS);
  for (let attempt = 1; attempt <= MANY; attempt++) {
    const text = await page.waitForText(pattern(en['mailbox.empty']), MINUTE);
    expect(text).not.toMatch(pattern(en['mailbox.failed-title']));
    await page.click({ role: 'button', name: en['mailbox.compare'] });
    await page.fill(field((attempt % 7) + 1), CODENAME_WORDS[randomInt(CODENAME_WORDS.length)]!.replace('-', ''));
    await page.fill(field((attempt % 7) + 1), WORDS[attempt % WORDS.length]!);
    await open(page);
  }
  await page.waitForText(pattern(en['mailbox.empty']), MINUTE);
});

test('the seven words are printed alone, and copied only when asked for', async () => {
  await using browser = await startBrowser('chromium');
  const { page } = browser;
  await page.goto(drop.source);
  await page.click({ role: 'button', name: en['read.begin'] });
  await page.fill({ role: 'textbox', name: en['choose.message-title'] }, 'hello');
  await page.waitForText(/5 characters/);
  // The rest of the page may still be on its way.
  await until('the codename', MINUTE, async () => {
    if (await page.has({ role: 'button', name: en['codename.other-ways'] })) return true;
    await page.click({ role: 'button', name: en['choose.go-on'] });
    return false;
  });
  await page.evaluate(
    `globalThis.copied = []; navigator.clipboard.writeText = async (text) => void copied.push(text);`,
  );
  expect(await page.evaluate<string[]>('copied')).toEqual([]);
  await page.click({ role: 'button', name: en['codename.other-ways'] });
  await page.waitForText(pattern(en['codename.copy-what']));
  await page.waitForText(pattern(en['codename.print-what']));
  await page.click({ role: 'button', name: en['codename.copy'] });
  await page.waitForText(pattern(en['codename.copied']));
  expect((await page.evaluate<string[]>('copied'))[0]?.split(' ')).toHaveLength(7);
  // What the style sheet leaves for paper: all rules for print are applied, and what can still be seen is read.
  const printed = await page.evaluate<string>(`(() => {
    for (const sheet of document.styleSheets) for (const rule of sheet.cssRules) {
      if (rule.media?.mediaText === 'print') rule.media.mediaText = 'all';
    }
    return document.body.innerText;
  })()`);
  expect(printed.split(/\s+/).filter((word) => !/^\d?$/.test(word))).toHaveLength(7);
});
