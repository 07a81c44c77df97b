/** Holds the payload files that came against the lines of payload status and manifest. Files come first, then status, then manifest. */
import { Problem } from '../problem/problem.ts';
import { equalBytes } from '../bytes/equal.ts';
import { toHex } from '../bytes/hex.ts';
import type { FileReport, Verdict } from './bag-report.ts';
import { createFileList } from './file-list.ts';
import { MAX_FILES, MAX_MANIFEST_SIZE } from './limits.ts';
import { createNameTable } from './name-table.ts';
import type { NameTable } from './name-table.ts';
import type { ReadStatus } from './payload-status.ts';

/** See {@link createPayloadCheck}. */
export interface PayloadCheck {
  /** A file begins. Problem `limit-exceeded` when all paths are longer together than a manifest may be. */
  begin(path: string, size: number, modified: number): void;
  /** The file begun last has come: its hash, or null when a part of it is missing. */
  end(sha256: Uint8Array | null): void;
  /** The next line of the manifest; `read` is its line of the payload status, null when that is not here. Problem `bag-damaged` for a second line of one file. */
  line(path: string, sha256: Uint8Array, read: ReadStatus | null): void;
  /** The manifest has come to its end, whole. */
  allListed(): void;
  readonly totals: () => { readonly files: number; readonly bytes: number };
  files(): Generator<FileReport, void, undefined>;
  counts(): Record<Verdict, number>;
}

const VERDICTS = [
  'arrived',
  'incomplete',
  'whole',
  'differs',
  'source-could-not-read',
  'source-changed',
  'not-listed',
] as const satisfies Verdict[];
const ARRIVED = VERDICTS.indexOf('arrived');
const INCOMPLETE = VERDICTS.indexOf('incomplete');
const READ_VERDICT = {
  whole: 'whole',
  unreadable: 'source-could-not-read',
  changed: 'source-changed',
} as const satisfies Record<ReadStatus, Verdict>;
/** Set in a mark when the manifest has a line for the file. */
const LISTED = 0x80;

/** A check of no files so far. */
export function createPayloadCheck(): PayloadCheck {
  const list = createFileList();
  const missing: string[] = [];
  let bytes = 0;
  let pathBytes = 0;
  /** The file that the next line is likely to be about. */
  let next = 0;
  let table: NameTable | null = null;

  /** The number of the file with this path, -1 for none. Manifest and archive keep the same order: as a rule it is the next one. */
  function fileOf(path: string): number {
    if (next < list.count() && list.path(next) === path) return next;
    if (table === null) {
      table = createNameTable(2 * MAX_FILES);
      for (let i = 0; i < list.count(); i++) table.add(list.path(i));
    }
    const index = table.find(path);
    return index >= 0 && list.path(index) === path ? index : -1;
  }

  function verdictOf(index: number): Verdict {
    return VERDICTS[list.mark(index) & ~LISTED]!;
  }

  return {
    begin(path, size, modified) {
      const index = list.add(path, size, modified);
      bytes += size;
      pathBytes += list.pathLength(index);
      if (pathBytes > MAX_MANIFEST_SIZE) throw new Problem('limit-exceeded');
    },
    end(sha256) {
      const index = list.count() - 1;
      if (sha256 === null) list.setMark(index, INCOMPLETE);
      else list.hash(index).set(sha256);
    },
    line(path, sha256, read) {
      const index = fileOf(path);
      if (index < 0) {
        missing.push(path);
        return;
      }
      next = index + 1;
      const mark = list.mark(index);
      if ((mark & LISTED) !== 0) throw new Problem('bag-damaged', { reason: 'manifest' });
      list.setMark(
        index,
        LISTED | (mark === INCOMPLETE ? INCOMPLETE : VERDICTS.indexOf(judge(list.hash(index), sha256, read))),
      );
    },
    allListed() {
      for (let i = 0; i < list.count(); i++)
        if (list.mark(i) === ARRIVED) list.setMark(i, VERDICTS.indexOf('not-listed'));
    },
    totals: () => ({ files: list.count(), bytes }),
    *files() {
      for (let i = 0; i < list.count(); i++) {
        const verdict = verdictOf(i);
        const sha256 = verdict === 'incomplete' ? null : toHex(list.hash(i));
        yield { path: list.path(i), verdict, size: list.size(i), modified: list.modified(i), sha256 };
      }
      for (const path of missing) yield { path, verdict: 'missing', size: null, modified: null, sha256: null };
    },
    counts() {
      const counts = {
        whole: 0,
        'source-could-not-read': 0,
        'source-changed': 0,
        differs: 0,
        'not-listed': 0,
        arrived: 0,
        incomplete: 0,
        missing: missing.length,
      };
      for (let i = 0; i < list.count(); i++) counts[verdictOf(i)]++;
      return counts;
    },
  };
}

function judge(found: Uint8Array, listed: Uint8Array, read: ReadStatus | null): (typeof VERDICTS)[number] {
  if (!equalBytes(found, listed)) return 'differs';
  return read === null ? 'arrived' : READ_VERDICT[read];
}
