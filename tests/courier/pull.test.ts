/** `courier pull` against a staff listener with faults: what reaches the bundle, what is fetched again, what is said. */
import { readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatEnvelope, parseEnvelope } from '../../shared/protocol/envelope.ts';
import { drawParcel, envelopeOf, finishPart, sealParcel, startFakeStaff } from '../kit/fake-staff.ts';
import type { FakeParcel, FakeStaff } from '../kit/fake-staff.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { courier } from './run-courier.ts';
import type { CourierOptions } from './run-courier.ts';

let staff: FakeStaff;
let folder: TemporaryFolder;
let bundle: string;
let key: string;

beforeEach(async () => {
  staff = await startFakeStaff();
  folder = await temporaryFolder();
  bundle = join(folder.path, 'bundle');
  key = join(folder.path, 'courier.key');
  const { out } = await courier(['enrol', key]);
  staff.couriers.add(out.split(' ')[0]!);
});

afterEach(async () => {
  await staff.close();
  await folder[Symbol.asyncDispose]();
});

const pull = (extra: readonly string[] = [], options: CourierOptions = {}) =>
  courier(['pull', bundle, '--server', staff.url.href, '--key', key, ...extra], options);
const inbox = (made: FakeParcel, name = '') => join(bundle, 'inbox', made.parcel, name);
const partRequests = () => staff.requests.filter((line) => line.includes('/parts/'));

async function sealed(parts: number, size = 5000): Promise<FakeParcel> {
  const made = await drawParcel(parts, size);
  await sealParcel(made);
  staff.parcels.push(made);
  return made;
}

async function expectWhole(made: FakeParcel): Promise<void> {
  expect((await readdir(inbox(made))).sort()).toEqual([
    ...[...made.parts.keys()].sort((a, b) => a - b).map((part) => `${String(part).padStart(6, '0')}.age`),
    'envelope.json',
  ]);
  expect(parseEnvelope(await readFile(inbox(made, 'envelope.json'), 'utf8'))).toEqual(envelopeOf(made));
  for (const [part, { bytes }] of made.parts) {
    const found = await readFile(inbox(made, `${String(part).padStart(6, '0')}.age`));
    expect(found.equals(bytes)).toBe(true);
  }
}

describe('a bundle', () => {
  test('gets card, envelopes and parts; a second run fetches nothing', async () => {
    const parcels = [await sealed(3), await sealed(1), await sealed(7), await sealed(1), await sealed(2)];
    const first = await pull();
    expect(first).toMatchObject({ exit: 0, err: '' });
    expect(first.out).toContain('5 parcels in the bundle; 70.0 kB fetched.');
    for (const made of parcels) await expectWhole(made);
    expect(await readFile(join(bundle, 'card.note'), 'utf8')).toBe('a card\n');
    expect((await readdir(bundle)).sort()).toEqual(['card.note', 'inbox']);

    staff.requests.length = 0;
    const second = await pull(['--json']);
    expect(second.exit).toBe(0);
    expect(JSON.parse(second.out)).toMatchObject({ bytes: 0, card: true });
    expect(staff.requests.filter((line) => /parts|envelope/.test(line))).toEqual([]);
  });

  test('follows a parcel that is still being sent', async () => {
    const made = await drawParcel(4, 3000, 2);
    staff.parcels.push(made);
    expect((await pull()).out).toContain('2 of 4 parts  unfinished');
    await expectWhole(made);
    expect((await pull()).out).toContain('1 parcel in the bundle, 1 of them still being sent; nothing new.');

    await finishPart(made, 2, 3000);
    await finishPart(made, 3, 3000);
    await sealParcel(made);
    staff.requests.length = 0;
    expect((await pull()).out).toContain('4 of 4 parts  complete');
    expect(partRequests()).toHaveLength(2);
    await expectWhole(made);
  });

  test('asks again for the proof that a receipt is in the log until it is there, and keeps it', async () => {
    const made = await sealed(2);
    made.log = null;
    await pull();
    const asked = async (): Promise<string[]> => {
      staff.requests.length = 0;
      expect((await pull()).exit).toBe(0);
      await expectWhole(made);
      return staff.requests.filter((line) => /parts|envelope/.test(line));
    };
    expect(await asked()).toEqual([`GET /api/parcels/${made.parcel}/envelope`]);
    made.log = 'the proof\n';
    expect(await asked()).toHaveLength(1);
    expect(await asked()).toEqual([]);
    // A server that was restored knows of no proof, and all of the parcel is asked for again.
    made.log = null;
    await rm(inbox(made, '000001.age'));
    expect((await pull()).exit).toBe(0);
    made.log = 'the proof\n';
    await expectWhole(made);
  });

  test('that lost or holds half of a part gets that part again', async () => {
    const made = await sealed(5);
    await pull();
    await rm(inbox(made, '000001.age'));
    await truncate(inbox(made, '000003.age'), 100);
    staff.requests.length = 0;
    expect((await pull()).exit).toBe(0);
    expect(partRequests()).toHaveLength(2);
    await expectWhole(made);
  });

  test('with parts but without their envelope keeps the good ones', async () => {
    const made = await sealed(4);
    await pull();
    await rm(inbox(made, 'envelope.json'));
    await writeFile(inbox(made, '000002.age'), new Uint8Array(5000));
    staff.requests.length = 0;
    expect((await pull()).exit).toBe(0);
    expect(partRequests()).toHaveLength(1);
    await expectWhole(made);
  });
});

