/** Firefox as Tor Browser's level “Safer” leaves it: no WebAssembly, no compiler for JavaScript. Slow, but it arrives. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDrop } from '../kit/drop.ts';
import { startFirefox, SAFER } from '../kit/firefox.ts';
import { makeFootage } from '../kit/footage.ts';
import { choose, openDrop, send, takeCodename, waitForReceipt } from '../kit/journey.ts';
import { expectSameBag } from '../kit/same-bag.ts';

test('a folder and a message go through', async () => {
  await using drop = await startDrop();
  const footage = await makeFootage(drop.folder, 'footage', { small: 60, big: 9_000_000 });
  await using browser = await startFirefox(SAFER);
  const { page } = browser;
  await openDrop(page, drop.source);
  expect(await page.evaluate('typeof WebAssembly')).toBe('undefined');
  await choose(page, { folder: footage.folder, message: 'Slowly, but surely.' });
  await takeCodename(page);
  const start = Date.now();
  await send(page);
  await waitForReceipt(page, 300_000);
  console.log(`Safer: ${footage.bytes} bytes in ${Math.round((Date.now() - start) / 1000)} s`);
  expect(await page.problems()).toEqual([]);

  const { parcels } = JSON.parse((await drop.pull('--json')).out) as { parcels: readonly { parcel: string }[] };
  const out = join(drop.folder, 'out');
  expect(await drop.desk('extract', drop.bundle, '--keys', drop.keys, '--out', out)).toMatchObject({
    code: 0,
    err: '',
  });
  const bag = join(out, parcels[0]!.parcel);
  expect(await readFile(join(bag, 'data/message.txt'), 'utf8')).toBe('Slowly, but surely.');
  await expectSameBag(bag, footage.folder, 'footage', footage.paths);
});
