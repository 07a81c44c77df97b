/** The text of a head, to the byte, and back: only the one form that a head has is taken. */
import { utf8Encode } from '../bytes/utf8.ts';
import { isZero } from '../bytes/zero.ts';
import { Problem } from '../problem/problem.ts';
import { CLOSING_BYTES } from './closing.ts';
import { entryClass, entryLength, MAX_ENTRY_CLASS } from './entry.ts';
import { FILE_KEY_BYTES, TAG_BYTES } from './file-key.ts';
import { MAX_PARITY } from './parity.ts';

/** See head.ts. Its arrays are views of one text. */
export interface Head {
  /** The day on which the parcel was begun. */
  readonly day: string;
  /** In the order of the layout, without the message. */
  readonly files: readonly { readonly tag: Uint8Array; readonly entry: Uint8Array }[];
  /** See parity.ts. */
  readonly parity: readonly Uint8Array[];
  /** See closing.ts. */
  readonly closing: Uint8Array;
}

const VERSION = 1;
const DAY_BYTES = 10;
/** Version, day, number of files (4 bytes, big-endian), number of parity sums. */
const START_BYTES = 1 + DAY_BYTES + 4 + 1;
const MAX_FILES = 1_000_000;
/** The shortest text: below it the number of files does not show in the length. */
const SHORTEST = 65_536;

/** The text of a head, filled up with zeros to a power of two. Problem `limit-exceeded` for no file or too many. */
export function encodeHead({ day, files, parity, closing }: Head): Uint8Array<ArrayBuffer> {
  if (files.length === 0 || files.length > MAX_FILES) throw new Problem('limit-exceeded');
  const used = files.reduce(
    (sum, { entry }) => sum + TAG_BYTES + 1 + entry.length,
    START_BYTES + parity.length * FILE_KEY_BYTES + CLOSING_BYTES,
  );
  const text = new Uint8Array(textLength(used));
  text[0] = VERSION;
  text.set(utf8Encode(day), 1);
  new DataView(text.buffer).setUint32(1 + DAY_BYTES, files.length);
  text[START_BYTES - 1] = parity.length;
  let at = START_BYTES;
  function put(bytes: Uint8Array): void {
    text.set(bytes, at);
    at += bytes.length;
  }
  parity.forEach(put);
  put(closing);
  for (const { tag, entry } of files) {
    put(tag);
    text[at++] = entryClass(entry.length);
    put(entry);
  }
  return text;
}

/** The head that a text is of. Problem `ledger-damaged` for anything that encodeHead does not write. */
export function decodeHead(text: Uint8Array): Head {
  let at = 0;
  function take(length: number): Uint8Array {
    if (length > text.length - at) throw new Problem('ledger-damaged');
    at += length;
    return text.subarray(at - length, at);
  }
  const start = take(START_BYTES);
  const day = readDay(start.subarray(1, 1 + DAY_BYTES));
  const count = new DataView(start.buffer, start.byteOffset).getUint32(1 + DAY_BYTES);
  const sums = start[START_BYTES - 1]!;
  if (start[0] !== VERSION || count === 0 || count > MAX_FILES || sums > MAX_PARITY)
    throw new Problem('ledger-damaged');
  const parity = Array.from({ length: sums }, () => take(FILE_KEY_BYTES));
  const closing = take(CLOSING_BYTES);
  const files: Head['files'][number][] = [];
  for (let i = 0; i < count; i++) {
    const tag = take(TAG_BYTES);
    const size = take(1)[0]!;
    if (size > MAX_ENTRY_CLASS) throw new Problem('ledger-damaged');
    files.push({ tag, entry: take(entryLength(size)) });
  }
  if (text.length !== textLength(at) || !isZero(text.subarray(at))) throw new Problem('ledger-damaged');
  return { day, files, parity, closing };
}

function readDay(bytes: Uint8Array): string {
  const day = String.fromCharCode(...bytes);
  const time = Date.parse(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day)
    throw new Problem('ledger-damaged');
  return day;
}

function textLength(used: number): number {
  let length = SHORTEST;
  while (length < used) length *= 2;
  return length;
}
