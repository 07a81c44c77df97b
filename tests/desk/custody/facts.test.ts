/** What files say about themselves: found where it stands, and no file can make the reader crash, hang or read for ever. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFactsReader } from '../../../desk/custody/facts/facts-reader.ts';
import type { FactsReader } from '../../../desk/custody/facts/facts-reader.ts';
import { claimedType, detectedType } from '../../../desk/custody/facts/kind.ts';
import { readFacts } from '../../../desk/custody/facts/read-facts.ts';
import type { Ranges } from '../../../desk/custody/facts/source.ts';
import { ascii, be32, boastfulFilm, box, exif, jpeg } from '../../kit/made-media.ts';
import { scratch } from '../desk.ts';

const run = promisify(execFile);

let base: Awaited<ReturnType<typeof scratch>>;
let reader: FactsReader;
beforeAll(async () => {
  base = await scratch();
  reader = createFactsReader();
});
afterAll(async () => {
  await reader.close();
  await base.remove();
});

function rangesOf(bytes: Uint8Array): Ranges & { asked: number } {
  const ranges = {
    size: bytes.length,
    asked: 0,
    read: (from: number, to: number) => {
      ranges.asked += to - from;
      return Promise.resolve(bytes.subarray(from, to));
    },
  };
  return ranges;
}

async function film(name: string, options: readonly string[]): Promise<Buffer> {
  const path = join(base.folder, name);
  const source = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=5:duration=2'];
  await run('ffmpeg', [...source, ...options, path]);
  return readFile(path);
}

describe('what stands in a file', () => {
  test('MP4 with its index at the end: duration, codec, day, program and position, by a few ranges', async () => {
    const made = ['-metadata', 'creation_time=2026-01-02T03:04:05Z', '-metadata', 'location=+35.7+51.4/'];
    const ranges = rangesOf(await film('a.mp4', [...made, '-c:v', 'mpeg4']));
    const facts = await reader.read(ranges);
    expect(facts).toMatchObject({
      detected: 'video/mp4',
      duration: 2,
      codecs: ['mp4v'],
      created: '2026-01-02T03:04:05.000Z',
      gps: true,
      c2pa: false,
      problem: null,
    });
    expect(facts.software).toMatch(/^Lavf/);
  });

  test('QuickTime with the keys that telephones write', async () => {
    const keys = ['-movflags', 'use_metadata_tags', '-metadata', 'com.apple.quicktime.make=Apple'];
    const model = ['-metadata', 'com.apple.quicktime.model=Phone 9', '-c:v', 'mpeg4'];
    const facts = await reader.read(rangesOf(await film('a.mov', [...keys, ...model])));
    expect(facts).toMatchObject({ detected: 'video/quicktime', make: 'Apple', model: 'Phone 9' });
  });

  test('WebM', async () => {
    const facts = await reader.read(rangesOf(await film('a.webm', ['-c:v', 'libvpx'])));
    expect(facts).toMatchObject({ detected: 'video/webm', duration: 2, codecs: ['V_VP8'], problem: null });
  });

  test('a JPEG with EXIF, XMP, IPTC and C2PA', async () => {
    expect(await reader.read(rangesOf(jpeg()))).toMatchObject({
      detected: 'image/jpeg',
      exif: true,
      xmp: true,
      iptc: true,
      c2pa: true,
      gps: true,
      make: 'Camera maker',
      model: 'Model 7',
      problem: null,
    });
  });

  test('C2PA in MP4, PNG and WebP; EXIF in PNG and WebP', async () => {
    const uuid = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
    const mp4 = Buffer.concat([box('ftyp', ascii('isom')), box('uuid', uuid, ascii('...'))]);
    const chunk = (type: string, body: Buffer) => Buffer.concat([be32(body.length), ascii(type), body, be32(0)]);
    const png = Buffer.concat([
      ascii('\u0089PNG\r\n\u001a\n'),
      chunk('caBX', ascii('x')),
      chunk('eXIf', exif('Maker of it', 'Second')),
      chunk('IEND', ascii('')),
    ]);
    const riff = (type: string, body: Buffer) => Buffer.concat([ascii(type), be32(body.length).reverse(), body]);
    const webp = riff(
      'RIFF',
      Buffer.concat([ascii('WEBP'), riff('C2PA', ascii('xx')), riff('EXIF', exif('A maker', 'Third'))]),
    );
    for (const [file, facts] of [
      [mp4, { detected: 'video/mp4', c2pa: true }],
      [png, { detected: 'image/png', c2pa: true, exif: true, model: 'Second' }],
      [webp, { detected: 'image/webp', c2pa: true, exif: true, make: 'A maker', problem: null }],
    ] as const)
      expect(await reader.read(rangesOf(file))).toMatchObject(facts);
  });

  test('names claim, bytes show', () => {
    expect(claimedType('data/files/a.b/IMG.JPG')).toBe('image/jpeg');
    expect(claimedType('data/files/constructor')).toBeNull();
    expect(claimedType('x.__proto__')).toBeNull();
    expect(detectedType(ascii('<!DOCTYPE html><script>'))).toBe('text/html');
    expect(detectedType(Buffer.from('سلام'))).toBe('text/plain');
    expect(detectedType(Buffer.of(0, 1, 2, 3))).toBeNull();
    expect(detectedType(new Uint8Array(0))).toBeNull();
  });
});

describe('what is no such file', () => {
  test('a film that claims more frames than there are atoms is read in a moment', async () => {
    const ranges = rangesOf(boastfulFilm());
    expect(await reader.read(ranges)).toMatchObject({ detected: 'video/mp4' });
    expect(ranges.asked).toBeLessThan(10_000);
  });

  test('boxes without end, and boxes within boxes within boxes, are given up', async () => {
    let deep = box('moov');
    for (let i = 0; i < 2000; i++) deep = box('moov', deep);
    const many = Buffer.concat([box('ftyp', ascii('isom')), ...Array<Buffer>(5000).fill(box('free'))]);
    for (const file of [Buffer.concat([box('ftyp', ascii('isom')), deep]), many])
      expect((await reader.read(rangesOf(file))).problem).toBe('too many boxes');
  });

  test('no bytes of any kind throw', async () => {
    const starts = [
      '\u00ff\u00d8\u00ff\u00e1',
      '\u0089PNG\r\n\u001a\n',
      'RIFF\0\0\0\0WEBP',
      'II*\0',
      '\0\0\0\u000cftypisom',
      '\u001aE\u00df\u00a3',
    ];
    const body = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(new Uint8Array(600).fill(0xff)));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), body, async (start, rest) => {
        const facts = await readFacts(rangesOf(Buffer.concat([ascii(start), rest])));
        expect(facts.detected).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  test('nor does a good file with bytes changed in it', async () => {
    const files = [jpeg(), boastfulFilm(), await film('b.mkv', ['-c:v', 'mpeg4', '-frames:v', '1'])];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (file, changes) => {
          const bytes = Buffer.from(file);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          await readFacts(rangesOf(bytes));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('a file that cannot be read costs its own facts, and the next one is read', async () => {
    const gone = { size: 100, read: () => Promise.reject(new Error('gone')) };
    expect((await reader.read(gone)).problem).not.toBeNull();
    expect((await reader.read(rangesOf(jpeg()))).problem).toBeNull();
  });

  test('one that never comes is given up after a while, and the next one is read', async () => {
    const hasty = createFactsReader(500);
    const never = { size: 100, read: () => new Promise<Uint8Array>(() => undefined) };
    expect((await hasty.read(never)).problem).toContain('too long');
    await hasty.close();
    const next = createFactsReader();
    expect((await next.read(rangesOf(jpeg()))).problem).toBeNull();
    await next.close();
  });
});
