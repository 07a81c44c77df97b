/** A list of more parcels than are worth one thread: looked into on all cores, told as one by one. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import { testParcel } from '../kit/parcel-stream.ts';
import { deskJson, scratch } from './desk.ts';

const MANY = 60;
const parcelId = (number: number) => number.toString(16).padStart(32, '0');

test('many parcels stand in the order of the bundle, each as when it is asked for alone, damage included', async () => {
  const { folder, remove } = await scratch();
  try {
    const drop = await makeDrop(folder, 'classic');
    for (let number = 0; number < MANY; number++) {
      const parcel = parcelId(number);
      await makeParcelOf(drop, (await testParcel([], `Message ${number}\n`, parcel)).stream, { parcel });
    }
    await writeFile(join(drop.bundle, 'inbox', parcelId(7), '000000.age'), 'other');
    await writeFile(join(drop.bundle, 'inbox', parcelId(8), 'envelope.json'), '{}');
    const { exit, json } = await deskJson(['list', drop.bundle, '--keys', drop.keys]);
    const parcels = json['parcels'] as { parcel: string }[];
    expect(exit).toBe(1);
    expect(parcels.map(({ parcel }) => parcel)).toStrictEqual([...Array(MANY).keys()].map(parcelId));
    for (const number of [0, 7, 8, MANY - 1]) {
      const alone = await deskJson(['list', drop.bundle, '--keys', drop.keys, '--parcel', parcelId(number)]);
      expect([parcels[number]]).toStrictEqual(alone.json['parcels']);
    }
  } finally {
    await remove();
  }
});
