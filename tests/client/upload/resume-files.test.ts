/** Choosing the files of an unfinished submission again: all of them, in any way, fewer, others, and changed ones. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PickedFile } from '../../../client/upload/submission-types.ts';
import { patternBytes } from '../../kit/random-bytes.ts';
import { startTestServer } from '../../kit/test-server.ts';
import type { TestServer } from '../../kit/test-server.ts';
import { failingFile } from './failing-file.ts';
import {
  CONTENTS,
  MODIFIED,
  edited,
  elsewhere,
  expectArrived,
  picks,
  unsampled,
  VIDEO,
  without,
  zeroed,
} from './reboot-files.ts';
import { comeBack, goOnWith, MIB, onlyParts, sendFirst, sendParts, source, switchOffAt } from './reboot.ts';
import { soon } from './soon.ts';
import { readArrived } from './run-engine.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('choosing the files again', () => {
  test('in pieces, in any order, twice, and with others among them; names show only as files are found', async () => {
    const from = await source(server);
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f/${i}.txt`, patternBytes(500 + i, i)]));
    await sendParts(server, from, { files: picks({ ...CONTENTS, ...many }), parts: [0, 1, 2] });
    const { resumption, goOn } = await comeBack(server, from);
    expect(resumption).toMatchObject({ files: 48, safe: 3 * MIB });
    expect(resumption.state()).toMatchObject({
      matched: 0,
      lacking: 48,
      missing: null,
      canStart: false,
      strangers: [],
    });
    expect(() => resumption.start()).toThrow();

    await resumption.add(elsewhere(many).slice(0, 20));
    expect(resumption.state()).toMatchObject({ matched: 20, lacking: 28, missing: null, canStart: false });
    await resumption.add(picks({ 'holiday.jpg': patternBytes(5000, 77), 'another.mp4': patternBytes(400_000, 78) }));
    expect(resumption.state()).toMatchObject({ matched: 20, strangers: ['holiday.jpg', 'another.mp4'] });
    const some = resumption.add(elsewhere(many));
    expect(resumption.state().looking).toMatchObject({ total: 62 });
    await Promise.all([some, resumption.add(picks(without(VIDEO, 'a/same.jpg')))]);
    // One of two equal large files, and one file: what is missing has a name now, and equal small ones stand for each other.
    expect(resumption.state()).toMatchObject({
      matched: 46,
      lacking: 2,
      looking: null,
      missing: [
        { path: VIDEO, size: CONTENTS[VIDEO]!.length },
        { path: 'a/same.jpg', size: 300_000 },
      ],
      canStart: true,
      strangers: ['holiday.jpg', 'another.mp4'],
    });
    await resumption.add(elsewhere());
    expect(resumption.state()).toMatchObject({ matched: 48, lacking: 0, missing: [], canStart: true });
    const { engine } = goOn();
    await engine.done;
    expect(engine.state()).toMatchObject({ phase: 'received', unreadable: [], changed: [] });
    await expectArrived(server, from.parcel(), engine.state().total, { ...CONTENTS, ...many });
  }, 60_000);

  test('a file that cannot be read is said to be so, and may be chosen again', async () => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), parts: [0] });
    const { resumption } = await comeBack(server, from);
    const lost = { path: 'x', file: new File(['abc'], 'x') };
    Object.defineProperty(lost.file, 'arrayBuffer', { value: () => Promise.reject(new Error('gone')) });
    await resumption.add([lost]);
    expect(resumption.state()).toMatchObject({ unreadable: ['x'], strangers: [], matched: 0 });
  });
});

describe('a file that is missing', () => {
  test.each([
    ['a small one that was sent', 'notes/3.txt', [0, 1, 2, 3, 4, 5, 6, 7, 8], null],
    ['a large one that was sent', VIDEO, [0, 1, 2, 3, 4, 5, 6, 7], null],
    ['one of which a part was sent', VIDEO, [0, 1, 2], 3 * MIB],
    ['one of which nothing was sent', 'b/clip.mov', [0, 1, 2], 0],
  ] as const)(
    '%s',
    async (_, path, parts, sent) => {
      const from = await source(server);
      await sendParts(server, from, { files: picks(CONTENTS), parts });
      const { resumption, goOn } = await comeBack(server, from);
      await resumption.add(elsewhere(without(path)));
      expect(resumption.state()).toMatchObject({ lacking: 1, canStart: true, missing: [{ path }] });
      const { engine } = goOn();
      await engine.done;
      const { phase, total, unreadable } = engine.state();
      expect([phase, unreadable]).toEqual(['received', sent === null ? [] : [{ path }]]);
      if (sent === null) return expectArrived(server, from.parcel(), total, CONTENTS);
      await expectArrived(server, from.parcel(), total, without(path), { 'source-could-not-read': 1 });
      const { files } = await readArrived(server, from.parcel(), Math.ceil(total / MIB));
      const { content } = files.find((file) => file.path === `data/files/${path}`)!;
      // What was sent is there, up to the boundary of parts; the rest is zeros.
      const kept = content.findLastIndex((byte) => byte !== 0) + 1;
      expect(kept).toBeLessThanOrEqual(sent);
      expect(kept).toBeGreaterThan(sent - 10_000);
      expect(Buffer.compare(content, zeroed(CONTENTS[path]!, kept))).toBe(0);
    },
    60_000,
  );

  test('and missing again: what one browser went on without, the next one does not have either', async () => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), parts: [0, 1, 2] });
    const second = await goOnWith(server, from, elsewhere(without(VIDEO)), { fate: onlyParts([3, 4]) });
    await switchOffAt(second, 5);
    const third = await goOnWith(server, from, elsewhere());
    await third.engine.done;
    expect(third.engine.state()).toMatchObject({ phase: 'received', unreadable: [{ path: VIDEO }] });
    await expectArrived(server, from.parcel(), third.engine.state().total, without(VIDEO), {
      'source-could-not-read': 1,
    });
  }, 60_000);
});

describe('files that could not be read at first', () => {
  /** A file that fails so many times to be read whole. */
  function shy(path: string, bytes: Uint8Array<ArrayBuffer>, failures: number): PickedFile {
    const [pick] = picks({ [path]: bytes });
    let left = failures;
    const read = pick!.file.arrayBuffer.bind(pick!.file);
    const slice = pick!.file.slice.bind(pick!.file);
    Object.defineProperties(pick!.file, {
      arrayBuffer: { value: () => (left-- > 0 ? Promise.reject(new Error('away')) : read()) },
      slice: {
        value: (from: number, to: number) =>
          left-- > 0 ? { arrayBuffer: () => Promise.reject(new Error('away')) } : slice(from, to),
      },
    });
    return pick!;
  }

  test('are sent when they can be, and what was sent of them needs no other proof', async () => {
    const from = await source(server);
    const small = patternBytes(70_000, 31);
    const large = patternBytes(400_000, 32);
    // Two small ones, which come first, and a large one of which the ledger knows nothing.
    const files = [shy('shy/1.txt', small, 1), shy('shy/2.jpg', large, 1), ...picks(CONTENTS)];
    await sendParts(server, from, { files, parts: [0, 1, 2] });
    const contents = { ...CONTENTS, 'shy/1.txt': small, 'shy/2.jpg': large };
    const { resumption, goOn } = await comeBack(server, from);
    await resumption.add(elsewhere(contents));
    expect(resumption.state()).toMatchObject({
      lacking: 2,
      canStart: true,
      missing: [{ path: 'shy/1.txt' }, { path: 'shy/2.jpg' }],
    });
    const { engine } = goOn();
    await engine.done;
    expect(engine.state()).toMatchObject({ phase: 'received', unreadable: [] });
    await expectArrived(server, from.parcel(), engine.state().total, contents);
  }, 60_000);

  test('and were given up stay so, however many they are', async () => {
    const from = await source(server);
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`lost/${i}.txt`, patternBytes(3000 + i, i)]),
    );
    const lost = Object.entries(many).map(([path, bytes]) => {
      const one = failingFile(bytes, path, MODIFIED);
      one.failFrom(0);
      return { path, file: one.file };
    });
    const first = sendFirst(server, from, { files: [...lost, ...picks(CONTENTS)], fate: onlyParts([0, 1, 2]) });
    await soon(() => first.engine.state().phase === 'held');
    first.engine.continueWithoutAll();
    await switchOffAt(first, 3);
    const second = await goOnWith(server, from, elsewhere({ ...many, ...CONTENTS }));
    await second.engine.done;
    const { phase, total, unreadable } = second.engine.state();
    expect([phase, unreadable.length]).toEqual(['received', 300]);
    await expectArrived(server, from.parcel(), total, CONTENTS, { 'source-could-not-read': 300 });
  }, 60_000);
});

