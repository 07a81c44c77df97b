/** Keys restored from paper alone: the printed pages as a browser draws them, photographed, and read by a QR reader that shares no code with the desk. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDrop } from '../kit/make-parcel.ts';
import { desk, deskJson, scratch } from '../desk/desk.ts';

const run = promisify(execFile);

let base: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  base = await scratch();
});
afterAll(() => base.remove());

test('two of three sheets, drawn and scanned, restore every file of the keys on an empty machine', async () => {
  const { keys } = await makeDrop(base.folder, 'hybrid');
  const printed = join(base.folder, 'printed');
  await desk(['split', keys, '--out', printed]);
  const scans: string[] = [];
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    for (const sheet of ['sheet-1-of-3', 'sheet-3-of-3']) {
      const page = await browser.newPage({ viewport: { width: 900, height: 1200 } });
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      const address = pathToFileURL(join(printed, `${sheet}.html`)).href;
      await page.goto(address);
      expect(requests).toStrictEqual([address]);
      const sides = await page.$$('section');
      for (const [i, side] of sides.entries()) {
        const picture = join(base.folder, `${sheet}-${i}.png`);
        await side.screenshot({ path: picture });
        const { stdout } = await run('zbarimg', ['-q', '--raw', picture]).catch(() => ({ stdout: '' }));
        if (stdout !== '') scans.push(stdout);
        // Nothing hangs over the edge of the paper.
        const over = await side.evaluate((e) => e.scrollHeight > e.clientHeight || e.scrollWidth > e.clientWidth);
        expect([sheet, i, over]).toStrictEqual([sheet, i, false]);
      }
      const pdf = await page.pdf({ preferCSSPageSize: true });
      expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(sides.length);
      await page.close();
    }
  } finally {
    await browser.close();
  }
  const empty = join(base.folder, 'empty machine');
  await mkdir(empty);
  const scanned = join(empty, 'scanned.txt');
  await writeFile(scanned, scans.join(''));
  const restored = join(empty, 'keys');
  expect(await deskJson(['join', restored, scanned, '--no-passphrase'])).toMatchObject({ exit: 0 });
  expect(await readdir(restored)).toStrictEqual((await readdir(keys)).toSorted());
  for (const file of await readdir(keys))
    expect(await readFile(join(restored, file), 'utf8')).toBe(await readFile(join(keys, file), 'utf8'));
});
