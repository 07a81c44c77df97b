/** What the courier tells the server of parcels: that they are collected, that they are to go; and what it says of the server. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drawParcel, sealParcel, startFakeStaff } from '../kit/fake-staff.ts';
import type { FakeParcel, FakeStaff } from '../kit/fake-staff.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { courier } from './run-courier.ts';

let staff: FakeStaff;
let folder: TemporaryFolder;
let bundle: string;
let env: Record<string, string>;

beforeEach(async () => {
  staff = await startFakeStaff();
  folder = await temporaryFolder();
  bundle = join(folder.path, 'bundle');
  const key = join(folder.path, 'courier.key');
  const { out } = await courier(['enrol', key]);
  staff.couriers.add(out.split(' ')[0]!);
  env = { POSTERN_STAFF_URL: staff.url.href, POSTERN_COURIER_KEY: key };
});

afterEach(async () => {
  await staff.close();
  await folder[Symbol.asyncDispose]();
});

const pull = () => courier(['pull', bundle, '--json'], { env });
const partRequests = () => staff.requests.filter((line) => line.includes('/parts/'));
const told = () => staff.requests.filter((line) => line.endsWith('/collected'));

async function add(parts: number, finished = parts): Promise<FakeParcel> {
  const made = await drawParcel(parts, 5000, finished);
  if (finished === parts) await sealParcel(made);
  staff.parcels.push(made);
  return made;
}

describe('after a pull', () => {
  test('what is sealed and whole in the bundle is collected; what is still being sent is not', async () => {
    const [whole, begun] = [await add(3), await add(3, 2)];
    expect(JSON.parse((await pull()).out).parcels).toMatchObject([{ collected: true }, { collected: false }]);
    expect([whole.collected, begun.collected]).toEqual([true, false]);
    staff.requests.length = 0;
    expect(JSON.parse((await pull()).out).parcels).toMatchObject([{ collected: true }, { collected: false }]);
    expect(told()).toEqual([]);
  });

  test('what was whole before and the server does not know to be is read again, then collected', async () => {
    const made = await add(3);
    await pull();
    made.collected = false;
    staff.requests.length = 0;
    expect(await pull()).toMatchObject({ exit: 0 });
    expect([made.collected, partRequests()]).toEqual([true, []]);
  });

  test('a part that went bad on the disk meanwhile is fetched again before anything is called collected', async () => {
    const made = await add(3);
    await pull();
    made.collected = false;
    const path = join(bundle, 'inbox', made.parcel, '000001.age');
    await writeFile(path, new Uint8Array(5000));
    staff.requests.length = 0;
    expect(JSON.parse((await pull()).out).parcels).toMatchObject([{ fetched: 1, collected: true }]);
    expect(partRequests()).toHaveLength(1);
    expect((await readFile(path)).equals(made.parts.get(1)!.bytes)).toBe(true);
  });

  test('what could not be fetched whole is not collected', async () => {
    const made = await add(2);
    made.parts.set(0, { ...made.parts.get(0)!, bytes: new Uint8Array(5000) });
    expect(JSON.parse((await pull()).out).parcels).toMatchObject([{ finding: 'part-damaged', collected: false }]);
    expect([made.collected, told()]).toEqual([false, []]);
  });

  test('a parcel that is deleted while it is fetched stays in the bundle without a finding', async () => {
    const made = await add(1);
    staff.fault = (request) => {
      if (request.url?.endsWith('/collected')) staff.parcels.length = 0;
      return false;
    };
    const { exit, out } = await pull();
    expect(exit).toBe(0);
    expect(JSON.parse(out).parcels).toMatchObject([{ parcel: made.parcel, state: 'complete', collected: false }]);
  });
});

describe('delete', () => {
  const remove = (ids: readonly string[], typed?: string) =>
    courier(['delete', ...ids], { env, ...(typed === undefined ? {} : { typed }) });
  const left = () => staff.parcels.map(({ parcel }) => parcel);

  test('shows what is meant, asks, and does it after a yes', async () => {
    const [one, begun, kept] = [await add(2), await add(3, 1), await add(1)];
    const result = await remove([one.parcel.slice(0, 8), begun.parcel.toUpperCase(), one.parcel], 'yes');
    expect(result.exit).toBe(0);
    expect(result.out).toBe(`${one.parcel}  deleted\n${begun.parcel}  deleted\n`);
    expect(result.err).toContain(`${one.parcel}  2026-11-24  2.1 MB  NOT COLLECTED: what no bundle holds is lost\n`);
    expect(result.err).toContain(`${begun.parcel}  2026-11-24  3.1 MB  STILL BEING SENT: 1 of 3 parts here\n`);
    expect(result.err).toContain('Delete these 2 from the server for good? Type yes: ');
    expect(left()).toEqual([kept.parcel]);
  });

  test('says of which the receipt is not in the log yet', async () => {
    const [logged, not] = [await add(1), await add(1)];
    not.log = null;
    const { err } = await remove([logged.parcel, not.parcel], 'no');
    const lines = err.split('\n');
    expect(lines.find((line) => line.startsWith(not.parcel))).toContain(
      'not in the log yet: deleted now, it never will be',
    );
    expect(lines.find((line) => line.startsWith(logged.parcel))).not.toContain('log');
  });

  test.each(['no', 'y', ''])('does nothing after “%s”', async (typed) => {
    const { parcel } = await add(1);
    expect(await remove([parcel], typed)).toMatchObject({ exit: 130, out: '' });
    expect(left()).toEqual([parcel]);
  });

  test('needs --yes where there is nobody to ask', async () => {
    const { parcel } = await add(1);
    const refused = await remove([parcel]);
    expect(refused).toMatchObject({ exit: 2, out: '' });
    expect(refused.err).toContain('Add --yes.');
    expect(left()).toEqual([parcel]);
    expect(await remove([parcel, '--yes'])).toMatchObject({ exit: 0, err: '' });
    expect(left()).toEqual([]);
  });

  test('deletes nothing when one of the names fits no parcel, or several', async () => {
    const { parcel } = await add(1);
    const twin = { ...(await drawParcel(1, 10)), parcel: `${parcel.slice(0, 31)}${parcel.endsWith('0') ? '1' : '0'}` };
    const unknown = parcel.startsWith('00000000') ? '11111111' : '00000000';
    expect((await remove([parcel, unknown, '--yes'])).err).toContain('has an id that begins with');
    staff.parcels.push(twin);
    expect((await remove([parcel.slice(0, 12), '--yes'])).err).toContain('Give more digits.');
    expect(left()).toHaveLength(2);
    expect((await remove([parcel, '--yes'])).exit).toBe(0);
    expect(left()).toEqual([twin.parcel]);
  });

  test('takes the whole id of a reply, and says of an unknown one that it is not there', async () => {
    const reply = '0123456789abcdef0123456789abcdef';
    staff.replies.byId.set(reply, { opening: '', announced: 1, parts: new Map(), receipt: null });
    expect(await remove([reply, '--yes'])).toMatchObject({ exit: 0, out: `${reply}  deleted\n` });
    expect(await remove([reply, '--yes'])).toMatchObject({ exit: 1, out: `${reply}  not on the server\n` });
  });

  test('whose answer was lost still counts', async () => {
    const { parcel } = await add(1);
    staff.fault = (request, response) => {
      if (!request.url?.endsWith('/delete') || staff.parcels.length === 0) return false;
      staff.parcels.length = 0;
      response.destroy();
      return true;
    };
    expect(await remove([parcel, '--yes'])).toMatchObject({ exit: 0, out: `${parcel}  deleted\n` });
  });
});

describe('status', () => {
  const status = (...extra: string[]) => courier(['status', ...extra], { env });

  test('says what the server holds', async () => {
    expect((await status()).out).toBe(
      'The server holds 0 complete submissions.\nIt holds no replies.\n120 GB are free on its disk.\n',
    );
    const made = await add(1);
    await add(2);
    await add(3, 1);
    made.collected = true;
    staff.replies.byId.set('0'.repeat(32), { opening: '', announced: 1, parts: new Map(), receipt: null });
    expect((await status()).out.split('\n').slice(0, 4)).toEqual([
      'The server holds 2 complete submissions, 1 of them collected.',
      '1 submission waits to be collected.',
      '1 submission is still being sent.',
      'It holds 1 reply for sources.',
    ]);
    expect(JSON.parse((await status('--json')).out)).toMatchObject({
      sealed: 2,
      collected: 1,
      unfinished: 1,
      replies: 1,
    });
  });
});