describe('a file that changed', () => {
  test.each([
    ['a small one', 'notes/3.txt', 5],
    ['a large one, where the fingerprint looks', VIDEO, 10],
  ])('%s is no longer one of them', async (_, path, at) => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), parts: [0, 1, 2] });
    const { resumption } = await comeBack(server, from);
    await resumption.add(picks(edited(path, at)));
    expect(resumption.state()).toMatchObject({ lacking: 1, strangers: [path], missing: [{ path }], canStart: true });
  });

  const parts = [0, 1, 2, 4];
  test.each([
    ['where it was sent', MIB, 1],
    ['where it was sent behind a part that was not', 4 * MIB + 500_000, 1],
    ['in a part that is sent again, with a later one there', 3 * MIB + 500_000, 1],
    ['where nothing was sent yet', 5 * MIB + 500_000, 0],
  ])(
    '%s',
    async (_, near, told) => {
      const from = await source(server);
      await sendParts(server, from, { files: picks(CONTENTS), parts });
      const at = unsampled(VIDEO, near);
      const second = await goOnWith(server, from, elsewhere(edited(VIDEO, at)));
      await second.engine.done;
      const { phase, total, changed } = second.engine.state();
      expect([phase, changed]).toEqual(['received', told === 1 ? [{ path: VIDEO }] : []]);
      const { files } = await readArrived(server, from.parcel(), Math.ceil(total / MIB));
      const { content } = files.find((file) => file.path === `data/files/${VIDEO}`)!;
      // What was sent before is what it was; what is sent now is what it is.
      const start = near === 3 * MIB + 500_000 || told === 0 ? edited(VIDEO, at)[VIDEO]! : CONTENTS[VIDEO]!;
      expect(Buffer.compare(content, start)).toBe(0);
      await expectArrived(server, from.parcel(), total, without(VIDEO), told === 1 ? { 'source-changed': 1 } : {});
      expect(new Set(from.headers.values()).size).toBe(from.headers.size);
    },
    60_000,
  );
});
