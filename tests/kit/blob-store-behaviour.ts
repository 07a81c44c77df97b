/** What every place for blobs does alike, as tests: for a folder and for S3. */
import { expect, test } from 'vitest';
import type { BlobStore } from '../../server/store/blob-store.ts';
import { concat } from '../../shared/bytes/concat.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { random } from './random-bytes.ts';

export interface Place {
  readonly blobs: BlobStore;
  /** A store of which nobody knows yet, holding nothing and bearing no mark. */
  readonly fresh: () => Promise<BlobStore>;
  /** What the store calls today. */
  readonly today: () => string;
  /** More blobs than go into one request of the store. */
  readonly many: number;
}

const newParcel = (): string => toHex(random(16));

/** Writes a blob; gives its name. */
export async function writeBlob(blobs: BlobStore, parcel: string, bytes: Uint8Array, name?: string): Promise<string> {
  const writer = await blobs.create(parcel, name);
  await writer.write([bytes.slice()]);
  await writer.finish();
  return writer.name;
}

export async function readBlob(blobs: BlobStore, parcel: string, name: string, from: number, to: number) {
  const pieces: Uint8Array[] = [];
  for await (const piece of blobs.read(parcel, name, from, to)) pieces.push(piece);
  return concat(...pieces);
}

/** Declares the tests; `place` is asked when they run. */
export function testBlobStore(place: () => Place): void {
  test('what was written in pieces comes back whole, and any range of it', async () => {
    const { blobs } = place();
    const parcel = newParcel();
    const bytes = random(700_001);
    const writer = await blobs.create(parcel);
    expect(writer.name).toMatch(/^[0-9a-f]{32}$/);
    for (const [from, middle, to] of [
      [0, 1, 65_536],
      [65_536, 65_537, 300_000],
      [300_000, 600_000, 700_001],
    ] as const) {
      const pieces = [bytes.slice(from, middle), bytes.slice(middle, to)];
      await writer.write(pieces);
      // Whoever wrote has the memory again.
      for (const piece of pieces) piece.fill(0);
    }
    await writer.finish();
    for (const [from, to] of [
      [0, 700_001],
      [0, 1],
      [700_000, 700_001],
      [1, 262_145],
      [262_144, 524_289],
    ] as const)
      expect(Buffer.compare(await readBlob(blobs, parcel, writer.name, from, to), bytes.subarray(from, to))).toBe(0);
  });

  test('an early end of reading is no fault, neither is reading at the same time', async () => {
    const { blobs } = place();
    const parcel = newParcel();
    const bytes = random(3_000_000);
    const name = await writeBlob(blobs, parcel, bytes);
    for (let round = 0; round < 40; round++)
      for await (const piece of blobs.read(parcel, name, 0, bytes.length)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
    const both = [0, 1_000_000].map((from) => readBlob(blobs, parcel, name, from, bytes.length));
    expect((await Promise.all(both)).map(({ length }) => length)).toEqual([3_000_000, 2_000_000]);
  });

  test('a blob that is not there is ENOENT, one that is too short is not', async () => {
    const { blobs } = place();
    const parcel = newParcel();
    const name = await writeBlob(blobs, parcel, random(100));
    await expect(readBlob(blobs, parcel, 'f'.repeat(32), 0, 10)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(readBlob(blobs, newParcel(), name, 0, 10)).rejects.toMatchObject({ code: 'ENOENT' });
    for (const [from, to] of [
      [0, 101],
      [100, 101],
      [200, 300],
    ] as const) {
      const fault = await readBlob(blobs, parcel, name, from, to).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Error);
      expect(fault).not.toMatchObject({ code: 'ENOENT' });
    }
  });

  test('what is not finished does not bear its name, what is given up leaves nothing', async () => {
    const { blobs } = place();
    const parcel = newParcel();
    const writer = await blobs.create(parcel);
    await writer.write([random(10_000)]);
    await expect(readBlob(blobs, parcel, writer.name, 0, 1)).rejects.toMatchObject({ code: 'ENOENT' });
    await writer.discard();
    expect(await blobs.list(parcel)).toEqual([]);
    const finished = await blobs.create(parcel);
    await finished.write([random(10_000)]);
    await finished.finish();
    await finished.discard();
    expect(await blobs.list(parcel)).toEqual([]);
  });

  test('blobs are removed by name, by the thousand, and absent ones are no fault', async () => {
    const { blobs, many } = place();
    const parcel = newParcel();
    const [kept, gone] = [await writeBlob(blobs, parcel, random(50)), await writeBlob(blobs, parcel, random(60))];
    const absent = Array.from({ length: many }, (_, index) => index.toString(16).padStart(32, '0'));
    await blobs.remove(parcel, [...absent, gone]);
    await blobs.remove(parcel, [gone]);
    await blobs.remove(parcel, []);
    await blobs.remove(newParcel(), [gone]);
    expect((await blobs.list(parcel)).map(({ name }) => name)).toEqual([kept]);
  });

  test('parcels and their blobs are listed with the day, until the parcel goes', async () => {
    const { blobs, today } = place();
    const [parcel, other] = [newParcel(), newParcel()];
    const day = today();
    const names = [await writeBlob(blobs, parcel, random(9)), await writeBlob(blobs, parcel, random(9))].toSorted();
    await writeBlob(blobs, other, random(9));
    const listed = (await blobs.list(parcel)).toSorted((one, two) => (one.name < two.name ? -1 : 1));
    expect(listed.map(({ name }) => name)).toEqual(names);
    // A test may run at midnight.
    for (const blob of listed) expect([day, today()]).toContain(blob.day);
    expect(await blobs.parcels()).toEqual(expect.arrayContaining([parcel, other]));
    await blobs.removeParcel(parcel);
    await blobs.removeParcel(parcel);
    expect(await blobs.list(parcel)).toEqual([]);
    expect(await blobs.parcels()).not.toContain(parcel);
    expect(await blobs.parcels()).toContain(other);
  });

  test('a blob comes back under a given name, a second time too, and a try that is given up takes none away', async () => {
    const { blobs } = place();
    const [parcel, name, bytes] = [newParcel(), newParcel(), random(5000)];
    // A program that was killed while it wrote.
    const killed = await blobs.create(parcel, name);
    await killed.write([random(7)]);
    for (let time = 0; time < 2; time++) expect(await writeBlob(blobs, parcel, bytes, name)).toBe(name);
    const again = await blobs.create(parcel, name);
    await again.write([bytes.slice(0, 100)]);
    await again.discard();
    expect(Buffer.compare(await readBlob(blobs, parcel, name, 0, 5000), bytes)).toBe(0);
    expect((await blobs.list(parcel)).map((blob) => blob.name)).toEqual([name]);
    await killed.discard();
  });

  test('an empty store takes the mark of an instance and knows it again; a full one without a mark belongs to nobody', async () => {
    const { fresh } = place();
    const blobs = await fresh();
    await blobs.ready();
    expect([await blobs.belongsTo('one'), await blobs.belongsTo('one'), await blobs.belongsTo('two')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await blobs.parcels()).toEqual([]);
    expect(await blobs.free()).toBeGreaterThan(0);
    const full = await fresh();
    await writeBlob(full, newParcel(), random(3));
    expect(await full.belongsTo('one')).toBe(false);
  });
}
