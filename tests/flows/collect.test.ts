/** From the server to the desk with real programs: what came whole, what came in part, and nothing but ciphertext in between. */
import { readFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { makeFootage } from '../kit/footage.ts';
import type { Footage } from '../kit/footage.ts';
import { expectSameBag } from '../kit/same-bag.ts';
import { sendParcel } from '../kit/send-parcel.ts';
import type { Sent } from '../kit/send-parcel.ts';

const MESSAGE = 'Посмотрите третью минуту. انظروا إلى الدقيقة الثالثة. 📹\n';

let drop: Drop;
let footage: Footage;
let whole: Sent;
let begun: Sent;

beforeAll(async () => {
  drop = await startDrop({ page: false });
  footage = await makeFootage(drop.folder, 'footage', { big: 30_000_000 });
  const common = { source: drop.source, rootKey: drop.rootKey, folder: footage.folder };
  whole = await sendParcel({ ...common, message: MESSAGE });
  begun = await sendParcel({ ...common, only: [0, 1, 2, 3, 4, 5, 6, 7, 8, 20] });
  expect((await drop.pull()).code).toBe(0);
});

afterAll(() => drop[Symbol.asyncDispose]());

test('a whole parcel comes out as the bag that went in', async () => {
  const out = join(drop.folder, 'out');
  const done = await drop.desk('extract', drop.bundle, '--keys', drop.keys, '--out', out, '--json');
  expect(done.err).toBe('');
  // The other parcel is unfinished: something to look at.
  expect(done.code).toBe(1);
  expect(await readFile(join(out, whole.parcel, 'data/message.txt'), 'utf8')).toBe(MESSAGE);
  await expectSameBag(join(out, whole.parcel), footage.folder, '', footage.paths);
});

test('an unfinished parcel gives every complete file and says what is missing', async () => {
  const out = join(drop.folder, 'out-begun');
  await drop.desk('extract', drop.bundle, '--keys', drop.keys, '--out', out, '--parcel', begun.parcel);
  const report = await readFile(join(out, `${begun.parcel}.report.json`), 'utf8');
  expect(JSON.parse(report)).toMatchObject({ parcel: begun.parcel, state: 'unfinished', parts: { good: 10 } });
  const entries = await readdir(join(out, begun.parcel, 'data/files'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(50);
  expect(files.length).toBeLessThan(footage.paths.length);
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    const before = join(footage.folder, path.slice(join(out, begun.parcel, 'data/files/').length));
    expect((await readFile(path)).equals(await readFile(before)), before).toBe(true);
  }
});

test('list and verify agree on the state of each', async () => {
  for (const [command, states] of [
    ['list', { [whole.parcel]: 'sealed', [begun.parcel]: 'unfinished' }],
    ['verify', { [whole.parcel]: 'complete', [begun.parcel]: 'unfinished' }],
  ] as const) {
    const { code, out, err } = await drop.desk(command, drop.bundle, '--keys', drop.keys, '--json');
    expect(err).toBe('');
    expect(code).toBe(command === 'list' ? 0 : 1);
    const { parcels } = JSON.parse(out) as { parcels: readonly { parcel: string; state: string }[] };
    expect(Object.fromEntries(parcels.map(({ parcel, state }) => [parcel, state]))).toEqual(states);
  }
});

test('a pull that was cut off leaves a bundle that the desk opens as far as it goes, and another pull mends it', async () => {
  const inbox = join(drop.bundle, 'inbox', whole.parcel);
  await rename(join(inbox, '000003.age'), join(inbox, '000003.age.part'));
  const cut = await drop.desk('verify', drop.bundle, '--keys', drop.keys, '--parcel', whole.parcel);
  expect(cut.code).toBe(1);
  expect(cut.out).toContain('missing from the bundle: 3.');
  expect((await drop.pull()).code).toBe(0);
  const mended = await drop.desk('verify', drop.bundle, '--keys', drop.keys, '--parcel', whole.parcel);
  expect(mended.code).toBe(0);
});
