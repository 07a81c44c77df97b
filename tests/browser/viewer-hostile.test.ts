/** What a source may send to hurt those who look: nothing in it runs, nothing leaves, nothing falls over, and names are shown safely. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../desk/viewer/locales/en.ts';
import { makeSource, send } from '../desk/source.ts';
import type { Source } from '../desk/source.ts';
import { startChromium } from '../kit/chromium.ts';
import { boastfulFilm } from '../kit/made-media.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop } from '../kit/make-parcel.ts';
import { hostilePdf } from '../kit/raw-pdf.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { openBundle, openEntry } from '../kit/viewer-page.ts';
import { until } from '../kit/waiting.ts';

let folder: TemporaryFolder;
let drop: Drop;
let source: Source;
/** Asked for when something gets out. */
const asked: string[] = [];
const canary = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.end();
});
let names: readonly string[];

beforeAll(async () => {
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  const out = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
  const script = `globalThis.canary=1;top.canary=1;parent.canary=1;fetch('${out}/script');new Image().src='${out}/image'`;
  const html = `<!doctype html><html><head><meta http-equiv="refresh" content="0;url=${out}/refresh"><script>${script}</script></head><body onload="${script}"><img src="${out}/img"><iframe src="${out}/frame"></iframe></body></html>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="50" height="50" onload="${script}"><script>${script}</script><image href="${out}/svg" width="9" height="9"/><style>@import url(${out}/css);</style><rect width="50" height="50" fill="red"/></svg>`;
  const gif = Buffer.concat([Buffer.from('GIF89a/*', 'latin1'), Buffer.alloc(40), Buffer.from(`*/=1;${script}`)]);
  const files: readonly (readonly [string, Buffer])[] = [
    ['page.html', Buffer.from(html)],
    ['drawing.svg', Buffer.from(svg)],
    ['order.pdf', hostilePdf(out)],
    ['both.pdf', Buffer.concat([hostilePdf(out), Buffer.from(html)])],
    ['both.gif', gif],
    ['endless.mp4', boastfulFilm()],
    // A hundred megabytes of nothing; it is never unpacked.
    ['bomb.gz', gzipSync(Buffer.alloc(100_000_000))],
    ['gate\u202Egpj.exe', Buffer.from('x')],
    ['two\nlines\u0007.txt', Buffer.from('x')],
    ['<img src=x onerror=canary=1>.txt', Buffer.from(`${out}/link`)],
    [`${'very long '.repeat(25)}.txt`, Buffer.from('x')],
  ];
  names = files.map(([name]) => name);
  folder = await temporaryFolder();
  drop = await makeDrop(folder.path);
  source = await makeSource();
  const message = `${out}/message <script>${script}</script> \u202Eturned`;
  await send(drop, source, { message, files: files.map(([path, content]) => ({ path, content })) });
});
afterAll(async () => {
  canary.close();
  await folder[Symbol.asyncDispose]();
});

test('hostile files are opened one after the other, and nothing of them runs or leaves', async () => {
  await using browser = await startChromium();
  const { page } = browser;
  const viewer = await openBundle(drop);
  await page.goto(viewer.address);
  await openEntry(page, source.key.slice(0, 8));
  await page.waitForText(/<script>globalThis\.canary/);
  expect(await page.text()).toContain('U+202Eturned');
  expect(await page.evaluate<number>(`document.querySelectorAll('.column-thread a').length`)).toBe(0);
  await page.click({ role: 'button', name: `Show ${names.length} files` });
  await until('the files', 10_000, async () =>
    /two.*U\+000A.*lines.*U\+0007/.test((await page.text()).replaceAll('\n', '')),
  );
  expect((await page.text()).replaceAll('\n', '')).toMatch(/gateU\+202Egpj\.exe/);
  await page.click({ role: 'button', name: en['files.as-grid'] });
  await openEntry(page, 'page\\.html');
  await page.waitForText(/http-equiv="refresh"/);
  for (let at = 1; at < names.length; at++) {
    await page.click({ role: 'button', name: en['file.next'] });
    await page.waitForText(new RegExp(`\\b${at + 1} of ${names.length}`));
    if (names[at]!.endsWith('.pdf')) await page.waitForText(/\bof 1\b/);
    // Time for what might try to leave.
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  expect(await page.evaluate<boolean>(`'canary' in globalThis`)).toBe(false);
  expect(asked).toEqual([]);
  const content = await page.evaluate<string>(
    `fetch('/api/start').then((answer) => answer.json()).then(({ content }) => content)`,
  );
  const strange = page
    .requests()
    .filter(
      (url) => !url.startsWith(`${viewer.origin}/`) && !url.startsWith(`${content}/`) && !url.startsWith('blob:null/'),
    );
  expect(strange).toEqual([]);
  expect((await page.problems()).filter((problem) => !problem.startsWith('console: Failed to load'))).toEqual([]);

  // Even opened as pages of their own, by an address that somebody has copied.
  const addresses = page.requests().filter((url) => url.startsWith(`${content}/`));
  for (const address of new Set(addresses)) await page.goto(address).catch(() => undefined);
  expect(asked).toEqual([]);
  viewer.interrupt();
  await viewer.ended;
});
