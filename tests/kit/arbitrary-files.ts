/** Lists of files for property tests: names from all of Unicode, sizes around block boundaries, times on both sides of 1970. */
import fc from 'fast-check';
import { cleanPath, distinctPaths } from '../../shared/parcel/path.ts';
import { patternBytes } from './random-bytes.ts';
import type { TestFile } from './parcel-stream.ts';

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 130 }),
  fc.stringMatching(/^[a-z0-9 .%~\\:\r\n-]{1,40}$/),
  fc.constantFrom('..', '.', 'a', 'b.mp4', '-rf', ' ', 'é'.repeat(127), 'x'.repeat(255), '100%', '%0A', 'a\nb', 'a\rb'),
);

/** Any text that a browser could hand over as a path. */
export const rawPath = fc.oneof(
  fc.array(name, { minLength: 1, maxLength: 6 }).map((names) => names.join('/')),
  fc.string({ unit: 'binary', maxLength: 200 }),
  // Lone surrogates and all.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) => String.fromCharCode(...units)),
);

/** Milliseconds, mostly as cameras and disks give them, now and then at the ends of what there is. */
export const modified = fc.oneof(
  fc.integer({ min: 1_000_000_000_000, max: 1_800_000_000_000 }),
  fc.integer({ min: 1_000_000_000, max: 1_800_000_000 }).map((seconds) => seconds * 1000),
  fc.integer({ min: -5_000_000, max: 5_000_000 }),
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
);

const size = fc.oneof(fc.constantFrom(0, 1, 511, 512, 513, 1024), fc.integer({ min: 0, max: 5_000 }));

/** Up to `most` files whose paths are clean and distinct. */
export function fileLists(most: number): fc.Arbitrary<TestFile[]> {
  return fc
    .array(fc.record({ path: rawPath, size, modified, lost: fc.boolean(), changed: fc.boolean() }), {
      minLength: 1,
      maxLength: most,
    })
    .map((files) => {
      const paths = distinctPaths(files.map(({ path }) => cleanPath(path).path));
      return files.map((file, i) => ({
        path: paths[i]!,
        content: patternBytes(file.size, i + 1),
        modified: file.modified,
        lost: file.lost,
        changed: file.changed,
      }));
    });
}
