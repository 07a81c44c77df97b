/** Keys change while a source is sending: what began on the old card goes on to its end and comes out; nothing new begins on it. */
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { openCard } from '../../shared/statements/card.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { makeFootage } from '../kit/footage.ts';
import { expectSameBag } from '../kit/same-bag.ts';
import { sendParcel } from '../kit/send-parcel.ts';

let drop: Drop;
beforeAll(async () => {
  drop = await startDrop({ page: false });
});
afterAll(() => drop[Symbol.asyncDispose]());

test('an upload that is half done when the keys are replaced is finished, sealed and extracted, and so is the next one', async () => {
  const footage = await makeFootage(drop.folder, 'footage', { big: 4_000_000 });
  const rootKey = fromBase64Url(drop.rootKey, 32);
  const card = async () => openCard(await (await fetch(`${drop.source}/api/card`)).text(), rootKey);
  const before = await card();
  let rotated = false;
  const rotate = async () => {
    const out = join(drop.folder, 'second.note');
    const done = await drop.desk('rotate', drop.keys, '--out', out, '--replace', '--yes');
    expect(done).toMatchObject({ code: 0 });
    await copyFile(out, join(drop.data, 'card.note'));
    rotated = true;
  };
  const common = { source: drop.source, rootKey: drop.rootKey, folder: footage.folder };
  const first = await sendParcel({ ...common, afterPart: (part) => (part === 1 ? rotate() : Promise.resolve()) });
  expect(rotated).toBe(true);
  expect(first.parts).toBeGreaterThan(3);
  expect(first.receipt).not.toBeNull();
  const after = await card();
  expect(after.serial).toBe(before.serial + 1);
  const old = new Set(before.recipients.map(({ recipient }) => recipient));
  expect(after.recipients.some(({ recipient }) => old.has(recipient))).toBe(false);
  const second = await sendParcel(common);

  expect((await drop.pull()).code).toBe(0);
  const out = join(drop.folder, 'out');
  expect(await drop.desk('extract', drop.bundle, '--keys', drop.keys, '--out', out)).toMatchObject({
    code: 0,
    err: '',
  });
  for (const { parcel } of [first, second]) await expectSameBag(join(out, parcel), footage.folder, '', footage.paths);

  // The old identity is over now. Once it is destroyed, what was sent to it stays closed, and the rest does not.
  const list = await drop.desk('identities', drop.keys, '--list', '--json');
  const { identities } = JSON.parse(list.out) as { identities: { words: string; state: string }[] };
  const name = identities.find(({ state }) => state === 'over')!.words.split(' ')[0]!;
  const retired = await drop.desk('retire', drop.keys, name, '--bundle', drop.bundle, '--yes', '--json');
  expect(JSON.parse(retired.out)).toMatchObject({ exit: 0, parcels: [first.parcel], left: 4 });
  const closed = await drop.desk('verify', drop.bundle, '--keys', drop.keys, '--parcel', first.parcel);
  expect(closed.code).toBe(1);
  expect(closed.out).toContain('encrypted to other keys than these');
  expect(await drop.desk('verify', drop.bundle, '--keys', drop.keys, '--parcel', second.parcel)).toMatchObject({
    code: 0,
  });
  expect(await readFile(join(drop.keys, 'identities.txt'), 'utf8')).not.toContain([...old][0]);
});
