/** `courier pull` into a bundle that somebody else had in hand: nothing outside of it is written, nothing in it stops the run. */
import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drawParcel, sealParcel, startFakeStaff } from '../kit/fake-staff.ts';
import type { FakeParcel, FakeStaff } from '../kit/fake-staff.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { courier } from './run-courier.ts';

const PLACES = ['card.note', 'card.note.part', 'envelope.json', 'envelope.json.part', '000000.age', '000000.age.part'];
let staff: FakeStaff;
let folder: TemporaryFolder;
let parcel: FakeParcel;
let key: string;

beforeEach(async () => {
  staff = await startFakeStaff();
  folder = await temporaryFolder();
  key = join(folder.path, 'courier.key');
  const { out } = await courier(['enrol', key]);
  staff.couriers.add(out.split(' ')[0]!);
  parcel = await drawParcel(2, 5000);
  await sealParcel(parcel);
  staff.parcels.push(parcel);
});

afterEach(async () => {
  await staff.close();
  await folder[Symbol.asyncDispose]();
});

/** Pulls into a bundle in which `place` was made by `make`; the parts must be there afterwards, as plain files. */
async function expectWholeAfterPullInto(place: string, make: (path: string) => Promise<unknown>): Promise<void> {
  const bundle = join(folder.path, `bundle ${place}`);
  const inbox = join(bundle, 'inbox', parcel.parcel);
  await mkdir(inbox, { recursive: true });
  await make(join(place.startsWith('card') || place.startsWith('.') ? bundle : inbox, place));
  const { exit, err } = await courier(['pull', bundle, '--server', staff.url.href, '--key', key]);
  expect([place, exit, err]).toEqual([place, 0, '']);
  for (const [part, { bytes }] of parcel.parts) {
    const path = join(inbox, `00000${part}.age`);
    expect((await lstat(path)).isFile()).toBe(true);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  }
  expect((await lstat(join(inbox, 'envelope.json'))).isFile()).toBe(true);
}

test('links are not followed: what they point at stays as it is', async () => {
  for (const place of PLACES) {
    const precious = join(folder.path, `precious ${place}`);
    await writeFile(precious, 'p'.repeat(5000));
    await expectWholeAfterPullInto(place, (path) => symlink(precious, path));
    expect(await readFile(precious, 'utf8')).toBe('p'.repeat(5000));
  }
});

test('a folder that is a link is not written into', async () => {
  for (const place of ['inbox', `inbox/${parcel.parcel}`]) {
    const elsewhere = join(folder.path, `elsewhere ${place.length}`);
    const bundle = join(folder.path, `linked ${place.length}`);
    await mkdir(elsewhere);
    await mkdir(dirname(join(bundle, place)), { recursive: true });
    await symlink(elsewhere, join(bundle, place));
    const { exit, err } = await courier(['pull', bundle, '--server', staff.url.href, '--key', key]);
    expect(exit).toBe(3);
    expect(err).toContain('is not a folder');
    expect(await readdir(elsewhere)).toEqual([]);
  }
});

test('pipes and devices are not waited for', async () => {
  for (const place of [...PLACES, '.courier-at-work'])
    await expectWholeAfterPullInto(place, (path) => promisify(execFile)('mkfifo', [path]));
});
