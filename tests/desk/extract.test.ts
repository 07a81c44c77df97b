/** What comes out is what went in: whatever the names, sizes and times; and of an unfinished parcel every whole file, with the rest named. */
import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLayout } from '../../shared/parcel/layout.ts';
import { partRange } from '../../shared/parcel/parts.ts';
import { fileLists } from '../kit/arbitrary-files.ts';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import type { Drop, ParcelOptions } from '../kit/make-parcel.ts';
import { PARCEL, testParcel } from '../kit/parcel-stream.ts';
import type { TestFile } from '../kit/parcel-stream.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { desk, deskJson, scratch } from './desk.ts';
import { TEST_SENDER } from '../kit/test-mailbox.ts';

const MIB = 1_048_576;

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder);
});
afterAll(() => base.remove());

interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly bag: string;
  readonly report: Record<string, unknown>;
}

let runs = 0;

/** Puts the one parcel of these files into the bundle and extracts it. */
async function extract(
  files: readonly TestFile[],
  options: Partial<ParcelOptions> & { message?: string; flags?: readonly string[] } = {},
): Promise<Outcome> {
  const { message, flags = [], ...parcelOptions } = options;
  const { stream } = await testParcel(files, message ?? null);
  await rm(join(drop.bundle, 'inbox', PARCEL), { recursive: true, force: true });
  await makeParcelOf(drop, stream, { parcel: PARCEL, ...parcelOptions });
  const out = join(base.folder, `out-${++runs}`);
  const { exit, json } = await deskJson(['extract', drop.bundle, '--keys', drop.keys, '--out', out, ...flags]);
  const report = (json['parcels'] as Record<string, unknown>[])[0]!;
  return { exit, out, bag: join(out, PARCEL), report };
}

/** Relative paths of all files below a folder, sorted, with their bytes. */
async function contentOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path)] as const)),
  );
}

function file(path: string, size: number, seed: number, modified = 1_700_000_000_123): TestFile {
  return { path, content: patternBytes(size, seed), modified };
}

