/** SHA-512 of files on their way out of the archive: large ones in a thread, over memory that is used again as soon as the sink is settled. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSha512Sink } from '../../desk/case/sha512-sink.ts';
import type { FoundFile } from '../../shared/parcel/tar-reader.ts';

const MIB = 1_048_576;
const file = (path: string, size: number): FoundFile => ({ path, place: 'file', size, modified: 0, start: 0 });

test('large and small files have the hashes they should, and one that did not come whole has none', async () => {
  const sink = createSha512Sink();
  const memory = new Uint8Array(new SharedArrayBuffer(MIB));
  const expected = new Map<string, string>();
  try {
    for (const [path, stretches, complete] of [
      ['data/files/first.mov', 3, true],
      ['data/files/cut.mov', 2, false],
      ['data/files/second.mov', 2, true],
      ['data/files/note.txt', 0.5, true],
      ['data/files/empty.txt', 0, true],
    ] as const) {
      const entry = file(path, stretches * MIB);
      const hash = createHash('sha512');
      sink.take({ kind: 'entry', entry });
      for (let at = 0; at < entry.size; at += MIB) {
        const bytes = memory.subarray(0, Math.min(MIB, entry.size - at)).fill(path.length + at / MIB);
        hash.update(bytes);
        sink.take({ kind: 'data', entry, offset: at, bytes });
        await sink.settled();
      }
      sink.take({ kind: 'end', entry, complete });
      if (complete) expected.set(path, hash.digest('hex'));
    }
    await sink.settled();
    expect(new Map(sink.hashes())).toEqual(expected);
  } finally {
    await sink.close();
  }
});
