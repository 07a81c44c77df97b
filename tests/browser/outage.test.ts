/** Links and servers that come and go while the page is open: it waits, says so, and goes on by itself; and it pauses when told. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../client/locales/en.ts';
import { BROWSERS, startBrowser } from '../kit/browsers.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { writeBig } from '../kit/footage.ts';
import { choose, openDrop, pattern, percentArrived, send, takeCodename, waitForReceipt } from '../kit/journey.ts';
import { until } from '../kit/waiting.ts';

const MINUTE = 60_000;

let drop: Drop;
let file: string;

beforeAll(async () => {
  drop = await startDrop();
  file = join(drop.folder, 'night.mov');
  await writeBig(file, 120_000_000);
});
afterAll(() => drop[Symbol.asyncDispose]());

describe.each(BROWSERS)('in %s', (name) => {
  test('paused it sends nothing; then it outlasts a server that is gone for 20 seconds', async () => {
    await using browser = await startBrowser(name);
    const { page } = browser;
    await openDrop(page, drop.source);
    await choose(page, { files: [file] });
    await takeCodename(page);
    await send(page);
    await until('something has arrived', MINUTE, async () => ((await percentArrived(page)) ?? 0) > 0, 20);
    await page.click({ role: 'button', name: en['upload.pause'] });
    await page.waitForText(pattern(en['upload.title-paused']));
    // What was under way may still come in.
    await sleep(1500);
    const paused = await percentArrived(page);
    expect(paused).toBeLessThan(100);
    await sleep(2000);
    expect(await percentArrived(page)).toBe(paused);

    await drop.killServer();
    await page.click({ role: 'button', name: en['upload.resume'] });
    await page.waitForText(pattern(en['upload.phase-waiting']), MINUTE);
    await sleep(20_000);
    expect(await page.text()).toMatch(pattern(en['upload.phase-waiting']));
    await drop.startServer();
    await waitForReceipt(page, 2 * MINUTE);
  });
});

test('a database that is down when the server starts holds the source up only as long as it is down', async () => {
  const name = BROWSERS[0]!;
  await drop.stopServer();
  const heart = join(drop.data, 'postgres/global/pg_control');
  await rename(heart, `${heart}.away`);
  await drop.startServer('listening');
  await using browser = await startBrowser(name);
  const { page } = browser;
  await openDrop(page, drop.source);
  await choose(page, { message: 'Can you hear me?' });
  await takeCodename(page);
  await send(page);
  await page.waitForText(pattern(en['upload.phase-waiting']), MINUTE);
  await sleep(3000);
  expect(await percentArrived(page)).toBe(0);
  await rename(`${heart}.away`, heart);
  await waitForReceipt(page, MINUTE);
});