describe('a transfer', () => {
  test('that breaks goes on where it broke', async () => {
    const made = await sealed(1, 900_000);
    let cuts = 0;
    staff.fault = (request, response) => {
      if (!request.url?.includes('/parts/') || request.headers.range !== undefined || cuts++ > 0) return false;
      const { bytes } = made.parts.get(0)!;
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 400_000), () => setTimeout(() => response.destroy(), 50));
      return true;
    };
    expect((await pull()).exit).toBe(0);
    await expectWhole(made);
    expect(partRequests()[1]).toMatch(/ bytes=[1-9]\d*-$/);
  });

  test('begun by a run that was killed is resumed, and begun with wrong bytes is fetched anew', async () => {
    const [good, bad] = [await sealed(1), await sealed(1)];
    staff.fault = (request) => request.url?.includes('/parts/') ?? false;
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    expect(await pull([], { signal: stop.signal })).toMatchObject({
      exit: 130,
      err: expect.stringContaining('Stopped'),
    });
    staff.fault = () => false;
    await writeFile(inbox(good, '000000.age.part'), good.parts.get(0)!.bytes.subarray(0, 2000));
    await writeFile(inbox(bad, '000000.age.part'), new Uint8Array(2000));
    staff.requests.length = 0;
    expect(JSON.parse((await pull(['--json', '--lanes', '1'])).out)).toMatchObject({ bytes: 3000 + 3000 + 5000 });
    expect(partRequests().map((line) => line.split(' ')[2])).toEqual(['bytes=2000-', 'bytes=2000-', undefined]);
    await expectWhole(good);
    await expectWhole(bad);
  });

  test('of more bytes than signed, or of others, is refused; the rest still comes', async () => {
    const [longer, other, fine] = [await sealed(2), await sealed(1), await sealed(1)];
    const part = (made: FakeParcel) => made.parts.get(0)!;
    longer.parts.set(0, { ...part(longer), bytes: new Uint8Array(9000) });
    other.parts.set(0, { ...part(other), bytes: new Uint8Array(5000) });
    const result = await pull(['--json']);
    expect(result.exit).toBe(1);
    expect(JSON.parse(result.out).parcels).toMatchObject([
      { state: 'incomplete', finding: 'part-damaged', here: 1, parts: 2 },
      { state: 'incomplete', finding: 'part-damaged', here: 0, parts: 1 },
      { state: 'complete', finding: null },
    ]);
    expect(await readdir(inbox(other))).toEqual(['envelope.json']);
    await expectWhole(fine);
  });

  test('shows a bar on a terminal', async () => {
    await sealed(8, 200_000);
    const { err } = await pull([], { interactive: true });
    expect(err.split('\r')[1]).toMatch(/\[?#*-*\]? *\d+ % {2}[\d.]+ k?B of 1\.6 MB/);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });
});

describe('an envelope', () => {
  const forged: readonly [string, (made: FakeParcel, other: FakeParcel) => unknown, string][] = [
    ['with an unknown field', (made) => ({ ...envelopeOf(made), note: 'x' }), 'envelope-invalid'],
    ['of another parcel', (_, other) => envelopeOf(other), 'statement-mismatch'],
    [
      'with a part of another',
      (made, other) => ({ ...envelopeOf(made), seal: null, receipt: null, parts: envelopeOf(other).parts }),
      'signature-wrong',
    ],
    [
      'with parts repeated',
      (made) => ({ ...envelopeOf(made), parts: [0, 0].map((i) => envelopeOf(made).parts[i]) }),
      'statement-mismatch',
    ],
    [
      'with a part left out',
      (made) => ({ ...envelopeOf(made), parts: envelopeOf(made).parts.slice(1) }),
      'seal-differs',
    ],
    ['that is no JSON', () => '{', 'envelope-invalid'],
  ];
  test.each(forged)('%s is refused and nothing of it is written', async (_, forge, code) => {
    const [made, other] = [await sealed(2), await sealed(2)];
    made.forgedEnvelope = JSON.stringify(forge(made, other));
    const result = await pull(['--json']);
    expect(result.exit).toBe(1);
    expect(JSON.parse(result.out).parcels[0]).toMatchObject({ finding: code, fetched: 0 });
    expect(await readdir(inbox(made)).catch(() => [])).toEqual([]);
    await expectWhole(other);
  });

  test('that is too long to be fetched does not keep the other parcels from coming', async () => {
    const [made, other] = [await sealed(1), await sealed(2)];
    made.forgedEnvelope = ' '.repeat(67_108_865);
    const result = await pull(['--json']);
    expect(result.exit).toBe(1);
    expect(JSON.parse(result.out).parcels[0]).toMatchObject({ parcel: made.parcel, finding: 'limit-exceeded' });
    await expectWhole(other);
  });

  test('that contradicts the one in the bundle does not replace it', async () => {
    const made = await drawParcel(2, 1000, 1);
    staff.parcels.push(made);
    await pull();
    const before = await readFile(inbox(made, 'envelope.json'), 'utf8');
    await finishPart(made, 0, 1000);
    await finishPart(made, 1, 1000);
    expect(JSON.parse((await pull(['--json'])).out).parcels[0]).toMatchObject({ finding: 'parcel-differs' });
    expect(await readFile(inbox(made, 'envelope.json'), 'utf8')).toBe(before);
  });

  test('that forgets a part loses nothing of the bundle', async () => {
    const made = await drawParcel(3, 1000, 2);
    staff.parcels.push(made);
    await pull();
    const forgotten = made.parts.get(0)!;
    made.parts.delete(0);
    await finishPart(made, 2, 1000);
    staff.parcels[0] = { ...made, parts: new Map([...made.parts, [3, forgotten]]) };
    staff.parcels[0].forgedEnvelope = formatEnvelope(envelopeOf(made));
    expect((await pull()).exit).toBe(0);
    made.parts.set(0, forgotten);
    await expectWhole(made);
  });
});
