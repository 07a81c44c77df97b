/** Work that an editor starts in the viewer: files and bags leave it, submissions are checked, work is stopped, files go with a reply. */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../desk/viewer/locales/en.ts';
import { makeSource, openWithStockTools, send } from '../desk/source.ts';
import type { Source } from '../desk/source.ts';
import type { RunningViewer } from '../desk/viewer/viewer.ts';
import { barriers } from '../kit/axe.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { startChromium } from '../kit/chromium.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { random } from '../kit/random-bytes.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { openBundle, openEntry } from '../kit/viewer-page.ts';
import { until } from '../kit/waiting.ts';

const WORDS = 'Привет, это записка.';
const LONG = 'A long label '.repeat(5).slice(0, 60).trim();
let folder: TemporaryFolder;
let drop: Drop;
let exchange: string;
let whole: MadeParcel;
let tampered: MadeParcel;
let browser: Browser;
let page: Page;
let viewer: RunningViewer;
const [sender, other, slow]: Source[] = await Promise.all([makeSource(), makeSource(), makeSource()]);

beforeAll(async () => {
  folder = await temporaryFolder();
  drop = await makeDrop(folder.path);
  exchange = join(folder.path, 'exchange');
  await mkdir(exchange);
  const utf16 = Buffer.from(`\uFEFF${WORDS}`, 'utf16le');
  whole = await send(drop, sender!, {
    message: 'All of it '.repeat(2000),
    files: [
      { path: 'notes/utf16.txt', content: utf16 },
      { path: 'notes/other.txt', content: Buffer.from('Not chosen') },
      { path: 'night.bin', content: random(2_000_000) },
    ],
  });
  const half = [
    { path: 'first.txt', content: Buffer.from('It arrived whole.') },
    { path: 'half.bin', content: random(3_000_000) },
  ];
  await send(drop, other!, { message: 'More will come', files: half, only: [0, 1] });
  tampered = await send(drop, slow!, { message: 'Tampered', files: [{ path: 'a.bin', content: random(3_000_000) }] });
  // The size stays: only reading all of it shows the harm.
  const part = await readFile(tampered.path(1));
  part[part.length >> 1]! ^= 1;
  await writeFile(tampered.path(1), part);
  browser = await startChromium();
  page = browser.page;
  viewer = await openBundle(drop, exchange);
  await page.viewport(1280, 800);
  await page.goto(viewer.address);
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  viewer.interrupt();
  await viewer.ended;
  await folder[Symbol.asyncDispose]();
});

const show = async (source: Source | undefined, files: RegExp): Promise<void> => {
  await openEntry(page, `Source ${source!.key.slice(0, 8)}`);
  await page.waitForText(files);
};
/** The latest work says so. */
const firstWork = (pattern: RegExp) => `${String(pattern)}.test(document.querySelector('.job')?.innerText)`;
const clear = () => page.click({ role: 'button', name: en['work.dismiss'] });

test('a submission is checked, and what was found stands on it and stays', async () => {
  await show(slow, /Tampered/);
  expect(await page.text()).not.toMatch(/Damaged/);
  await page.click({ role: 'button', name: en['work.verify'] });
  await page.waitForText(/DAMAGED/);
  expect(await page.text()).toMatch(/Do not rely on this submission/);
  await clear();
  expect(await page.text()).toMatch(/Damaged, checked/);
  await show(sender, /Show 3 files/);
  await page.click({ role: 'button', name: en['work.verify'] });
  await page.waitForText(/\d+ of \d+ parts good; [\d.]+ MB; 4 of 4 files whole/);
  expect(await page.text()).toMatch(/Complete, checked/);
  await clear();
});

test('a long message and a long label are reached in a narrow window, and the window itself does not scroll', async () => {
  await page.evaluate(`document.querySelector('.marks details').open = true`);
  await page.fill({ role: 'textbox', name: en['marks.add-label'] }, LONG);
  await page.press('Enter');
  await until('the label', 10_000, () => page.has({ role: 'button', name: `Remove the label ${LONG}` }));
  for (const [width, height] of [
    [1280, 400],
    [320, 500],
  ] as const) {
    await page.viewport(width, height);
    expect(await barriers(page)).toEqual([]);
    await page.evaluate(`document.querySelector('.label-remove').scrollIntoView()`);
    const where = await page.evaluate<{ top: number; right: number }>(
      `({ top: document.querySelector('.head').getBoundingClientRect().top, right: document.querySelector('.label-remove').getBoundingClientRect().right })`,
    );
    expect(where.top).toBe(0);
    expect(where.right).toBeLessThan(width);
  }
  await page.viewport(1280, 800);
});

test('UTF-16 is read by its mark', async () => {
  await page.click({ role: 'button', name: 'Show 3 files' });
  await openEntry(page, 'utf16\\.txt');
  expect(await page.waitForText(/marked by the file/)).toContain(WORDS);
  await page.click({ role: 'button', name: en['file.close'] });
});

