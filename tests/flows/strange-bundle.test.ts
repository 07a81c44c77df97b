/** Pipes, devices, links and folders in place of every file of a bundle, and of what goes into a reply: nothing waits, nothing reads without end, and it is named. */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { desk, scratch } from '../desk/desk.ts';
import { makeSource, send } from '../desk/source.ts';

const isRoot = process.getuid?.() === 0;

/** What can stand in place of a file; `path` is free. */
const KINDS: Readonly<Record<string, (path: string) => Promise<void>>> = {
  'a pipe': (path) => Promise.resolve(void execFileSync('mkfifo', [path])),
  'a device without end': (path) =>
    isRoot ? Promise.resolve(void execFileSync('mknod', [path, 'c', '1', '5'])) : symlink('/dev/zero', path),
  'a link to a device': (path) => symlink('/dev/zero', path),
  'a link to nothing': (path) => symlink('nothing', path),
  'a link to a file': (path) => symlink('/etc/passwd', path),
  'a link to itself': (path) => symlink(path, path),
  'a folder': (path) => mkdir(path),
  'a file without end': async (path) => {
    await writeFile(path, '');
    await truncate(path, 2 ** 40);
  },
};

const KEY_FAULTS: typeof KINDS = {
  nothing: () => Promise.resolve(),
  'bytes that are no text': (path) => writeFile(path, Uint8Array.of(0xff, 0xfe, 0x00)),
  'an empty file': (path) => writeFile(path, ''),
  ...KINDS,
};

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
let made: MadeParcel;
let copies = 0;
/** One parcel for each kind, and one more. */
const parcels: MadeParcel[] = [];

beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder);
  const source = await makeSource();
  const files = [{ path: 'a.mp4', content: patternBytes(100) }];
  for (let i = 0; i <= Object.keys(KINDS).length; i++) parcels.push(await send(drop, source, { files }));
  made = parcels[0]!;
});
afterAll(() => base.remove());

/** A copy of the bundle in which something else stands at `place`. */
async function bundleWith(place: string, make: (path: string) => Promise<void>): Promise<string> {
  const bundle = join(base.folder, `bundle-${copies++}`);
  await cp(drop.bundle, bundle, { recursive: true });
  await rm(join(bundle, place), { recursive: true, force: true });
  await make(join(bundle, place));
  return bundle;
}

for (const place of ['000000.age', 'envelope.json', ''])
  test(`${place === '' ? 'parcel' : place}: whatever stands in its place, the parcel is named, and another one is whole`, async () => {
    const bundle = await bundleWith('unused', () => Promise.resolve());
    for (const [i, make] of Object.values(KINDS).entries()) {
      const path = join(bundle, 'inbox', parcels[i]!.parcel, place).replace(/\/$/, '');
      await rm(path, { recursive: true });
      await make(path);
    }
    const out = `${bundle}-out`;
    for (const args of [['list'], ['verify'], ['extract', '--out', out]]) {
      const { exit, stdout } = await desk([args[0]!, bundle, '--keys', drop.keys, ...args.slice(1), '--json']);
      expect(exit, args[0]).toBe(1);
      const { parcels: found } = JSON.parse(stdout) as { parcels: { parcel: string; state: string }[] };
      const states = Object.fromEntries(found.map(({ parcel, state }) => [parcel, state]));
      const names = [...Object.keys(KINDS), 'sound'];
      const whole = args[0] === 'list' ? 'sealed' : 'complete';
      expect(names.map((name, n) => `${args[0]}, ${name}: ${states[parcels[n]!.parcel]}`)).toEqual(
        names.map((name) => `${args[0]}, ${name}: ${name === 'sound' ? whole : 'damaged'}`),
      );
    }
    expect((await readdir(out)).filter((name) => !name.endsWith('.json'))).toEqual([parcels.at(-1)!.parcel]);
  });

test('a key card that is none is said to be missing', async () => {
  for (const [kind, make] of Object.entries(KINDS)) {
    const bundle = await bundleWith('card.note', make);
    const { exit, stdout } = await desk(['list', bundle, '--keys', drop.keys, '--json']);
    expect(exit, kind).toBe(1);
    expect(stdout, kind).toMatch(/"code": "card-(?:missing|invalid)"/);
  }
});

test('an inbox that is a link is not followed, and one that is no folder is no bundle', async () => {
  for (const [kind, make] of Object.entries({
    ...KINDS,
    'a link to a folder': (path: string) => symlink(join(drop.bundle, 'inbox'), path),
  })) {
    if (kind === 'a folder') continue;
    const bundle = await bundleWith('inbox', make);
    const { exit, stderr } = await desk(['list', bundle, '--keys', drop.keys]);
    expect(exit, kind).toBe(3);
    expect(stderr, kind).toContain('is not a bundle');
  }
});

