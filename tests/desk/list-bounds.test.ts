/** What a list keeps of each parcel is small, however long its message is: there may be a hundred thousand of them. */
import { expect, test } from 'vitest';
import { makeDrop } from '../kit/make-parcel.ts';
import { desk, deskJson, scratch } from './desk.ts';
import { makeSource, send } from './source.ts';

test('list keeps the beginning of a message, conversation all of it', async () => {
  const { folder, remove } = await scratch();
  try {
    const drop = await makeDrop(folder);
    const message = 'Съёмка '.repeat(60_000);
    const { parcel } = await send(drop, await makeSource(), { message });
    const { exit, json } = await deskJson(['list', drop.bundle, '--keys', drop.keys]);
    const [listed] = json['parcels'] as { message: string[] }[];
    expect(exit).toBe(0);
    expect(message.startsWith(listed!.message[0]!)).toBe(true);
    expect(listed!.message[0]!.length).toBeGreaterThan(1000);
    expect(listed!.message[0]!.length).toBeLessThanOrEqual(8192);
    const { stdout } = await desk(['conversation', drop.bundle, '--keys', drop.keys, '--to', parcel]);
    expect(stdout).toContain(message.trimEnd());
  } finally {
    await remove();
  }
});
