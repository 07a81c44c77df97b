/** A clip is proved to be part of a received file, by the desk and by a verifier that shares nothing with it, and the rest stays hidden. */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCaseLog } from '../../desk/custody/case-log.ts';
import { readKeyFolder } from '../../desk/keys/key-folder.ts';
import { createTestLog } from '../kit/log-proof.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { byDesk, byPython, clipScene, good } from './clip-scene.ts';
import type { ClipScene } from './clip-scene.ts';
import { desk, deskJson, scratch } from './desk.ts';

const run = promisify(execFile);
const SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 700_001];
const content = (size: number) => patternBytes(size);
const nameOf = (size: number) => `Съёмка ${size}.mp4`;

let folder: string;
let remove: () => Promise<void>;
let scene: ClipScene;
let count = 0;

beforeAll(async () => {
  ({ folder, remove } = await scratch());
  const files = SIZES.map((size) => ({ path: nameOf(size), content: content(size) }));
  scene = await clipScene(folder, files);
});
afterAll(() => remove());

const fileOf = (size: number) => join(scene.bag, 'data/files', nameOf(size));

async function prove(size: number, from: number, to: number, more: readonly string[] = []): Promise<string> {
  const out = join(folder, `proof-${count++}`);
  await good(['prove', fileOf(size), '--keys', scene.drop.keys, '--out', out, `--from=${from}`, `--to=${to}`, ...more]);
  return out;
}

test('any range of a file of any size is proved, and both verifiers write exactly its bytes', async () => {
  const ranges = SIZES.filter((size) => size > 0).flatMap((size) => {
    const places = [0, 1, 65_535, 65_536, 65_537, 131_071, 400_000, size - 1, size].filter(
      (at) => at >= 0 && at <= size,
    );
    return [
      [size, 0, size],
      [size, places.at(-2)!, size],
      ...places.flatMap((from, i) => places.slice(i + 1, i + 2).map((to) => [size, from, to])),
    ].filter(([, from, to]) => from! < to!);
  });
  const proofs: string[] = [];
  for (const [size, from, to] of ranges) {
    const proof = await prove(size!, from!, to!);
    const clip = join(folder, `clip-${count}`);
    await good(['verify-clip', proof, '--root', scene.root, '--write', clip]);
    expect(Buffer.compare(await readFile(clip), content(size!).subarray(from, to)), `${size} ${from} ${to}`).toBe(0);
    proofs.push(proof);
  }
  expect(await byPython(folder, proofs, scene.root)).toEqual(proofs.map(() => 'proved'));
});

test('several ranges are one proof, and are written each at its place', async () => {
  const size = 700_001;
  const proof = await prove(size, 300_000, 300_010, ['--also', '0-40', '--also', '699990-700001', '--also', '20-50']);
  const [one, two] = [join(folder, 'several-1'), join(folder, 'several-2')];
  const said = await good(['verify-clip', proof, '--root', scene.root, '--write', one, '--json']);
  expect(JSON.parse(said)).toMatchObject({
    clips: [
      { from: 0, to: 50 },
      { from: 300_000, to: 300_010 },
      { from: 699_990, to: 700_001 },
    ],
  });
  await run('python3', [join(proof, 'verify_clip.py'), proof, '--root', scene.root, '--write', two]);
  const expected = Buffer.alloc(size);
  for (const [from, to] of [
    [0, 50],
    [300_000, 300_010],
    [699_990, size],
  ] as const)
    expected.set(content(size).subarray(from, to), from);
  expect(Buffer.compare(await readFile(one), expected)).toBe(0);
  expect(Buffer.compare(await readFile(two), expected)).toBe(0);
});

test('nothing but the shown chunks, the size and the number of files can be learned, unless it is told', async () => {
  const proof = await prove(700_001, 70_000, 70_001);
  expect((await stat(join(proof, 'shown.bin'))).size).toBe(65_536);
  const all = Buffer.concat(await Promise.all((await readdir(proof)).map((name) => readFile(join(proof, name)))));
  const manifest = await readFile(join(scene.bag, 'manifest-sha256.txt'), 'utf8');
  const { seal } = await scene.made.envelope();
  const root = /^root (.{64})$/m.exec(seal!)![1]!;
  const hidden = [scene.made.parcel, root, ...manifest.matchAll(/^[0-9a-f]{64}/gm), 'mp4', 'Съёмка'].map(String);
  for (const word of hidden) {
    expect(all.includes(word), word).toBe(false);
    expect(all.includes(Buffer.from(word).toString('hex')), word).toBe(false);
  }
  const told = await prove(700_001, 70_000, 70_001, ['--name', '--hash']);
  const { json } = await deskJson(['verify-clip', told, '--root', scene.root]);
  expect(json).toMatchObject({ name: `data/files/${nameOf(700_001)}`, parcel: null, received: null });
  expect(manifest).toContain(`${String(json['sha256'])}  data/files/${nameOf(700_001)}`);
});

test('with a receipt, the day on which the server had the parcel is proved too', async () => {
  const proof = await prove(65_537, 0, 10, ['--receipt', scene.drop.bundle]);
  const { json } = await deskJson(['verify-clip', proof, '--root', scene.root]);
  expect(json).toMatchObject({ parcel: scene.made.parcel, received: '2026-11-24', day: '2026-11-24', logged: null });
  expect(await byPython(folder, [proof], scene.root)).toEqual(['proved']);
  const both = await saidByBoth(proof);
  for (const said of both) expect(said).toMatch(/not proved here/i);
});

