/** The dearest proof of work, in Firefox as Tor Browser's level “Safer” leaves it: a submission and a mailbox, and what the page says meanwhile. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../client/locales/en.ts';
import { MOST_WORK } from '../../shared/protocol/work.ts';
import { barriers } from '../kit/axe.ts';
import type { Browser } from '../kit/browser.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { startFirefox, SAFER } from '../kit/firefox.ts';
import { choose, enterCodename, openDrop, pattern, send, takeCodename, waitForReceipt } from '../kit/journey.ts';

const MINUTE = 60_000;
const LEFT = /At most about \d+ seconds? more/;

let drop: Drop;
let browser: Browser;
beforeAll(async () => {
  drop = await startDrop({ env: { POSTERN_LEAST_WORK: String(MOST_WORK) } });
  browser = await startFirefox(SAFER);
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await drop[Symbol.asyncDispose]();
});

/** All but the answers that ask for work, which a browser writes down as failures. */
const problems = async (): Promise<string[]> =>
  (await browser.page.problems()).filter((line) => !/status of 429|^console:\s+\(/.test(line));

/** Waits for the words, then until they are gone; says how long that took. */
async function waitWhileWorking(what: string, words: string): Promise<void> {
  const { page } = browser;
  const text = await page.waitForText(LEFT, MINUTE);
  const start = Date.now();
  expect(text).toMatch(pattern(words));
  expect(
    await page.evaluate<number>(`document.querySelector('progress[aria-label="${en['work.progress']}"]').value`),
  ).toBeLessThan(100);
  expect(
    await page.evaluate<boolean>(
      `[...document.querySelectorAll('[aria-live=polite]')].some((each) => ${LEFT}.test(each.textContent))`,
    ),
  ).toBe(true);
  expect(await barriers(page)).toEqual([]);
  while (LEFT.test(await page.text())) await new Promise((resolve) => setTimeout(resolve, 100));
  console.log(`Safer, ${what}: worked ${((Date.now() - start) / 1000 + 0.5).toFixed(1)} s for its place`);
}

describe('when very many want in', () => {
  let words: readonly string[];

  test('a submission waits in line, by its own work, and arrives', async () => {
    const { page } = browser;
    await openDrop(page, drop.source);
    await choose(page, { message: 'In line, and in.' });
    words = await takeCodename(page);
    await send(page);
    await waitWhileWorking('submission', en['upload.phase-working']);
    await waitForReceipt(page, MINUTE);
    expect(await problems()).toEqual([]);
  });

  test('so does who comes for the mailbox', async () => {
    const { page } = browser;
    await enterCodename(page, drop.source, words);
    await waitWhileWorking('mailbox', en['mailbox.in-line']);
    await page.waitForText(pattern(en['mailbox.lead']), MINUTE);
    expect(await problems()).toEqual([]);
  });
});
