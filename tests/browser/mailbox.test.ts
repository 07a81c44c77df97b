/** The mailbox in the page: replies read, saved, refused and deleted; an answer; what is cleared looks as if it had never been. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../client/locales/en.ts';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { deriveCodename } from '../../shared/codename/derive.ts';
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import { drawCodename } from '../../shared/codename/draw.ts';
import { barriers } from '../kit/axe.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { BROWSERS, startBrowser } from '../kit/browsers.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { choose, enterCodename, pattern, waitForReceipt } from '../kit/journey.ts';
import { focusedName, tabTo } from '../kit/keyboard.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { startReplyDesk } from '../kit/reply-desk.ts';
import type { ReplyDesk } from '../kit/reply-desk.ts';
import { sendParcel } from '../kit/send-parcel.ts';
import { until } from '../kit/waiting.ts';

const MINUTE = 60_000;
const RIGHT_TO_LEFT = 'متى وأين صُوّر هذا؟\nSecond line.\n\u202bשלום\u202c 🎥';
const FILE = {
  path: 'lists/names, with a name that is longer than the narrowest screens are wide.csv',
  content: patternBytes(3_000_000, 3),
};

let drop: Drop;
let desk: ReplyDesk;

beforeAll(async () => {
  drop = await startDrop();
  desk = await startReplyDesk(drop);
  await mkdir(join(drop.folder, 'footage'));
  await writeFile(join(drop.folder, 'footage/clip.mp4'), patternBytes(2_000_000));
});
afterAll(() => drop[Symbol.asyncDispose]());

interface Person {
  readonly words: readonly string[];
  readonly keys: CodenameKeys;
}

/** Somebody who has sent something. */
async function sender(): Promise<Person> {
  const words = drawCodename(random);
  const keys = await deriveCodename({ words, rootKey: fromBase64Url(drop.rootKey, 32) });
  await sendParcel({ source: drop.source, rootKey: drop.rootKey, folder: join(drop.folder, 'footage'), keys });
  return { words, keys };
}

const button = (name: string) => ({ role: 'button', name }) as const;
const numbered = (name: string, number: number) => button(name.replace('{number}', String(number)));

/** Without the one refusal that is meant to come. */
async function problems(page: Page): Promise<string[]> {
  return (await page.problems()).filter((line) => !/status of 409 .*\/withdraw\)$/.test(line));
}

async function look(page: Page, screen: string): Promise<void> {
  for (const width of [320, 1280]) {
    await page.viewport(width, 800);
    expect(await barriers(page), `${screen} at ${width} pixels`).toEqual([]);
  }
}

const FIRST_LETTER_FROM_RIGHT = `(() => {
  const text = document.querySelector('.reply-text');
  const letter = document.createRange();
  letter.setStart(text.firstChild, 0);
  letter.setEnd(text.firstChild, 1);
  return text.getBoundingClientRect().right - letter.getBoundingClientRect().right;
})()`;

/** Catches what the page hands to the browser to save. */
const CATCH_SAVED = `
  globalThis.saved = [];
  const blobs = new Map();
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    const address = createObjectURL.call(URL, blob);
    blobs.set(address, blob);
    return address;
  };
  HTMLAnchorElement.prototype.click = function () {
    saved.push({ name: this.download, blob: blobs.get(this.href) });
  };`;
const SAVED = `Promise.all(saved.map(async ({ name, blob }) => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return { name, sha256: [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
}))`;