describe('a whole parcel', () => {
  test('random file sets come out identical, with their times', async () => {
    await fc.assert(
      fc.asyncProperty(fileLists(40), async (files) => {
        const { bag, report } = await extract(files, { message: 'Здравствуйте' });
        expect(report['state']).toBe('complete');
        expect(await readFile(join(bag, 'data/message.txt'), 'utf8')).toBe('Здравствуйте');
        const found = await contentOf(join(bag, 'data/files'));
        expect(found.size).toBe(files.length);
        for (const { path, content, modified = 0 } of files) {
          expect(Buffer.compare(found.get(path)!, content), JSON.stringify(path)).toBe(0);
          const { mtimeMs } = await stat(join(bag, 'data/files', path));
          // ext4 keeps times from 1901 to 2446; a bag may say anything.
          if (Math.abs(modified) < 2e12) expect(Math.floor(mtimeMs + 1e-4)).toBe(modified);
        }
      }),
      { numRuns: 8 },
    );
  });

  test('is private to the member of staff, and passes sha256sum as it stands', async () => {
    const { exit, bag, out } = await extract([
      file('a/b.mp4', 3 * MIB, 1),
      file('empty', 0, 1),
      file('line\nbreak %.txt', 5, 2),
    ]);
    expect(exit).toBe(0);
    for (const path of ['', 'data', 'data/files/a']) expect((await stat(join(bag, path))).mode & 0o777).toBe(0o700);
    for (const path of ['bagit.txt', 'data/files/a/b.mp4', 'data/files/line\nbreak %.txt'])
      expect((await stat(join(bag, path))).mode & 0o777).toBe(0o600);
    expect((await stat(join(out, `${PARCEL}.report.json`))).mode & 0o777).toBe(0o600);
    expect([...(await contentOf(bag)).keys()].filter((path) => !path.startsWith('data/')).toSorted()).toStrictEqual([
      'bag-info.txt',
      'bagit.txt',
      'custody/card.note',
      'custody/desk.note',
      'custody/envelope.json',
      'custody/events.txt',
      'custody/report.html',
      'custody/report.json',
      'custody/report.note',
      'custody/report.pdf',
      'custody/sender-tagmanifest-sha256.txt',
      'custody/verify_report.py',
      'manifest-sha256.txt',
      'payload-status.txt',
      'tagmanifest-sha256.txt',
    ]);
  });

  test('a file that the source could not read to its end comes out, and is told', async () => {
    const { exit, bag, report } = await extract([file('a', 10, 1), { ...file('b', 10, 2), lost: true }]);
    expect(exit).toBe(1);
    expect(report).toMatchObject({
      state: 'complete',
      findings: [{ code: 'file-cut-by-source', path: 'data/files/b' }],
    });
    expect(await contentOf(join(bag, 'data/files'))).toHaveProperty('size', 2);
  });

  test('a file that changed between two sendings comes out, and is told', async () => {
    const { exit, bag, report } = await extract([{ ...file('a', 10, 1), changed: true }, file('b', 10, 2)]);
    expect(exit).toBe(1);
    expect(report).toMatchObject({
      state: 'complete',
      findings: [{ code: 'file-changed-at-source', path: 'data/files/a' }],
      files: { whole: 1, cutBySource: 0, changedAtSource: 1, bad: 0 },
    });
    expect(await contentOf(join(bag, 'data/files'))).toHaveProperty('size', 2);
  });

  test('the largest parts and the smallest', async () => {
    for (const partSize of [MIB, 16 * MIB]) {
      const list = [file('big', 18 * MIB + 777, 3), file('small', 1, 4), file('middle', 5 * MIB, 5)];
      const { exit, bag, report } = await extract(list, { partSize });
      expect(exit).toBe(0);
      const found = await contentOf(join(bag, 'data/files'));
      for (const { path, content } of list) expect(Buffer.compare(found.get(path)!, content), path).toBe(0);
      expect(report['parts']).toMatchObject({
        good: Math.ceil((report['bytes'] as { total: number }).total / partSize),
      });
    }
  });
});

