/** Reads a manifest as it comes, line by line, holding no more than one line. */
import { Problem } from '../problem/problem.ts';
import { concat } from '../bytes/concat.ts';
import { utf8Decode } from '../bytes/utf8.ts';
import { parseManifestLine } from './bag.ts';
import { MAX_PATH_BYTES } from './limits.ts';

/** The longest line: hash, two spaces, and a path every byte of which is percent-encoded. */
const MAX_LINE = 64 + 2 + 3 * (MAX_PATH_BYTES + 64);

/** See {@link createManifestReader}. */
export interface ManifestReader {
  /** The lines that are whole now. Problem `bag-damaged`. */
  push(bytes: Uint8Array): Generator<{ readonly sha256: Uint8Array; readonly path: string }, void, undefined>;
  /** Whether what came so far ends where a line ends. */
  finished(): boolean;
}

/** A reader at the start of a manifest. */
export function createManifestReader(): ManifestReader {
  let rest: Uint8Array = new Uint8Array(0);
  return {
    *push(bytes) {
      let at = 0;
      for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, at)) {
        const line = rest.length === 0 ? bytes.subarray(at, end) : concat(rest, bytes.subarray(at, end));
        rest = new Uint8Array(0);
        at = end + 1;
        if (line.length > MAX_LINE) throw new Problem('bag-damaged', { reason: 'manifest' });
        yield parseManifestLine(text(line));
      }
      if (rest.length + bytes.length - at > MAX_LINE) throw new Problem('bag-damaged', { reason: 'manifest' });
      if (at < bytes.length) rest = concat(rest, bytes.subarray(at));
    },
    finished: () => rest.length === 0,
  };
}

function text(line: Uint8Array): string {
  try {
    return utf8Decode(line);
  } catch {
    throw new Problem('bag-damaged', { reason: 'manifest' });
  }
}
