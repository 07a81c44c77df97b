/** What a source sends in tests of going on, as it was chosen first and as it lies on another stick; and what must arrive. Not a test. */
import { expect } from 'vitest';
import type { PickedFile } from '../../../client/upload/submission-types.ts';
import { sampleRanges } from '../../../shared/ledger/sampling.ts';
import { patternBytes } from '../../kit/random-bytes.ts';
import type { TestServer } from '../../kit/test-server.ts';
import { MIB } from './reboot.ts';
import { readArrived } from './run-engine.ts';

export type Contents = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/** Ten parts of 1 MiB. */
export const CONTENTS: Contents = {
  'папка/видео.mp4': patternBytes(6 * MIB + 12_345, 1),
  'empty.txt': new Uint8Array(0),
  'a/same.jpg': patternBytes(300_000, 2),
  'b/same.jpg': patternBytes(300_000, 2),
  'notes/1.txt': patternBytes(700, 3),
  'notes/2.txt': patternBytes(700, 3),
  'notes/3.txt': patternBytes(99_000, 4),
  'b/clip.mov': patternBytes(3 * MIB + 1, 5),
};
export const MODIFIED = 1_700_000_000_123;
/** Files as a person chooses them. */
export function picks(contents: Contents, folder = '', modified = MODIFIED): PickedFile[] {
  return Object.entries(contents).map(([path, bytes]) => {
    const file = new File([bytes], path.split('/').at(-1)!, { lastModified: modified });
    return { path: folder + path, file };
  });
}
/** The same files, copied to another stick. */
export const elsewhere = (contents: Contents = CONTENTS) =>
  picks(contents, 'stick/backup/', 1_710_000_000_000).reverse();

export const VIDEO = 'папка/видео.mp4';
/** Without these files. */
export const without = (...paths: readonly string[]): Contents =>
  Object.fromEntries(Object.entries(CONTENTS).filter(([path]) => !paths.includes(path)));
/** With one byte of a file changed. */
export function edited(path: string, at: number): Contents {
  const bytes = CONTENTS[path]!.slice();
  bytes[at]! ^= 1;
  return { ...CONTENTS, [path]: bytes };
}
/** With zeros in a stretch of it. */
export const zeroed = (bytes: Uint8Array, from: number, to = bytes.length): Uint8Array<ArrayBuffer> => {
  const copy = new Uint8Array(bytes);
  copy.fill(0, from, to);
  return copy;
};
/** A byte that no fingerprint looks at, near this one. */
export function unsampled(path: string, near: number): number {
  const ranges = sampleRanges(CONTENTS[path]!.length);
  for (let at = near; ; at++) if (ranges.every(({ from, to }) => at < from || at >= to)) return at;
}

/** The bag is valid, has these files to the byte, and all others are whole but for `verdicts`. */
export async function expectArrived(
  server: TestServer,
  parcel: string,
  total: number,
  contents: Contents,
  verdicts: Readonly<Record<string, number>> = {},
): Promise<void> {
  const { files, report } = await readArrived(server, parcel, Math.ceil(total / MIB));
  expect(report.valid).toBe(true);
  const payload = files.filter(({ path }) => path.startsWith('data/'));
  const others = Object.values<number>(verdicts).reduce((sum, count) => sum + count, 0);
  expect(Object.fromEntries(Object.entries(report.counts).filter(([, count]) => count > 0))).toEqual({
    whole: payload.length - others,
    ...verdicts,
  });
  for (const [path, bytes] of Object.entries(contents)) {
    const file = files.find((one) => one.path === `data/files/${path}`)!;
    expect(file.modified).toBe(MODIFIED);
    expect(Buffer.compare(file.content, bytes)).toBe(0);
  }
}
