/** Every tampering that was thought of, each in a parcel of its own: found, named by its own code, and nothing of the bad part written. */
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateIdentity, recipientOf } from '../../shared/age/identity.ts';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { fill } from '../kit/parcel-stream.ts';
import type { TestFile } from '../kit/parcel-stream.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { createLayout } from '../../shared/parcel/layout.ts';
import { lateBytes } from '../../shared/parcel/late-bytes.ts';
import { createHash } from 'node:crypto';
import { deskJson, scratch } from './desk.ts';
import { ARCHIVES } from './hostile-archive.ts';
import { TAMPERINGS } from './tamperings.ts';
import { TEST_SENDER } from '../kit/test-mailbox.ts';

const FILES: readonly TestFile[] = [
  { path: 'a.mp4', content: patternBytes(700_000, 1), modified: 1_700_000_000_123 },
  { path: 'нощ/b.mp4', content: patternBytes(1_400_000, 2), modified: 1_600_000_000_000 },
  { path: 'c/d/e.mp4', content: patternBytes(900_000, 3), modified: -5 },
  { path: 'f.txt', content: patternBytes(10, 4), modified: 0 },
];

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
const made = new Map<string, MadeParcel>();
let verified: Map<string, ParcelJson>;
let extracted: Map<string, ParcelJson>;

interface ParcelJson {
  readonly parcel: string;
  readonly state: string;
  readonly findings: readonly { readonly code: string; readonly kind: string; readonly sentence: string }[];
}

beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder);
  for (const name of Object.keys(TAMPERINGS)) made.set(name, await goodParcel());
  for (const [name, { stream }] of Object.entries(ARCHIVES)) {
    const parcel = idOf();
    made.set(name, await makeParcelOf(drop, stream(parcel), { parcel }));
  }
  made.set('a manifest of other contents', await wrongManifest());
  const stranger = [await recipientOf(await generateIdentity('classic'))];
  made.set('for other keys', await goodParcel({ recipients: stranger }));
  for (const [name, { tamper }] of Object.entries(TAMPERINGS))
    await tamper(made.get(name)!, drop, made.get('nothing at all')!);
  verified = await run('verify');
  extracted = await run('extract', '--out', join(base.folder, 'out'));
}, 180_000);
afterAll(() => base.remove());

async function run(command: string, ...more: readonly string[]): Promise<Map<string, ParcelJson>> {
  const { exit, json } = await deskJson([command, drop.bundle, '--keys', drop.keys, ...more]);
  expect(exit).toBe(1);
  return new Map((json['parcels'] as ParcelJson[]).map((parcel) => [parcel.parcel, parcel]));
}

function damage(report: ParcelJson): string[] {
  return report.findings.filter(({ kind }) => kind === 'damage').map(({ code }) => code);
}

describe.each(Object.entries(TAMPERINGS))('%s', (name, { codes }) => {
  test(`is told as ${codes.join(', ') || 'good'}`, () => {
    const report = verified.get(made.get(name)!.parcel)!;
    expect(damage(report).toSorted()).toStrictEqual(codes.toSorted());
    expect(report.state).toBe(codes.length === 0 ? 'complete' : 'damaged');
    for (const { sentence } of report.findings) expect(sentence).not.toMatch(/[{}]/);
    expect(damage(extracted.get(report.parcel)!).toSorted()).toStrictEqual(codes.toSorted());
  });

  test('lets out only files that are what was sent', async () => {
    await expectOnlyGoodFiles(made.get(name)!.parcel, FILES);
  });
});

describe.each(Object.entries(ARCHIVES))('an archive with %s', (name, { code }) => {
  test(`is refused as ${code}, and nothing is written from there on`, async () => {
    const { parcel } = made.get(name)!;
    expect(damage(verified.get(parcel)!)).toStrictEqual([code]);
    expect(damage(extracted.get(parcel)!)).toStrictEqual([code]);
    await expectOnlyGoodFiles(parcel, [{ path: 'good.txt', content: new TextEncoder().encode('good') }]);
    expect(await readdir(base.folder)).toStrictEqual(['bundle', 'keys', 'out']);
    await expect(readFile('/tmp/evil.txt')).rejects.toThrow('ENOENT');
  });
});