describe.each(BROWSERS)('in %s', (name) => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser(name);
    page = browser.page;
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  test('a reply is shown with its words, its file is saved as it was sent, and it is deleted for good', async () => {
    const { words, keys } = await sender();
    await desk.deliver(keys, { message: 'The first.' });
    await desk.deliver(keys, { message: RIGHT_TO_LEFT, files: [FILE], number: 2 });
    await enterCodename(page, drop.source, words);
    await page.waitForText(/Second line\./, MINUTE);
    await page.waitForText(/The first\./);
    const text = await page.text();
    expect(text.indexOf('Second line.')).toBeLessThan(text.indexOf('The first.'));
    expect(text).not.toContain('clip.mp4');
    const shown = `[...document.querySelectorAll('.reply-text')].map((each) => each.textContent)`;
    expect(await page.evaluate<string[]>(shown)).toEqual([RIGHT_TO_LEFT, 'The first.']);
    // Of what runs from right to left, the first letter stands at the right edge.
    expect(await page.evaluate<number>(FIRST_LETTER_FROM_RIGHT)).toBeLessThan(3);
    await look(page, 'mailbox');

    await page.evaluate(`{${CATCH_SAVED}}`);
    await page.click(button(`Save \u2068${FILE.path.slice(6)}\u2069`));
    await page.waitForText(pattern(en['reply.saved']), MINUTE);
    const sha256 = createHash('sha256').update(FILE.content).digest('hex');
    expect(await page.evaluate(SAVED)).toEqual([{ name: FILE.path.slice(6), sha256 }]);

    await page.click(numbered(en['reply.delete-name'], 2));
    await page.waitForText(pattern(en['reply.delete-text']));
    await look(page, 'before deleting');
    await page.click(button(en['reply.delete-yes']));
    await page.waitForText(pattern(en['reply.deleted']));
    expect(await page.text()).not.toMatch(/Second line/);
    await enterCodename(page, drop.source, words);
    await page.waitForText(/The first\./, MINUTE);
    expect(await page.text()).not.toMatch(/Second line/);
    expect(await problems(page)).toEqual([]);
  });

  test('a large file is fetched only when asked for; stopped midway, nothing of it is handed over', async () => {
    const { words, keys } = await sender();
    const content = patternBytes(40 * 1_048_576, 8);
    await desk.deliver(keys, { message: 'See the film.', files: [{ path: 'film.mov', content }] });
    await enterCodename(page, drop.source, words);
    await page.waitForText(/See the film\./, MINUTE);
    await page.evaluate(`{${CATCH_SAVED}}`);
    // Where the browser lets a page write to the disk, the place that was chosen; here one that the page can read again.
    if (name === 'chromium') {
      await page.evaluate(`{
        globalThis.showSaveFilePicker = async () => {
          globalThis.handle = await (await navigator.storage.getDirectory()).getFileHandle('film.mov', { create: true });
          return handle;
        };
      }`);
    }
    const save = button('Save \u2068film.mov\u2069');
    await page.click(save);
    await page.waitForText(pattern(en['reply.saving']), MINUTE);
    await page.click(button(en['reply.stop']));
    await until('it has stopped', MINUTE, () => page.has(save));
    expect(await page.text()).not.toMatch(pattern(en['reply.saved']));
    const size = name === 'chromium' ? 'handle.getFile().then(({ size }) => size)' : 'saved.length';
    expect(await page.evaluate<number>(size)).toBe(0);
    await page.click(save);
    await page.waitForText(pattern(en['reply.saved']), 2 * MINUTE);
    if (name === 'chromium')
      await page.evaluate(`handle.getFile().then((blob) => saved.push({ name: 'film.mov', blob }))`);
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(await page.evaluate(SAVED)).toEqual([{ name: 'film.mov', sha256 }]);
    expect(await problems(page)).toEqual([]);
  });

  test('an answer goes out under the same codename without asking for it again, and leads back', async () => {
    const { words, keys } = await sender();
    await desk.deliver(keys, { message: 'Who filmed this?' });
    await enterCodename(page, drop.source, words);
    // Until the reply is open, what stands below it moves.
    await page.waitForText(/Who filmed this\?/, MINUTE);
    await page.click(button(en['write.go-on']));
    await page.waitForText(pattern(en['choose.lead-again']));
    await choose(page, { message: 'I did.' });
    await page.click(button(en.back));
    await page.waitForText(/Who filmed this\?/, MINUTE);
    await page.click(button(en['write.go-on']));
    expect(await page.evaluate(`document.querySelector('textarea').value`)).toBe('I did.');
    await page.click(button(en['choose.go-on-send']));
    await waitForReceipt(page, MINUTE);
    await look(page, 'received');
    await page.click(button(en['received.mailbox']));
    await page.waitForText(/Who filmed this\?/, MINUTE);
    expect((await page.text()).match(/Received on/g)).toHaveLength(2);
    expect(await problems(page)).toEqual([]);
  });

  test('a receipt is dismissed; what was not collected is deleted, what was collected cannot be', async () => {
    const { words } = await sender();
    await enterCodename(page, drop.source, words);
    await page.click(button(en['received.show']), MINUTE);
    await page.waitForText(/postern\/receipt\/v1/);
    await look(page, 'receipt');
    await page.click(button(en['sealed.dismiss']));
    await page.waitForText(pattern(en['sealed.dismissed']));
    expect(await page.has(button(en['received.show']))).toBe(false);
    await page.click({ role: 'button', name: pattern(en['sealed.delete-name']) });
    expect((await drop.pull()).code).toBe(0);
    await page.click(button(en['sealed.delete-yes']));
    await page.waitForText(pattern(en['problem.parcel-collected']));
    await page.waitForText(pattern(en['sealed.collected']));

    const other = await sender();
    await enterCodename(page, drop.source, other.words);
    await page.click({ role: 'button', name: pattern(en['sealed.delete-name']) }, MINUTE);
    await page.click(button(en['sealed.delete-yes']));
    await page.waitForText(pattern(en['sealed.deleted']));
    await page.waitForText(pattern(en['mailbox.title-empty']));
  });

  test('what is cleared shows what words show that nobody used', async () => {
    const { words, keys } = await sender();
    await desk.deliver(keys, { message: 'Burn after reading.' });
    await enterCodename(page, drop.source, words);
    await page.waitForText(/Burn after reading/, MINUTE);
    await page.click(numbered(en['reply.delete-name'], 1));
    await page.click(button(en['reply.delete-yes']));
    await page.waitForText(pattern(en['reply.deleted']));
    await page.click(button(en['forget.open']));
    await page.waitForText(pattern(en['forget.sure-text']));
    await look(page, 'before clearing');
    await page.click(button(en['forget.yes']));
    expect(await page.waitForText(pattern(en['forget.done']))).not.toMatch(pattern(en['reply.deleted']));
    await enterCodename(page, drop.source, words);
    const cleared = await page.waitForText(pattern(en['mailbox.empty']), MINUTE);
    await enterCodename(page, drop.source, drawCodename(random));
    expect(await page.waitForText(pattern(en['mailbox.empty']), MINUTE)).toBe(cleared);
    expect(await problems(page)).toEqual([]);
  });

  test('a reply with another bag than was signed, and one for another source, are refused in words', async () => {
    const { words, keys } = await sender();
    const other = await sender();
    await desk.deliver(keys, { message: 'good', number: 1 });
    await desk.deliver(keys, { message: 'of another sender', number: 2, bag: { sender: 'A'.repeat(43) } });
    await desk.deliver(keys, { message: 'not for you', number: 3, recipient: other.keys.replyRecipient });
    await enterCodename(page, drop.source, words);
    await page.waitForText(/good/, MINUTE);
    for (const number of [2, 3]) {
      const title = en['reply.refused-title'].replace('{number}', String(number));
      const text = await page.waitForText(pattern(title), MINUTE);
      expect(text).toMatch(pattern(en['problem.reply-refused']));
      expect(text).not.toMatch(/of another sender|not for you/);
    }
    await look(page, 'refused replies');
    await page.click(numbered(en['reply.delete-name'], 3));
    await page.click(button(en['reply.delete-yes']));
    await page.waitForText(pattern(en['reply.deleted']));
  });

  test('by keyboard alone: a question takes the focus, “no” gives it back, and what was done is read out', async () => {
    const { words, keys } = await sender();
    await desk.deliver(keys, { message: 'Hello.' });
    await enterCodename(page, drop.source, words);
    await page.waitForText(/Hello\./, MINUTE);
    expect(await focusedName(page)).toBe(en['mailbox.title']);
    const remove = en['reply.delete-name'].replace('{number}', '1');
    await tabTo(page, remove);
    await page.press('Enter');
    await until('the question', MINUTE, async () => (await focusedName(page)).startsWith('Delete reply 1 for good?'));
    await tabTo(page, en['confirmation.no']);
    await page.press('Enter');
    await until('the button again', MINUTE, async () => (await focusedName(page)) === remove);
    await page.press('Enter');
    await tabTo(page, en['reply.delete-yes']);
    await page.press('Enter');
    await until('what was done', MINUTE, async () => (await focusedName(page)) === 'Reply 1 was deleted.');
    await tabTo(page, en['write.go-on']);
    await page.press('Enter');
    await until('the next screen', MINUTE, async () => (await focusedName(page)) === en['choose.title']);
  });

  test('200 replies: the newest are there at once, the oldest within a page or two, and the page stays quick', async () => {
    const { words, keys } = await sender();
    for (let number = 1; number <= 200; number++)
      await desk.deliver(keys, { message: `Reply of number ${number}.`, number });
    const before = page.requests().length;
    const start = Date.now();
    await enterCodename(page, drop.source, words);
    await page.waitForText(/Reply of number 200\./, MINUTE);
    await page.waitForText(/Reply of number 198\./, MINUTE);
    const shown = Date.now() - start;
    expect(await page.text()).not.toMatch(/Reply of number 197\./);
    const fetched = page.requests().slice(before);
    expect(fetched.filter((url) => /\/replies\/\w+\/parts\/0$/.test(url))).toHaveLength(3);
    const turned = Date.now();
    for (let turn = 1; turn < 20; turn++) await page.click(button(en['choose.page-next']));
    await page.click(numbered(en['reply.open-name'], 1));
    await page.waitForText(/Reply of number 1\./, MINUTE);
    console.log(
      `${name}: 200 replies, the newest after ${shown} ms, 19 pages and the oldest after ${Date.now() - turned} ms`,
    );
    await look(page, 'many replies');
    expect(await problems(page)).toEqual([]);
  });
});

test('a server that is away is waited for: the mailbox says so, and opens by itself', async () => {
  const { words, keys } = await sender();
  await desk.deliver(keys, { message: 'Still here.' });
  await using browser = await startBrowser(BROWSERS[0]!);
  const { page } = browser;
  await page.goto(drop.source);
  await page.click(button(en['read.returning']));
  await page.waitForText(pattern(en['enter.title']), MINUTE);
  for (const [i, word] of words.entries()) {
    await page.fill({ role: 'textbox', name: en['confirm.word'].replace('{number}', String(i + 1)) }, word);
  }
  await drop.killServer();
  await page.click(button(en['enter.open']));
  await page.waitForText(pattern(en['mailbox.away']), MINUTE);
  await look(page, 'server away');
  await drop.startServer();
  await page.waitForText(/Still here\./, 2 * MINUTE);
  expect(await page.text()).not.toMatch(pattern(en['mailbox.away']));
});
