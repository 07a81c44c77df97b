/** The text of a progress record, to the byte, and back: only the one form that a record has is taken. */
import { isZero } from '../bytes/zero.ts';
import { checkMidstate } from '../crypto/streaming-sha256.ts';
import type { Midstate } from '../crypto/streaming-sha256.ts';
import { Problem } from '../problem/problem.ts';

/** Numbers are those of payload files: the message, if there is one, is 0. */
export interface RunningHash {
  readonly index: number;
  /** SHA-256 of the file up to a boundary of parts. */
  readonly midstate: Midstate;
}

/** Each list is in rising order. */
export interface ProgressRecord {
  /** Which browser sent the part (its claim): a file all of whose parts came from one is of one version. */
  readonly writer: number;
  /**
   * The file that came over from the part before, and its SHA-256 up to here; null when none did. Parts do not finish in order: the one
   * before may have to be sent again, and then this tells whether its bytes are still the same.
   */
  readonly before: RunningHash | null;
  /** The file that goes on in the next part, and its SHA-256 up to there; null when none does. */
  readonly running: RunningHash | null;
  /** SHA-256 of the files that end in this part: those of more than SAMPLED bytes, and smaller ones of which the ledger has another. */
  readonly ended: readonly { readonly index: number; readonly sha256: Uint8Array }[];
  /** Files that were given up in this part: from byte `at` on they are zeros. */
  readonly cuts: readonly { readonly index: number; readonly at: number }[];
  /** Runs of files of at most SAMPLED bytes, `first` and `last` included, of which nothing could be read: all zeros. */
  readonly zeros: readonly { readonly first: number; readonly last: number }[];
}

/** Bytes of every record's text, so that a record's length tells nothing. In a header, base64, it stays below 8 KiB with the statement. */
export const RECORD_BYTES = 3_200;

/** All numbers are big-endian: a writer's and a file's in 3 bytes, a place within a file in 7, how many there are of something in 2. */
const WRITER = 3;
const INDEX = 3;
const OFFSET = 7;
const COUNT = 2;
const HASH = 32;

/** The text of a record, filled up with zeros; null when it does not fit. */
export function encodeRecord({
  writer,
  before,
  running,
  ended,
  cuts,
  zeros,
}: ProgressRecord): Uint8Array<ArrayBuffer> | null {
  const used =
    WRITER +
    [before, running].reduce((sum, one) => sum + 1 + (one === null ? 0 : INDEX + OFFSET + HASH), 0) +
    3 * COUNT +
    ended.length * (INDEX + HASH) +
    cuts.length * (INDEX + OFFSET) +
    zeros.length * 2 * INDEX;
  if (used > RECORD_BYTES) return null;
  const text = new Uint8Array(RECORD_BYTES);
  let at = 0;
  function put(value: number, length: number): void {
    for (let i = length - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) text[at + i] = rest % 256;
    at += length;
  }
  function putBytes(bytes: Uint8Array): void {
    text.set(bytes, at);
    at += bytes.length;
  }
  put(writer, WRITER);
  for (const one of [before, running]) {
    put(one === null ? 0 : 1, 1);
    if (one === null) continue;
    put(one.index, INDEX);
    put(one.midstate.length, OFFSET);
    putBytes(one.midstate.state);
  }
  put(ended.length, COUNT);
  for (const { index, sha256 } of ended) {
    put(index, INDEX);
    putBytes(sha256);
  }
  put(cuts.length, COUNT);
  for (const cut of cuts) {
    put(cut.index, INDEX);
    put(cut.at, OFFSET);
  }
  put(zeros.length, COUNT);
  for (const { first, last } of zeros) {
    put(first, INDEX);
    put(last, INDEX);
  }
  return text;
}

/** The record that a text is of. Problem `ledger-damaged` for anything that encodeRecord does not write. */
export function decodeRecord(text: Uint8Array): ProgressRecord {
  if (text.length !== RECORD_BYTES) throw new Problem('ledger-damaged');
  let at = 0;
  function take(length: number): Uint8Array {
    if (length > text.length - at) throw new Problem('ledger-damaged');
    at += length;
    return text.slice(at - length, at);
  }
  function number(length: number): number {
    const value = take(length).reduce((sum, byte) => sum * 256 + byte, 0);
    if (!Number.isSafeInteger(value)) throw new Problem('ledger-damaged');
    return value;
  }
  function list<T>(read: () => T): T[] {
    return Array.from({ length: number(COUNT) }, read);
  }
  function runningHash(): RunningHash | null {
    const flag = number(1);
    if (flag > 1) throw new Problem('ledger-damaged');
    return flag === 0 ? null : { index: number(INDEX), midstate: { length: number(OFFSET), state: take(HASH) } };
  }
  const record: ProgressRecord = {
    writer: number(WRITER),
    before: runningHash(),
    running: runningHash(),
    ended: list(() => ({ index: number(INDEX), sha256: take(HASH) })),
    cuts: list(() => ({ index: number(INDEX), at: number(OFFSET) })),
    zeros: list(() => ({ first: number(INDEX), last: number(INDEX) })),
  };
  if (!isZero(text.subarray(at)) || !isOrdered(record)) throw new Problem('ledger-damaged');
  return record;
}

function isOrdered({ before, running, ended, cuts, zeros }: ProgressRecord): boolean {
  for (const one of [before, running]) {
    try {
      if (one !== null) checkMidstate(one.midstate);
    } catch {
      return false;
    }
  }
  const rising = (numbers: readonly number[]) => numbers.every((n, i) => i === 0 || numbers[i - 1]! < n);
  return (
    rising(ended.map(({ index }) => index)) &&
    rising(cuts.map(({ index }) => index)) &&
    rising(zeros.map(({ first }) => first)) &&
    zeros.every(({ first, last }, i) => first <= last && (i === 0 || zeros[i - 1]!.last < first))
  );
}