test('an envelope of any size or depth is refused, and nothing falls over', async () => {
  for (const text of [
    '['.repeat(2_000_000),
    '{"a":'.repeat(500_000),
    ' '.repeat(67_108_865),
    '"\\ud800"',
    'null',
    '\u0000',
  ]) {
    const bundle = await bundleWith(join('inbox', made.parcel, 'envelope.json'), (path) => writeFile(path, text));
    const { exit, stdout } = await desk(['verify', bundle, '--keys', drop.keys, '--parcel', made.parcel, '--json']);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/"code": "envelope-(?:missing|invalid)"/);
    await rm(bundle, { recursive: true });
  }
});

test('message and attachments of a reply: a pipe or a device is refused, and nothing is written', async () => {
  const message = join(base.folder, 'message.txt');
  await writeFile(message, 'спасибо');
  for (const [kind, make] of Object.entries(KINDS)) {
    if (kind === 'a link to a file' || kind === 'a file without end') continue;
    const strange = join(base.folder, `strange-${copies++}`);
    await make(strange);
    const reply = ['reply', drop.bundle, '--keys', drop.keys, '--to', made.parcel];
    for (const args of [
      ['--message', strange],
      ['--message', message, '--attach', strange],
    ]) {
      const { exit, stderr } = await desk([...reply, ...args]);
      expect(exit, `${kind} ${args.length}`).toBe(3);
      expect(stderr, `${kind} ${args.length}`).toContain(strange);
      expect(stderr, `${kind} ${args.length}`).not.toContain('unknown');
    }
  }
  expect((await readdir(drop.bundle)).toSorted()).toEqual(['card.note', 'inbox']);
});

test('a message without end is read only as far as shows that it is too long', async () => {
  const message = join(base.folder, 'long.txt');
  await writeFile(message, '');
  await truncate(message, 2 ** 40);
  const { exit, stderr } = await desk([
    'reply',
    drop.bundle,
    '--keys',
    drop.keys,
    '--to',
    made.parcel,
    '--message',
    message,
  ]);
  expect(exit).toBe(3);
  expect(stderr).toContain('more than');
});

test('a key folder in which a file is missing, unreadable or strange says which', async () => {
  const files = (await readdir(drop.keys, { withFileTypes: true })).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name).filter((name) => !name.startsWith('.'));
  expect(names).toContain('identities.txt');
  for (const name of names) {
    for (const [kind, make] of Object.entries(KEY_FAULTS)) {
      // So they are before the first card, and when every identity was destroyed.
      if (['cards.txt', 'identities.txt'].includes(name) && kind === 'an empty file') continue;
      const keys = join(base.folder, `keys-${copies++}`);
      await cp(drop.keys, keys, { recursive: true });
      await rm(join(keys, name));
      await make(join(keys, name));
      const { exit, stderr } = await desk(['list', drop.bundle, '--keys', keys]);
      expect(exit, `${name} ${kind}`).toBe(3);
      expect(stderr, `${name} ${kind}`).toMatch(/desk: \S/);
      const whole = name === 'organisation.txt' && /nothing/.test(kind);
      expect(stderr, `${name} ${kind}`).toContain(whole ? 'is not a key folder' : name);
      expect(stderr, `${name} ${kind}`).toContain('hint:');
    }
  }
});

test('a bundle of another organisation is named as one, and nothing of it is opened', async () => {
  const folder = join(base.folder, 'elsewhere');
  await mkdir(folder);
  const theirs = await makeDrop(folder);
  await send(theirs, await makeSource(), {});
  const { exit, stdout } = await desk(['list', theirs.bundle, '--keys', drop.keys]);
  expect(exit).toBe(1);
  expect(stdout).toContain('was not signed by');
  expect(stdout).toContain('other keys');
  const out = join(folder, 'out');
  await desk(['extract', theirs.bundle, '--keys', drop.keys, '--out', out]);
  expect((await readdir(out)).every((name) => name.endsWith('.report.json'))).toBe(true);
});

test('a parcel that grows, shrinks or goes while it is read is never called whole', async () => {
  for (const change of [
    (path: string) => truncate(path, 10),
    (path: string) => writeFile(path, 'more', { flag: 'a' }),
    (path: string) => rename(path, `${path}.away`),
  ]) {
    const bundle = await bundleWith('unused', () => Promise.resolve());
    const part = join(bundle, join('inbox', made.parcel, '000000.age'));
    await change(part);
    const { exit, stdout } = await desk(['verify', bundle, '--keys', drop.keys, '--parcel', made.parcel, '--json']);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/"state": "damaged"/);
  }
});
