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
  (await browser.page.problems()).filter((line) => !/status of 429/.test(line));

/**
 * Waits until `there` is on the page; true when it was seen meanwhile that this computer works for its place. The work is drawn evenly
 * from none to the most: once in ten or so it is over before anybody could read of it.
 */
async function sawWork(what: string, words: string, there: string): Promise<boolean> {
  const { page } = browser;
  const text = await page.waitForText(new RegExp(`${LEFT.source}|${pattern(there).source}`), 2 * MINUTE);
  if (!LEFT.test(text)) return false;
  const start = Date.now();
  const bar = await page.evaluate<number | undefined>(
    `document.querySelector('progress[aria-label="${en['work.progress']}"]')?.value`,
  );
  const said = await page.evaluate<string>(
    `[...document.querySelectorAll('[aria-live=polite]')].map((each) => each.textContent).join(' ')`,
  );
  const hindrances = await barriers(page);
  const after = await page.text();
  await page.waitForText(pattern(there), 2 * MINUTE);
  // It ended while it was looked at.
  if (bar === undefined || !LEFT.test(after)) return false;
  console.log(`Safer, ${what}: there after ${((Date.now() - start) / 1000).toFixed(1)} s of work`);
  expect(text).toMatch(pattern(words));
  expect(said).toMatch(LEFT);
  expect(bar).toBeLessThanOrEqual(100);
  expect(hindrances).toEqual([]);
  return true;
}

describe('when very many want in', () => {
  let words: readonly string[];

  test('a submission waits in line, by its own work, and arrives', async () => {
    const { page } = browser;
    for (let seen = false; !seen;) {
      await openDrop(page, drop.source);
      await choose(page, { message: 'In line, and in.' });
      words = await takeCodename(page);
      await send(page);
      seen = await sawWork('submission', en['upload.phase-working'], en['received.title']);
    }
    await waitForReceipt(page, MINUTE);
    expect(await problems()).toEqual([]);
  });

  test('so does who comes for the mailbox', async () => {
    const { page } = browser;
    for (let seen = false; !seen;) {
      await enterCodename(page, drop.source, words);
      seen = await sawWork('mailbox', en['mailbox.in-line'], en['mailbox.lead']);
    }
    expect(await problems()).toEqual([]);
  });
});
