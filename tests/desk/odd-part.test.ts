/** Parts of a bundle that are no files: the parcel is named as damaged, and the others are looked at all the same. */
import { mkdir, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import { PARCEL, testParcel } from '../kit/parcel-stream.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { deskJson, scratch } from './desk.ts';

test('a folder in place of a part', async () => {
  const { folder, remove } = await scratch();
  try {
    const drop = await makeDrop(folder);
    const { stream } = await testParcel([{ path: 'a.mp4', content: patternBytes(1000) }]);
    const good = await makeParcelOf(drop, stream, { parcel: PARCEL });
    const odd = await makeParcelOf(drop, stream, { parcel: 'f'.repeat(32) });
    await rm(odd.path(0));
    await mkdir(odd.path(0));
    const { exit, json } = await deskJson(['list', drop.bundle, '--keys', drop.keys]);
    expect(exit).toBe(1);
    expect(json['parcels']).toMatchObject([
      { parcel: good.parcel, state: 'sealed' },
      { parcel: odd.parcel, state: 'damaged' },
    ]);
  } finally {
    await remove();
  }
});
