/** A clip asked for by time: the bytes that a player needs, and no more, out of films as cameras and programs write them. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSpan } from '../../desk/proof/span/find-span.ts';
import { formatTime, parseWanted } from '../../desk/proof/span/clip-place.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { clipScene, good } from './clip-scene.ts';
import type { ClipScene } from './clip-scene.ts';
import { desk, scratch } from './desk.ts';

const run = promisify(execFile);

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '25', '-c:a', 'aac'];
const VP8 = [
  '-c:v',
  'libvpx',
  '-deadline',
  'realtime',
  '-cpu-used',
  '8',
  '-b:v',
  '1500k',
  '-g',
  '25',
  '-c:a',
  'libopus',
];
const FILMS: Readonly<Record<string, readonly string[]>> = {
  'end.mp4': X264,
  'beginning.mp4': [...X264, '-movflags', '+faststart'],
  'camera.mov': [...X264.slice(0, -1), 'pcm_s16le'],
  'sound.m4a': ['-map', '1', '-c:a', 'aac', '-b:a', '256k'],
  'end.webm': VP8,
  'beginning.mkv': [...X264, '-cues_to_front', '1', '-reserve_index_space', '4096'],
};
const SECONDS = 8;

let folder: string;
let remove: () => Promise<void>;
let scene: ClipScene;

async function film(name: string, options: readonly string[]): Promise<{ path: string; content: Buffer }> {
  const path = join(folder, name);
  const pictures = `testsrc2=size=192x144:rate=25:duration=${SECONDS},noise=alls=20:all_seed=1`;
  const sound = `aevalsrc=random(0):duration=${SECONDS}`;
  await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', pictures, '-f', 'lavfi', '-i', sound, ...options, path]);
  return { path: name, content: await readFile(path) };
}

beforeAll(async () => {
  ({ folder, remove } = await scratch());
  const films = await Promise.all(Object.entries(FILMS).map(([name, options]) => film(name, options)));
  const fragments = await film('fragments.mp4', [...X264, '-movflags', '+frag_keyframe+empty_moov']);
  const piped = await film('no-cues.webm', [...VP8, '-live', '1']);
  const other = { path: 'other.mp4', content: patternBytes(100_000) };
  scene = await clipScene(folder, [...films, fragments, piped, other]);
}, 60_000);
afterAll(() => remove());

const fileOf = (name: string): string => join(scene.bag, 'data/files', name);

/** Pictures and sound of some seconds of a film: when each is shown, and the hash of what is. */
async function shown(path: string, from: number, to: number): Promise<string[]> {
  const cut = ['-v', 'quiet', '-ss', String(from), '-to', String(to), '-copyts', '-i', path, '-map', '0'];
  const ffmpeg = run('ffmpeg', [...cut, '-f', 'framemd5', '-'], { maxBuffer: 1 << 24 });
  // It ends with an error where it finds nothing that it can decode.
  const { stdout } = await ffmpeg.catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter((line) => /^\d/.test(line));
}

/** How many chunks hold anything. */
function chunksIn(file: Buffer): number {
  let chunks = 0;
  for (let at = 0; at < file.length; at += 65_536)
    chunks += file.subarray(at, at + 65_536).some((byte) => byte !== 0) ? 1 : 0;
  return chunks;
}

test.for(Object.keys(FILMS))(
  '%s plays over the times that were proved, and nothing else of it is shown',
  async (name) => {
    const [proof, clip, other] = ['proof', 'clip', 'other'].map((word) => join(folder, `${word}-${name}`)) as [
      string,
      string,
      string,
    ];
    const times = ['--from', '00:03.3', '--to', '0:00:04.72'];
    const said = await good(['prove', fileOf(name), '--keys', scene.drop.keys, '--out', proof, ...times, '--json']);
    await good(['verify-clip', proof, '--root', scene.root, '--write', clip]);
    await run('python3', [join(proof, 'verify_clip.py'), proof, '--root', scene.root, '--write', other]);
    expect((await readFile(clip)).equals(await readFile(other))).toBe(true);
    const there = await shown(fileOf(name), 3.3, 4.7);
    expect(there.length).toBeGreaterThan(50);
    expect(await shown(clip, 3.3, 4.7)).toEqual(there);
    const {
      times: told,
      size,
      shown: bytes,
    } = JSON.parse(said) as {
      times: [{ first: number; last: number }];
      size: number;
      shown: number;
    };
    if (name !== 'sound.m4a') {
      // The key pictures are a second apart; with some sound the film begins a moment later.
      expect(Math.abs(told[0].first - 3)).toBeLessThan(0.03);
    }
    expect(told[0].first).toBeLessThanOrEqual(3.3);
    expect(told[0].last).toBeGreaterThan(4.68);
    expect(told[0].last).toBeLessThan(4.9);
    expect(chunksIn(await readFile(clip))).toBeLessThanOrEqual(Math.ceil(bytes / 65_536));
    expect(bytes).toBeLessThan(size / 2 + 3 * 65_536);
  },
);

test('where no time can be found, it says why, and how it can be done', async () => {
  const tries: readonly (readonly [string, string, string, string])[] = [
    ['fragments.mp4', '0:01', '0:02', 'written in fragments'],
    ['no-cues.webm', '0:01', '0:02', 'no list of its cues'],
    ['other.mp4', '0:01', '0:02', 'not MP4'],
    ['end.mp4', '0:09', '0:10', 'ends before'],
    ['end.webm', '0:09', '0:10', 'ends before'],
  ];
  for (const [name, from, to, why] of tries) {
    const out = ['--out', join(folder, 'none'), '--from', from, '--to', to];
    const { exit, stderr } = await desk(['prove', fileOf(name), '--keys', scene.drop.keys, ...out]);
    expect([exit, stderr], name).toEqual([3, expect.stringContaining(why)]);
  }
});

test('times and bytes are told apart by a colon, and neither is taken for what it is not', () => {
  const time = (from: number, to: number) => ({ kind: 'time', span: { from, to } });
  expect(parseWanted('00:01:05.2-01:20', 9)).toEqual(time(65.2, 80));
  expect(parseWanted('1-9', 9)).toEqual({ kind: 'bytes', clip: { from: 1, to: 9 } });
  for (const text of [
    '1:00-60',
    '60-1:00',
    '1:00-1:00',
    '1:1:1:1-2:00',
    '1.5-2.5',
    '-1:00-2:00',
    '1:00',
    '1-10',
    ':1-:2',
  ])
    expect(() => parseWanted(text, 9), text).toThrow('proof-range');
  expect([0, 65.2, 7200, 3599.9999].map(formatTime)).toEqual([
    '00:00:00.000',
    '00:01:05.200',
    '02:00:00.000',
    '01:00:00.000',
  ]);
});

test('an index that lies makes the search end, with chunks of the file or with a reason', async () => {
  const films = await Promise.all(['end.mp4', 'beginning.mkv'].map((name) => readFile(fileOf(name))));
  const changes = fc.array(fc.tuple(fc.nat(5000), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...films), changes, async (sound, flips) => {
      const bytes = Uint8Array.from(sound);
      const index = bytes[4] === 0x66 ? bytes.length - 5001 : 0;
      for (const [at, value] of flips) bytes[index + at] = value;
      const read = (from: number, to: number) => Promise.resolve(bytes.subarray(from, to));
      const found = await findSpan({ size: bytes.length, read }, { from: 3, to: 4 });
      if (typeof found === 'string') return;
      for (const { from, to } of found.clips) {
        expect(from % 65_536).toBe(0);
        expect(to === bytes.length || to % 65_536 === 0).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});