test('files that are not what the manifest says are told and not let out', async () => {
  const { parcel } = made.get('a manifest of other contents')!;
  const report = verified.get(parcel)!;
  expect(report.findings).toMatchObject([{ code: 'file-differs', path: 'data/files/a.mp4' }]);
  expect(report.state).toBe('damaged');
  expect(await files(parcel)).toStrictEqual(['c/d/e.mp4', 'f.txt', 'нощ/b.mp4']);
});

test('a parcel for other keys is told as that, not as damage', async () => {
  const { parcel } = made.get('for other keys')!;
  expect(verified.get(parcel)).toMatchObject({
    state: 'not-for-us',
    findings: [{ code: 'not-for-us', kind: 'foreign' }],
  });
  expect(await readdir(join(base.folder, 'out'))).not.toContain(parcel);
});

test('no draft is left behind, and every parcel has its report', async () => {
  const names = await readdir(join(base.folder, 'out'));
  expect(names.filter((name) => name.endsWith('.partial'))).toStrictEqual([]);
  for (const { parcel } of made.values()) expect(names).toContain(`${parcel}.report.json`);
});

test('a card of another root is told, and receipts by our own cards still hold', async () => {
  const other = await scratch();
  try {
    const stranger = await makeDrop(other.folder);
    const parcel = await makeParcelOf(stranger, (await parcelStream(idOf())).stream);
    expect(parcel.parts).toBeGreaterThan(2);
    await copyFile(join(drop.bundle, 'card.note'), join(stranger.bundle, 'card.note'));
    const result = await deskJson(['verify', stranger.bundle, '--keys', stranger.keys]);
    expect(result).toMatchObject({ exit: 1, json: { findings: [{ code: 'card-untrusted' }] } });
    await rm(join(stranger.bundle, 'card.note'));
    const without = await deskJson(['verify', stranger.bundle, '--keys', stranger.keys]);
    expect(without.json['findings']).toMatchObject([{ code: 'card-missing' }]);
    await writeFile(join(stranger.bundle, 'card.note'), 'hello');
    const junk = await deskJson(['verify', stranger.bundle, '--keys', stranger.keys]);
    expect(junk.json['findings']).toMatchObject([{ code: 'card-invalid' }]);
  } finally {
    await other.remove();
  }
});

async function expectOnlyGoodFiles(parcel: string, expected: readonly TestFile[]): Promise<void> {
  for (const path of await files(parcel)) {
    const file = expected.find((candidate) => candidate.path === path);
    expect(file, path).toBeDefined();
    const content = await readFile(join(base.folder, 'out', parcel, 'data/files', path));
    expect(Buffer.compare(content, file!.content), path).toBe(0);
  }
}

/** Paths of the files that came out, sorted. */
async function files(parcel: string): Promise<string[]> {
  const folder = join(base.folder, 'out', parcel, 'data/files');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

function idOf(): string {
  return Buffer.from(random(16)).toString('hex');
}

async function parcelStream(parcel: string, hashOf = (content: Uint8Array, _index: number) => sha256(content)) {
  const layout = createLayout({
    parcel,
    day: '2026-11-24',
    sender: TEST_SENDER,
    replyRecipient: 'age1pq1test',
    message: null,
    messageModified: 0,
    files: FILES.map(({ path, content, modified = 0 }) => ({ path, size: content.length, modified })),
  });
  const contents = FILES.map(({ content }) => content);
  const late = await lateBytes(
    layout,
    contents.map((content, i) => ({ sha256: hashOf(content, i), status: 'whole' })),
  );
  return { parcel, stream: fill(layout.piecesIn(0, layout.paddedSize), contents, late) };
}

async function goodParcel(options: { recipients?: readonly string[] } = {}): Promise<MadeParcel> {
  const { parcel, stream } = await parcelStream(idOf());
  return makeParcelOf(drop, stream, { parcel, ...options });
}

async function wrongManifest(): Promise<MadeParcel> {
  const { parcel, stream } = await parcelStream(idOf(), (content, i) =>
    i === 0 ? new Uint8Array(32) : sha256(content),
  );
  return makeParcelOf(drop, stream, { parcel });
}

function sha256(content: Uint8Array): Uint8Array {
  return createHash('sha256').update(content).digest();
}