describe('an unfinished parcel', () => {
  test('whatever parts are missing, every file that lies outside of them comes out and no other', async () => {
    const files = fc.array(fc.record({ size: fc.integer({ min: 0, max: 900_000 }), deep: fc.boolean() }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(files, fc.infiniteStream(fc.boolean()), async (shapes, here) => {
        const list = shapes.map(({ size, deep }, i) => file(`${deep ? 'каталог/' : ''}${i}.bin`, size, i + 1));
        const layout = layoutOf(list);
        const parts = Math.ceil(layout.paddedSize / MIB);
        const only = Array.from({ length: parts }, (_, part) => part).filter(() => here.next().value);
        const { exit, bag, report } = await extract(list, { only });
        const whole = list.filter((_, i) => covered(layout, i, only));
        const found = await contentOf(join(bag, 'data/files'));
        expect([...found.keys()].toSorted()).toStrictEqual(whole.map(({ path }) => path).toSorted());
        for (const { path, content } of whole) expect(Buffer.compare(found.get(path)!, content)).toBe(0);
        expect(exit).toBe(1);
        expect(report['state']).toBe('unfinished');
        const unsent = (report['parts'] as { unsent: [number, number][] }).unsent;
        expect(unsent.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i))).toStrictEqual(
          Array.from({ length: parts }, (_, part) => part).filter((part) => !only.includes(part)),
        );
      }),
      { numRuns: 10 },
    );
  });

  test('says which files are incomplete and how many are unknown, in text, JSON and report', async () => {
    const list = [file('first.mp4', 500_000, 1), file('second.mp4', 2_000_000, 2), file('third.mp4', 900_000, 3)];
    const { out, report } = await extract(list, { only: [0] });
    expect(report['findings']).toMatchObject([
      { code: 'parts-unsent', ranges: [[1, 3]] },
      { code: 'file-incomplete', path: 'data/files/second.mp4' },
      { code: 'files-unknown', count: 1 },
    ]);
    expect(report['files']).toMatchObject({ announced: 3, whole: 1, incomplete: 1, absent: 1 });
    expect(report['bytes']).toMatchObject({ lost: (report['bytes'] as { total: number }).total - MIB });
    const written: unknown = JSON.parse(await readFile(join(out, `${PARCEL}.report.json`), 'utf8'));
    expect(written).toMatchObject({
      state: 'unfinished',
      notWhole: [{ path: 'data/files/second.mp4', verdict: 'incomplete' }],
    });
    const { exit, stdout } = await desk(['verify', drop.bundle, '--keys', drop.keys]);
    expect(exit).toBe(1);
    expect(stdout).toContain('UNFINISHED');
    expect(stdout).toContain('Parts that have not come: 1-3.');
    expect(stdout).toContain('data/files/second.mp4 is incomplete.');
  });

  test('all parts and no seal: everything comes out, and it is told', async () => {
    const { exit, report } = await extract([file('a', 10, 1)], { sealed: false });
    expect(exit).toBe(1);
    expect(report).toMatchObject({ state: 'unfinished', findings: [{ code: 'unsealed' }], files: { whole: 1 } });
  });

  test('a seal and no receipt yet is a remark only', async () => {
    const { exit, report } = await extract([file('a', 10, 1)], { received: false });
    expect(exit).toBe(0);
    expect(report).toMatchObject({
      state: 'complete',
      received: null,
      findings: [{ code: 'not-yet-received', kind: 'remark' }],
    });
  });

  test('--partial keeps what is there of an incomplete file, under a name that says so', async () => {
    const list = [file('clip.mp4', 3 * MIB, 1)];
    const { bag } = await extract(list, { only: [0, 2], flags: ['--partial'] });
    const found = await contentOf(join(bag, 'data/files'));
    expect([...found.keys()]).toStrictEqual(['clip.mp4.incomplete']);
    const { content } = list[0]!;
    const from = layoutOf(list).dataOffset(0);
    const kept = found.get('clip.mp4.incomplete')!;
    expect(Buffer.compare(kept.subarray(0, MIB - from), content.subarray(0, MIB - from))).toBe(0);
    expect(kept.subarray(MIB - from, 2 * MIB - from).every((byte) => byte === 0)).toBe(true);
    expect(
      Buffer.compare(kept.subarray(2 * MIB - from, 3 * MIB - from), content.subarray(2 * MIB - from, 3 * MIB - from)),
    ).toBe(0);
  });
});