test('where the bundle proves that the receipt stands in the log of the server, the proof does too', async () => {
  const envelope = await scene.made.envelope();
  const log = createTestLog(scene.drop.receiptKey);
  log.grow(5);
  const place = await log.add(envelope.receipt!);
  await scene.made.writeEnvelope({ ...envelope, version: 2, log: place });
  const proof = await prove(65_537, 0, 10, ['--receipt', scene.drop.bundle]);
  const { json } = await deskJson(['verify-clip', proof, '--root', scene.root]);
  expect(json).toMatchObject({ logged: { origin: log.name, size: 6 * 256 } });
  const { index, root } = json['logged'] as { index: number; root: string };
  for (const said of await saidByBoth(proof))
    for (const word of [log.name, index, root]) expect(said).toContain(`${word}`);
  await scene.made.writeEnvelope({ ...envelope, version: 2, log: await log.add('another receipt') });
  const without = await prove(65_537, 0, 10, ['--receipt', scene.drop.bundle]);
  expect(await readdir(without)).not.toContain('receipt.tlog-proof');
  await scene.made.writeEnvelope(envelope);
});

/** What the desk and the stand-alone verifier print. */
async function saidByBoth(proof: string): Promise<string[]> {
  const { stdout } = await run('python3', [join(proof, 'verify_clip.py'), proof, '--root', scene.root]);
  return [await good(['verify-clip', proof, '--root', scene.root]), stdout];
}

test('a proof is written into the log of the case, and a clock that is not set is named before the desk signs', async () => {
  await prove(65_536, 5, 9, ['--name', '--role', 'editor']);
  const keys = await readKeyFolder(scene.drop.keys);
  const log = await openCaseLog({
    cases: join(scene.drop.keys, 'cases'),
    parcel: scene.made.parcel,
    keys,
    device: 'main',
    actor: 'test',
    now: () => new Date(),
    random,
    doubt: () => null,
  });
  expect(log.events().at(-1)).toMatchObject({
    action: 'proved',
    actor: 'editor',
    items: [{ path: `data/files/${nameOf(65_536)}` }],
    values: { ranges: '5-9', told: 'name' },
  });
  const { warnings } = await desk(['bind', scene.bag, '--keys', scene.drop.keys], '1970-01-01');
  expect(warnings.join(' ')).toContain('it is not set');
});

test('a proof holds for no other root key', async () => {
  const proof = await prove(1, 0, 1);
  const other = 'A'.repeat(42) + 'E';
  expect(await byDesk(proof, other)).toBe('desk');
  expect(await byPython(folder, [proof], other)).toEqual(['desk']);
});

test('a file that is not what was signed for is not proved, and nothing is left of the attempt', async () => {
  const path = fileOf(131_072);
  const args = ['prove', path, '--keys', scene.drop.keys, '--from', '0', '--to', '9', '--out', join(folder, 'none')];
  const bytes = await readFile(path);
  bytes[131_071]! ^= 1;
  await writeFile(path, bytes);
  expect(await desk(args)).toMatchObject({
    exit: 3,
    stderr: expect.stringContaining('is not the file that was signed'),
  });
  await truncate(path, 131_071);
  expect((await desk(args)).exit).toBe(3);
  bytes[131_071]! ^= 1;
  await writeFile(path, bytes);
  await good(args);
  expect(await desk(args)).toMatchObject({ exit: 3, stderr: expect.stringContaining('exists already') });
  await rm(join(folder, 'none'), { recursive: true });
});

test('ranges that no file has are refused as a mistake of the caller', async () => {
  const ranges = ['5 5', '6 5', '0 65537', '-1 2', '0 1e3', '0 9007199254740993'].map((range) => range.split(' '));
  for (const [from, to] of ranges) {
    const where = ['--keys', scene.drop.keys, '--out', join(folder, 'none')];
    const { exit } = await desk(['prove', fileOf(65_536), ...where, `--from=${from}`, `--to=${to}`]);
    expect(exit, `${from} ${to}`).toBe(2);
  }
});

test('only the desk that signed can prove, and what it wrote down may not be altered', async () => {
  const args = (keys: string) => [
    'prove',
    fileOf(1),
    '--keys',
    keys,
    '--from=0',
    '--to=1',
    '--out',
    join(folder, 'no'),
  ];
  const other = join(folder, 'other-keys');
  await good(['init', other, '--organisation', 'Other', '--classic']);
  expect(await desk(args(other))).toMatchObject({ exit: 3, stderr: expect.stringContaining('another desk signed') });
  const list = join(scene.bag, 'custody/clip-list.txt');
  const text = await readFile(list, 'utf8');
  for (const altered of [
    text.replace('65535 ', '65534 '),
    text.replace(/^parcel ../m, 'parcel zz'),
    text.slice(0, -9),
  ]) {
    await writeFile(list, altered);
    expect(await desk(args(scene.drop.keys))).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('fit together'),
    });
  }
  await writeFile(list, text);
  const stray = join(folder, 'stray.mp4');
  await writeFile(stray, 'x');
  const asked = args(scene.drop.keys);
  asked[1] = stray;
  expect(await desk(asked)).toMatchObject({ exit: 3, stderr: expect.stringContaining('desk bind') });
});

test('a bag is signed for once, and only one that extract wrote', async () => {
  expect(await desk(['bind', scene.bag, '--keys', scene.drop.keys])).toMatchObject({
    exit: 3,
    stderr: expect.stringContaining('exists already'),
  });
  expect((await desk(['bind', join(scene.bag, 'data'), '--keys', scene.drop.keys])).exit).toBe(3);
});
