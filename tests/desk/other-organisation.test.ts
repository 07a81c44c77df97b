/** A bundle of another organisation in our hands: it is said to be theirs, and not to be damaged. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeDrop } from '../kit/make-parcel.ts';
import { deskJson, scratch } from './desk.ts';
import { makeSource, send } from './source.ts';

test.for(['list', 'verify'])('desk %s says that a sound parcel of theirs is not for us', async (command) => {
  const { folder, remove } = await scratch();
  try {
    const [theirs, ours] = [join(folder, 'theirs'), join(folder, 'ours')];
    await mkdir(theirs);
    await mkdir(ours);
    const drop = await makeDrop(theirs);
    const { parcel } = await send(drop, await makeSource(), { files: [{ path: 'x.txt', content: Buffer.from('x') }] });
    const { keys } = await makeDrop(ours);
    const { exit, json } = await deskJson([command, drop.bundle, '--keys', keys]);
    expect(exit).toBe(1);
    expect(json).toMatchObject({
      findings: [{ code: 'card-untrusted' }],
      parcels: [{ parcel, state: 'not-for-us' }],
    });
  } finally {
    await remove();
  }
});
