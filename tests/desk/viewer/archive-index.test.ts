/** The index of a parcel's files against the reader that reads everything: the same files, whole or not, wherever parts are missing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createArchiveIndex } from '../../../desk/viewer-server/archive-index.ts';
import type { ArchiveIndex } from '../../../desk/viewer-server/archive-index.ts';
import type { ParcelStream } from '../../../desk/viewer-server/parcel-stream.ts';
import { FILES_FOLDER } from '../../../shared/parcel/bag.ts';
import { fileLists } from '../../kit/arbitrary-files.ts';
import { PARCEL, readBack, testParcel } from '../../kit/parcel-stream.ts';
import { patternBytes } from '../../kit/random-bytes.ts';

const CHUNK = 1_024;
const PART = 4 * CHUNK;

/** A stream in memory of which some parts are not here; it counts what is read. */
function streamOf(bytes: Uint8Array, missing: ReadonlySet<number>): ParcelStream & { reads: () => number } {
  const isHere = (part: number) => !missing.has(part);
  let chunks = 0;
  return {
    size: bytes.length,
    async at(offset) {
      await Promise.resolve();
      if (!isHere(Math.floor(offset / PART))) return null;
      chunks++;
      return bytes.subarray(offset, offset - (offset % CHUNK) + CHUNK);
    },
    // oxlint-disable-next-line require-yield -- the index reads by places alone
    async *read() {
      await Promise.reject(new Error('not asked for'));
    },
    gap(from, to) {
      for (let part = Math.floor(from / PART); part * PART < to; part++)
        if (!isHere(part)) return Math.max(from, part * PART);
      return null;
    },
    resume(from) {
      for (let part = Math.floor(from / PART); part * PART < bytes.length; part++)
        if (isHere(part)) return Math.max(from, part * PART);
      return bytes.length;
    },
    reads: () => chunks,
  };
}

async function finished(index: ArchiveIndex): Promise<ArchiveIndex> {
  while (index.reading() !== null) await index.changed();
  return index;
}

const never = (error: unknown): never => {
  throw error;
};

describe('the index', () => {
  test('equals what the tar reader finds, in whole parcels and in those with gaps', async () => {
    await fc.assert(
      fc.asyncProperty(fileLists(12), fc.array(fc.nat(40), { maxLength: 6 }), async (files, gaps) => {
        const { stream } = await testParcel(files, 'a message');
        const missing = new Set(gaps);
        const stretches = [];
        for (let part = 0; part * PART < stream.length; part++)
          if (!missing.has(part)) stretches.push({ from: part * PART, to: Math.min(stream.length, (part + 1) * PART) });
        const expected = readBack(stream, stretches)
          .files.filter(({ place }) => place === 'file')
          .map(({ path, size, start, complete }) => ({ path, size, start, whole: complete }));
        const { files: found } = await finished(createArchiveIndex(PARCEL, streamOf(stream, missing), never));
        expect(
          found.map(({ path, size, start, whole }) => ({ path: FILES_FOLDER + path, size, start, whole })),
        ).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  test('reads the first bytes of a large file, and passes over the rest', async () => {
    const { stream } = await testParcel([
      { path: 'large.bin', content: patternBytes(2_000_000, 1) },
      { path: 'small.txt', content: new TextEncoder().encode('text') },
    ]);
    const memory = streamOf(stream, new Set());
    const { files } = await finished(createArchiveIndex(PARCEL, memory, never));
    expect(files.map(({ path, kind }) => [path, kind.kind])).toEqual([
      ['large.bin', 'other'],
      ['small.txt', 'text'],
    ]);
    expect(memory.reads()).toBeLessThan(12);
  });

  test('ends at damage, with what came before it', async () => {
    const { stream } = await testParcel([
      { path: 'a.txt', content: patternBytes(3_000, 1) },
      { path: 'b.txt', content: patternBytes(3_000, 2) },
    ]);
    const [, second] = readBack(stream).files.filter(({ place }) => place === 'file');
    const broken = stream.slice();
    broken[second!.start - 100]! ^= 0xff;
    const index = await finished(createArchiveIndex(PARCEL, streamOf(broken, new Set()), never));
    expect(index.files.map(({ path }) => path)).toEqual(['a.txt']);
    expect(index.cut()).toBe('damaged');
  });
});
