/** The table says of any paths what a map of strings would. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNameTable } from '../../../shared/parcel/name-table.ts';

const name = fc.constantFrom('a', 'b', 'ab', 'é', '😀', 'x'.repeat(50));
const paths = fc.array(
  fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/')),
  { maxLength: 60 },
);

test('new paths, equal paths, and files that are folders', () => {
  fc.assert(
    fc.property(paths, (list) => {
      const table = createNameTable(1_000);
      const files = new Map<string, number>();
      const folders = new Set<string>();
      for (const path of list) {
        const names = path.split('/');
        const above = names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'));
        const clash = files.has(path) || folders.has(path) || above.some((folder) => files.has(folder));
        expect(table.add(path)).toBe(clash ? 'clash' : 'new');
        // A path that clashes is refused, and nothing is asked of the table after that.
        if (clash) return;
        for (const folder of above) folders.add(folder);
        files.set(path, files.size);
        for (const [file, index] of files) expect(table.find(file)).toBe(index);
        for (const folder of folders) expect(table.find(folder)).toBe(-1);
        expect(table.find(`${path}!`)).toBe(-1);
      }
    }),
    { numRuns: 500 },
  );
});

test('three hundred thousand names that differ little: none is taken for another', () => {
  const table = createNameTable(1_000_000);
  const count = 300_000;
  let fresh = 0;
  for (let i = 0; i < count; i++) if (table.add(`${i % 1_000}/IMG_${i}.JPG`) === 'new') fresh++;
  expect(fresh).toBe(count);
  for (let i = 0; i < count; i += 1_001) {
    expect(table.find(`${i % 1_000}/IMG_${i}.JPG`)).toBe(i);
    expect(table.find(`${i % 1_000}/IMG_${i}.jpg`)).toBe(-1);
  }
  expect(table.add('999/IMG_299999.JPG')).toBe('clash');
});

test('more folders than allowed', () => {
  const table = createNameTable(3);
  expect(table.add('a/b/c/x')).toBe('new');
  expect(table.add('a/b/c/y')).toBe('new');
  expect(table.add('d/x')).toBe('crowded');
});
