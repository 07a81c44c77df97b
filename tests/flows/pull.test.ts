/** The courier over the real server: killed midway, cut off by a server that dies, and a disk that is full. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { makeFootage } from '../kit/footage.ts';
import { run } from '../kit/programs.ts';
import { sendParcel } from '../kit/send-parcel.ts';
import type { Sent } from '../kit/send-parcel.ts';
import { until } from '../kit/waiting.ts';

let drop: Drop;
let whole: Sent;
let begun: Sent;

beforeAll(async () => {
  drop = await startDrop({ page: false });
  const { folder } = await makeFootage(drop.folder, 'footage', { small: 40, big: 120_000_000 });
  whole = await sendParcel({ source: drop.source, rootKey: drop.rootKey, folder, message: 'Look at minute three.' });
  begun = await sendParcel({ source: drop.source, rootKey: drop.rootKey, folder, only: [0, 1, 5] });
});

afterAll(() => drop[Symbol.asyncDispose]());

const finished = async (parcel: string) =>
  (await readdir(join(drop.bundle, 'inbox', parcel)).catch(() => [])).filter((name) => name.endsWith('.age'));

test('killed midway and run again, it fetches the rest and nothing twice', async () => {
  const killed = drop.courier('pull', drop.bundle, '--lanes', '2');
  await until('some parts are there', 60_000, async () => (await finished(whole.parcel)).length >= 5, 5);
  await killed.kill();
  const before = (await finished(whole.parcel)).length + (await finished(begun.parcel)).length;
  expect(before).toBeLessThan(whole.parts + 3);

  const again = await drop.pull('--json');
  expect(again).toMatchObject({ code: 0, err: '' });
  const { parcels } = JSON.parse(again.out) as { parcels: readonly { fetched: number }[] };
  expect(parcels).toMatchObject([
    { parcel: whole.parcel, state: 'complete', here: whole.parts, parts: whole.parts },
    { parcel: begun.parcel, state: 'unfinished', here: 3, parts: begun.parts },
  ]);
  expect(parcels.reduce((sum, { fetched }) => sum + fetched, 0)).toBe(whole.parts + 3 - before);
  expect(JSON.parse((await drop.pull('--json')).out)).toMatchObject({ bytes: 0 });
});

test('a server and a database that die while it runs only make it wait', async () => {
  const bundle = join(drop.folder, 'second-bundle');
  const pull = drop.courier('pull', bundle, '--lanes', '2', '--json');
  const inbox = join(bundle, 'inbox', whole.parcel);
  const parts = async () => (await readdir(inbox).catch(() => [])).filter((name) => name.endsWith('.age')).length;
  await until('the first parts', 60_000, async () => (await parts()) >= 2, 5);
  await drop.killServer();
  drop.killDatabase();
  await drop.startServer();
  const { code, out } = await pull.finished;
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ parcels: [{ state: 'complete' }, { state: 'unfinished' }] });
  expect((await run('diff', ['-r', drop.bundle, bundle])).out).toBe('');
});
