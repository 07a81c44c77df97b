/** A file as the readers of facts see it: ranges, of which only so many are given, so that no file can make them read for ever. */

/** Any place that gives ranges of a file. */
export interface Ranges {
  readonly size: number;
  read(from: number, to: number): Promise<Uint8Array>;
}

/** Thrown when a file has had its share of reading, or is not what it claims to be. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** A range at a time is read ahead: readers ask for a few bytes here and there. */
const WINDOW = 65_536;
const MOST_READS = 2048;
/** The longest range that a reader may have in one piece. */
export const MOST_AT_ONCE = 1_048_576;

/** See {@link meter}. */
export interface Source {
  readonly size: number;
  /** The bytes from `at` on, fewer than `length` only at the end of the file. */
  bytes(at: number, length: number): Promise<Uint8Array>;
  /** As `bytes`, but all or `Unreadable`. */
  exactly(at: number, length: number): Promise<DataView>;
}

/** Puts a meter on `ranges`. */
export function meter(ranges: Ranges, mostReads = MOST_READS): Source {
  let reads = 0;
  let window = { from: 0, bytes: new Uint8Array(0) };

  async function bytes(at: number, length: number): Promise<Uint8Array> {
    if (!Number.isSafeInteger(at) || at < 0 || length < 0 || length > MOST_AT_ONCE) throw new Unreadable('range');
    const to = Math.min(at + length, ranges.size);
    if (at >= to) return new Uint8Array(0);
    if (at < window.from || to > window.from + window.bytes.length) {
      if (++reads > mostReads) throw new Unreadable('too many places');
      window = {
        from: at,
        bytes: new Uint8Array(await ranges.read(at, Math.min(ranges.size, Math.max(to, at + WINDOW)))),
      };
    }
    return window.bytes.subarray(at - window.from, to - window.from);
  }

  return {
    size: ranges.size,
    bytes,
    async exactly(at, length) {
      const found = await bytes(at, length);
      if (found.length < length) throw new Unreadable('cut off');
      return new DataView(found.buffer, found.byteOffset, found.length);
    },
  };
}