test('chosen files are exported, and no others', async () => {
  await until('the files', 10_000, () =>
    page.evaluate<boolean>(`document.querySelectorAll('.file-row .mark').length === 3`),
  );
  await page.evaluate(`document.querySelectorAll('.file-row .mark')[0].click()`);
  await page.evaluate(`document.querySelectorAll('.file-row .mark')[2].click()`);
  await page.click({ role: 'button', name: 'Export 2 files' });
  await page.waitForText(/2 files, 2 MB[^]*plaintext/);
  await page.click({ role: 'button', name: en['work.start'] });
  await page.waitForText(/In the folder/);
  await clear();
  const place = join(exchange, `${whole.parcel}-files-1`, 'data/files');
  expect((await readdir(place, { recursive: true })).toSorted()).toEqual(['night.bin', 'notes', 'notes/utf16.txt']);
  expect(await readFile(join(place, 'notes/utf16.txt'), 'utf16le')).toBe(`\uFEFF${WORDS}`);
});

test('the whole bag is exported with its custody, and once only', async () => {
  await page.click({ role: 'button', name: en['work.export-all'] });
  await page.waitForText(/The whole bag, with its manifests and the custody report/);
  await page.click({ role: 'button', name: en['work.start'] });
  await page.waitForText(/In the folder/);
  const bag = join(exchange, whole.parcel);
  expect(await readdir(join(bag, 'custody'))).toEqual(expect.arrayContaining(['report.json', 'report.pdf']));
  await clear();
  await page.click({ role: 'button', name: en['work.export-all'] });
  await page.click({ role: 'button', name: en['work.start'] });
  await page.waitForText(/exists already/);
  await clear();
});

test('an export is stopped, and leaves nothing behind', async () => {
  const before = await readdir(exchange);
  await rm(join(exchange, whole.parcel), { recursive: true });
  // Each takes its turn; the last waits long enough for a hand.
  for (let count = 0; count < 6; count++) {
    await page.click({ role: 'button', name: en['work.verify'] });
  }
  await page.click({ role: 'button', name: en['work.export-all'] });
  await page.click({ role: 'button', name: en['work.start'] });
  await until('it is in the list', 10_000, () => page.evaluate<boolean>(firstWork(/Exporting/)));
  await page.click({ role: 'button', name: en['work.stop'] });
  await until('it has stopped', 10_000, () => page.evaluate<boolean>(firstWork(/Exporting\s*Stopped/)));
  await until('all ends', 20_000, async () => !(await page.has({ role: 'button', name: en['work.stop'] })));
  expect(await readdir(exchange)).toEqual(before.filter((name) => name !== whole.parcel));
  while (await page.has({ role: 'button', name: en['work.dismiss'] })) await clear();
});

test('of an unfinished submission the whole files are shown and exported; the other is told apart', async () => {
  await page.click({ role: 'button', name: en['app.back'] });
  await show(other, /The source has not finished sending/);
  await page.click({ role: 'button', name: 'Show 2 files' });
  await until('both', 10_000, () =>
    page.evaluate<boolean>(
      `/first\\.txt[^]*half\\.bin[^]*not whole/.test(document.querySelector('.column-files').innerText)`,
    ),
  );
  await openEntry(page, 'first\\.txt');
  await page.waitForText(/It arrived whole/);
  expect(await page.text()).not.toContain(en['file.partial-title']);
  await page.click({ role: 'button', name: en['file.next'] });
  await page.waitForText(new RegExp(en['file.partial-title']));
  await page.click({ role: 'button', name: en['file.close'] });
  await page.click({ role: 'button', name: en['work.export-all'] });
  await page.click({ role: 'button', name: en['work.start'] });
  await page.waitForText(/UNFINISHED[^]*half\.bin is incomplete[^]*In the folder/);
  await clear();
});

test('a file goes with a reply; one that is not there is named, and words are asked for', async () => {
  await writeFile(join(exchange, 'questions.txt'), 'When was it filmed?');
  await page.click({ role: 'button', name: en['app.back'] });
  await show(sender, /Show 3 files/);
  await page.click({ role: 'button', name: en['compose.open'] });
  await page.fill({ role: 'textbox', name: en['compose.attachments'] }, join(exchange, 'nothing.txt'));
  await page.click({ role: 'button', name: en['compose.preview'] });
  await page.waitForText(/A reply needs a message/);
  await page.fill({ role: 'textbox', name: /^Message/ }, 'Some questions');
  expect(await page.text()).not.toMatch(/A reply needs a message/);
  await page.click({ role: 'button', name: en['compose.preview'] });
  await page.click({ role: 'button', name: en['compose.confirm'] });
  await page.waitForText(/nothing\.txt cannot be attached/);
  await page.click({ role: 'button', name: en['compose.edit'] });
  await page.fill({ role: 'textbox', name: en['compose.attachments'] }, join(exchange, 'questions.txt'));
  await page.click({ role: 'button', name: en['compose.preview'] });
  await page.waitForText(/1 file, under this name[^]*questions\.txt/);
  await page.click({ role: 'button', name: en['compose.confirm'] });
  await page.waitForText(/The reply is in the outbox/);
  const outbox = join(drop.bundle, 'outbox');
  const bag = await openWithStockTools(join(outbox, (await readdir(outbox))[0]!), sender!.replyIdentity);
  expect(await readFile(join(bag, 'data/files/questions.txt'), 'utf8')).toBe('When was it filmed?');
  // What was refused is told by the browser too.
  expect((await page.problems()).filter((problem) => !/409 \(Conflict\)/.test(problem))).toEqual([]);
});