describe('the folder it writes to', () => {
  test('an extracted parcel is never written over', async () => {
    const { out, bag } = await extract([file('a', 10, 1)]);
    await writeFile(join(bag, 'note of the editor'), 'keep me');
    const again = await deskJson(['extract', drop.bundle, '--keys', drop.keys, '--out', out]);
    expect(again).toMatchObject({ exit: 3, json: { error: { code: 'out-exists' } } });
    expect(await readFile(join(bag, 'note of the editor'), 'utf8')).toBe('keep me');
  });

  test('in a bundle that has grown, what was extracted before is left alone and the rest comes out', async () => {
    const { out, bag } = await extract([file('a', 10, 1)]);
    const second = await makeParcelOf(drop, (await testParcel([file('b', 10, 2)])).stream);
    await writeFile(join(bag, 'note of the editor'), 'keep me');
    const grown = await deskJson(['extract', drop.bundle, '--keys', drop.keys, '--out', out]);
    expect(grown.json['parcels']).toContainEqual({
      parcel: PARCEL,
      state: 'extracted-before',
      complete: true,
      folder: bag,
    });
    expect(await readFile(join(bag, 'note of the editor'), 'utf8')).toBe('keep me');
    expect(await readdir(out)).toContain(`${second.parcel}.report.json`);
    await writeFile(join(out, `${PARCEL}.report.json`), '{"state":"unfinished"}');
    const { stdout } = await desk(['extract', drop.bundle, '--keys', drop.keys, '--out', out]);
    expect(stdout).toContain('it was not complete then');
    await rm(second.folder, { recursive: true });
  });

  test('what a run that was cut off left behind is cleared away', async () => {
    const { out, bag } = await extract([file('a', 10, 1)]);
    await rm(bag, { recursive: true });
    await mkdir(join(out, `${PARCEL}.partial`, 'bag/data'), { recursive: true });
    await writeFile(join(out, `${PARCEL}.partial`, 'process'), '999999999\n');
    await writeFile(join(out, `${PARCEL}.partial`, 'bag/data/half'), 'half');
    expect((await desk(['extract', drop.bundle, '--keys', drop.keys, '--out', out])).exit).toBe(0);
    expect((await readdir(out)).toSorted()).toStrictEqual([PARCEL, `${PARCEL}.report.json`]);
    expect(await contentOf(join(bag, 'data/files'))).toHaveProperty('size', 1);
  });

  test('two at once do not meet', async () => {
    const { out, bag } = await extract([file('a', 10, 1)]);
    await rm(bag, { recursive: true });
    await mkdir(join(out, `${PARCEL}.partial`));
    await writeFile(join(out, `${PARCEL}.partial`, 'process'), '1\n');
    const second = await deskJson(['extract', drop.bundle, '--keys', drop.keys, '--out', out]);
    expect(second).toMatchObject({ exit: 3, json: { error: { code: 'extract-running' } } });
  });

  test('a symbolic link in the way is not followed', async () => {
    const { out, bag } = await extract([file('a', 10, 1)]);
    const elsewhere = join(base.folder, 'elsewhere');
    await mkdir(elsewhere, { recursive: true });
    await rm(bag, { recursive: true });
    await symlink(elsewhere, join(out, `${PARCEL}.partial`));
    expect((await desk(['extract', drop.bundle, '--keys', drop.keys, '--out', out])).exit).toBe(0);
    expect(await readdir(elsewhere)).toStrictEqual([]);
    expect((await lstat(bag)).isDirectory()).toBe(true);
    await rm(bag, { recursive: true });
    await symlink(join(base.folder, 'dangling'), bag);
    expect((await desk(['extract', drop.bundle, '--keys', drop.keys, '--out', out])).exit).toBe(3);
  });

  test('a folder that cannot be written is said to be one', async () => {
    const blocked = join(base.folder, 'blocked');
    await writeFile(blocked, '');
    const result = await deskJson(['extract', drop.bundle, '--keys', drop.keys, '--out', join(blocked, 'out')]);
    expect(result).toMatchObject({ exit: 3, json: { error: { code: 'out-unwritable' } } });
  });

  test('keys that others can read are remarked upon, on stderr only', async () => {
    await chmod(drop.keys, 0o755);
    const { warnings, stdout } = await desk(['list', drop.bundle, '--keys', drop.keys]);
    await chmod(drop.keys, 0o700);
    expect(warnings).toHaveLength(1);
    expect(stdout).not.toContain(warnings[0]!);
  });
});

function layoutOf(files: readonly TestFile[]) {
  return createLayout({
    parcel: PARCEL,
    day: '2026-11-24',
    sender: TEST_SENDER,
    replyRecipient: 'age1pq1test',
    message: null,
    messageModified: 0,
    files: files.map(({ path, content, modified = 0 }) => ({ path, size: content.length, modified })),
  });
}

/** True when header and data of file `index` lie in the parts `only`, so that a reader which lost the thread finds it. */
function covered(layout: ReturnType<typeof layoutOf>, index: number, only: readonly number[]): boolean {
  const start = layout.dataOffset(index);
  const end = start + layout.payload[index]!.size;
  const before = index === 0 ? 0 : layout.dataOffset(index - 1) + layout.payload[index - 1]!.size;
  const header = Math.ceil(before / 512) * 512;
  const needed = [...Array(Math.ceil(layout.paddedSize / MIB)).keys()].filter((part) => {
    const { from, to } = partRange(part, layout.paddedSize, MIB);
    return from < Math.max(end, start) && to > header;
  });
  return needed.every((part) => only.includes(part));
}
