/** `desk verify` by people who have no keys: what was done to a parcel is told by the same codes, and what cannot be told is said. */
import { execFile } from 'node:child_process';
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateIdentity, recipientOf } from '../../shared/age/identity.ts';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { testParcel } from '../kit/parcel-stream.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { desk, deskJson, scratch } from './desk.ts';
import { TAMPERINGS } from './tamperings.ts';

/** Damage that only shows inside: for outsiders these parcels are as they were sealed, and that is so. */
const INSIDE = new Set(['bag-sender-differs', 'part-size-differs']);

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
let root: string;
let fingerprint: string;
const made = new Map<string, MadeParcel>();

interface ParcelJson {
  readonly parcel: string;
  readonly state: string;
  readonly received: string | null;
  readonly logged: unknown;
  readonly parts: { readonly total: number; readonly good: number } | null;
  readonly findings: readonly { readonly code: string; readonly kind: string }[];
}

beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder);
  const { json } = await deskJson(['root', drop.keys]);
  root = String(json['root']);
  fingerprint = String(json['fingerprint']);
  for (const name of Object.keys(TAMPERINGS)) made.set(name, await parcelOf());
  made.set('for other keys', await parcelOf({ recipients: [await recipientOf(await generateIdentity('classic'))] }));
  made.set('unfinished', await parcelOf({ only: [0, 2] }));
  for (const [name, { tamper }] of Object.entries(TAMPERINGS))
    await tamper(made.get(name)!, drop, made.get('nothing at all')!);
  // Nothing of what follows may look at the keys.
  await rename(drop.keys, join(base.folder, 'locked away'));
});
afterAll(() => base.remove());

async function parcelOf(options: Parameters<typeof makeParcelOf>[2] = {}): Promise<MadeParcel> {
  const { stream } = await testParcel(
    [{ path: 'a.mp4', content: patternBytes(2_500_000, 1), modified: 0 }],
    'Words.\n',
  );
  return makeParcelOf(drop, stream, { ...options, parcel: made.size.toString(16).padStart(32, '0') });
}

const verify = async (name: string, ...more: readonly string[]) => {
  const { parcel } = made.get(name)!;
  const { exit, json } = await deskJson(['verify', drop.bundle, '--parcel', parcel, ...more]);
  return { exit, json, parcel: (json['parcels'] as ParcelJson[])[0]! };
};

const damage = ({ findings }: ParcelJson): string[] =>
  findings.filter(({ kind }) => kind === 'damage').map(({ code }) => code);

describe('a good parcel', () => {
  test.each([
    ['the root key', () => ['--root', root]],
    ['its fingerprint as the page shows it', () => ['--root', fingerprint]],
    ['its fingerprint as somebody typed it', () => ['--root', fingerprint.replaceAll(' ', '').toUpperCase()]],
    ['a card from elsewhere', () => ['--card', join(drop.bundle, 'card.note')]],
  ])('is as the source sealed it, for who knows %s', async (_what, anchor) => {
    const { exit, json, parcel } = await verify('nothing at all', ...anchor());
    expect(exit).toBe(0);
    expect(json).toMatchObject({ keys: false, organisation: 'Example Newsroom', fingerprint, findings: [] });
    expect(parcel).toMatchObject({ state: 'as-sealed', received: '2026-11-24', logged: null, findings: [] });
    expect(parcel.parts!.good).toBe(parcel.parts!.total);
  });

  test('is not said to hold anything: the words name what was not looked at', async () => {
    const { parcel } = made.get('nothing at all')!;
    const { exit, stdout } = await desk(['verify', drop.bundle, '--root', root, '--parcel', parcel]);
    expect(exit).toBe(0);
    expect(stdout).toContain(`root key: ${fingerprint}`);
    expect(stdout).toMatch(/Not looked at:\n {2}- what the parts hold/);
    expect(stdout).not.toMatch(/file.? whole|complete/);
  });

  test('for other keys is as sealed all the same', async () => {
    expect(await verify('for other keys', '--root', root)).toMatchObject({ exit: 0, parcel: { state: 'as-sealed' } });
  });

  test('that has not come whole is unfinished', async () => {
    const { exit, parcel } = await verify('unfinished', '--root', root);
    expect(exit).toBe(1);
    expect(parcel).toMatchObject({ state: 'unfinished', parts: { good: 2 } });
    expect(parcel.findings.map(({ code }) => code)).toStrictEqual(['parts-unsent']);
  });
});

describe.each(Object.entries(TAMPERINGS))('%s', (name, { codes }) => {
  const visible = codes.filter((code) => !INSIDE.has(code));

  test(`is told as ${visible.join(', ') || 'good'}`, async () => {
    const { exit, parcel } = await verify(name, '--root', root);
    expect(damage(parcel).toSorted()).toStrictEqual(visible.toSorted());
    expect(exit).toBe(visible.length === 0 && parcel.state === 'as-sealed' ? 0 : 1);
    expect(parcel.state === 'damaged').toBe(visible.length > 0);
  });
});

describe('whom to believe', () => {
  test('has to be said, and once', async () => {
    const words = ['verify', drop.bundle];
    expect(await deskJson(words)).toMatchObject({ exit: 2, json: { error: { code: 'anchor-missing' } } });
    const both = [...words, '--root', root, '--keys', drop.keys];
    expect(await deskJson(both)).toMatchObject({ exit: 2, json: { error: { code: 'anchor-double' } } });
    const wrong = [...words, '--root', 'abcd'];
    expect(await deskJson(wrong)).toMatchObject({ exit: 2, json: { error: { code: 'root-anchor' } } });
    const absent = [...words, '--card', join(base.folder, 'none')];
    expect(await deskJson(absent)).toMatchObject({ exit: 3, json: { error: { code: 'card-unreadable' } } });
  });

  test('is not waited for where a pipe stands in place of a card', async () => {
    const pipe = join(base.folder, 'pipe.note');
    await promisify(execFile)('mkfifo', [pipe]);
    const { exit, json } = await deskJson(['verify', drop.bundle, '--card', pipe]);
    expect({ exit, json }).toMatchObject({ exit: 3, json: { error: { code: 'card-unreadable' } } });
  }, 10_000);

  test('decides: under another root neither card nor receipt is believed, and what the source signed still is', async () => {
    const { exit, json, parcel } = await verify('nothing at all', '--root', '0'.repeat(32));
    expect(exit).toBe(1);
    expect(json).toMatchObject({ organisation: null, counts: { 'card-untrusted': 1 } });
    expect(damage(parcel)).toStrictEqual(['receipt-signature-wrong']);
    expect(parcel.parts!.good).toBe(parcel.parts!.total);
  });

  test('a card whose signature does not hold is no card, though its root key is the right one', async () => {
    const forged = join(base.folder, 'forged.note');
    const note = await readFile(join(drop.bundle, 'card.note'), 'utf8');
    await writeFile(forged, note.replace('Example', 'Another'));
    const { exit, json } = await deskJson(['verify', drop.bundle, '--root', root, '--card', forged]);
    expect(exit).toBe(3);
    expect(json).toMatchObject({ error: { code: 'card-foreign' } });
    const kept = join(base.folder, 'kept.note');
    await copyFile(join(drop.bundle, 'card.note'), kept);
    await copyFile(forged, join(drop.bundle, 'card.note'));
    const { json: told } = await verify('nothing at all', '--root', root);
    await copyFile(kept, join(drop.bundle, 'card.note'));
    expect(told).toMatchObject({ counts: { 'card-untrusted': 1 } });
  });
});
