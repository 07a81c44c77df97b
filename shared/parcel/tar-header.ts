/**
 * Tar headers (POSIX.1-2001 ustar and pax), one canonical form for each file: encode and parse are inverse to each other, and whatever
 * this file would not have written is refused. Regular files only, mode 0644, no owner, at most one pax header before each file.
 */
import { Problem } from '../problem/problem.ts';
import { utf8Encode } from '../bytes/utf8.ts';
import { isAscii, utf8Length } from './utf8-length.ts';
import { decimalSeconds, record, recordLength } from './pax-records.ts';
import type { PaxRecords } from './pax-records.ts';

/** A file of the archive: `path` from the parcel's folder on (`<parcel>/data/…`), `size` in bytes, `modified` in milliseconds since 1970. */
export interface TarEntry {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/** What one ustar block says. `name` is its name field; `size` and `seconds` are its own, before any pax record. */
export interface UstarBlock {
  readonly type: 'file' | 'pax';
  readonly name: string;
  readonly size: number;
  readonly seconds: number;
}

export const BLOCK = 512;
const MOST_OCTAL = 8 ** 11 - 1;
const NAME_LENGTH = 100;
const CHECKSUM_AS_SPACES = 8 * 0x20;
/** Stands in the template where blocks differ; no byte that is written. */
const ANY = 0xff;
const TEMPLATE = template();

/** Bytes of everything before the data of `entry`: 512 without a pax header; with one, 1,024 and the records filled up to a block. */
export function headerLength(entry: TarEntry): number {
  const need = needs(entry);
  const records =
    (need.mtime ? recordLength('mtime', decimalSeconds(entry.modified).length) : 0) +
    (need.path ? recordLength('path', utf8Length(entry.path)) : 0) +
    (need.size ? recordLength('size', String(entry.size).length) : 0);
  return records === 0 ? BLOCK : 2 * BLOCK + roundUp(records);
}

/** The header of the `ordinal`-th file (counted from 0) of a parcel: {@link headerLength} bytes. */
export function encodeHeader(entry: TarEntry, ordinal: number): Uint8Array<ArrayBuffer> {
  const need = needs(entry);
  const size = need.size ? 0 : entry.size;
  const seconds = ustarSeconds(entry.modified);
  if (!need.path && !need.mtime) {
    const header = new Uint8Array(BLOCK);
    writeBlock(header, 'file', entry.path, size, seconds);
    return header;
  }
  const records = utf8Encode(
    (need.mtime ? record('mtime', decimalSeconds(entry.modified)) : '') +
      (need.path ? record('path', entry.path) : '') +
      (need.size ? record('size', String(entry.size)) : ''),
  );
  const header = new Uint8Array(2 * BLOCK + roundUp(records.length));
  const parcel = topFolder(entry.path);
  writeBlock(header.subarray(0, BLOCK), 'pax', paxName(parcel, ordinal), records.length, 0);
  header.set(records, BLOCK);
  const name = need.path ? stubName(parcel, ordinal) : entry.path;
  writeBlock(header.subarray(header.length - BLOCK), 'file', name, size, seconds);
  return header;
}

/** The name of the pax header before the `ordinal`-th file. */
export function paxName(parcel: string, ordinal: number): string {
  return `${parcel}/PaxHeaders/${ordinal}`;
}

/** The number of the file that a pax header of this name stands before; -1 when it is not a name that {@link paxName} gives. */
export function paxOrdinal(parcel: string, name: string): number {
  const ordinal = Number(name.slice(paxName(parcel, 0).length - 1));
  return Number.isSafeInteger(ordinal) && ordinal >= 0 && name === paxName(parcel, ordinal) ? ordinal : -1;
}

/** The name in the ustar block of the `ordinal`-th file when its true name stands in the pax header. */
export function stubName(parcel: string, ordinal: number): string {
  return `${parcel}/unnamed/${ordinal}`;
}

/**
 * Reads one 512-byte block, which must not be all zeros. Problem `tar-damaged` when its checksum or any field is not as this file writes
 * it, `tar-entry-refused` when it is anything but a plain file or a pax header of one file.
 */
export function parseBlock(block: Uint8Array): UstarBlock {
  let sum = CHECKSUM_AS_SPACES;
  let odd = 0;
  for (let i = 0; i < NAME_LENGTH; i++) sum += block[i]!;
  for (let i = NAME_LENGTH; i < BLOCK; i++) {
    const byte = block[i]!;
    const expected = TEMPLATE[i]!;
    sum += byte;
    if (expected !== ANY) odd |= byte ^ expected;
  }
  for (let i = 148; i < 156; i++) sum -= block[i]!;
  if (readOctal(block, 148, 6) !== sum) throw new Problem('tar-damaged', { reason: 'checksum' });
  const flag = block[156]!;
  if (flag !== 0x30 && flag !== 0x78) throw new Problem('tar-entry-refused', { type: flag });
  if (odd !== 0) throw new Problem('tar-damaged', { reason: 'field' });
  const type = flag === 0x30 ? 'file' : 'pax';
  const size = readOctal(block, 124, 11);
  const seconds = readOctal(block, 136, 11);
  if (size < 0 || seconds < 0 || (type === 'pax' && seconds !== 0))
    throw new Problem('tar-damaged', { reason: 'field' });
  return { type, name: readName(block), size, seconds };
}

/**
 * Joins the block of the `ordinal`-th file with the records of the pax header before it (null when there is none).
 * Problem `tar-damaged` when the two do not fit together the way they are written.
 */
export function joinHeader(block: UstarBlock, records: PaxRecords | null, ordinal: number): TarEntry {
  if (records === null) return { path: block.name, size: block.size, modified: block.seconds * 1000 };
  const entry = {
    path: records.path ?? block.name,
    size: records.size ?? block.size,
    modified: records.modified ?? block.seconds * 1000,
  };
  const need = needs(entry);
  const asWritten =
    need.path === (records.path !== null) &&
    need.size === (records.size !== null) &&
    need.mtime === (records.modified !== null) &&
    block.seconds === ustarSeconds(entry.modified) &&
    (!need.size || block.size === 0) &&
    (!need.path || block.name === stubName(topFolder(entry.path), ordinal));
  if (!asWritten) throw new Problem('tar-damaged', { reason: 'pax' });
  return entry;
}

/** Which fields of the ustar block cannot hold what they should, so that a pax record has to. */
function needs(entry: TarEntry): { readonly path: boolean; readonly size: boolean; readonly mtime: boolean } {
  const size = entry.size > MOST_OCTAL;
  return {
    path: size || entry.path.length > NAME_LENGTH || !isAscii(entry.path),
    size,
    mtime: entry.modified % 1000 !== 0 || entry.modified < 0 || entry.modified > MOST_OCTAL * 1000,
  };
}

/** The whole seconds that the ustar block holds: what it can of the true time. */
function ustarSeconds(modified: number): number {
  return Math.min(Math.max(Math.floor(modified / 1000), 0), MOST_OCTAL);
}

function topFolder(path: string): string {
  return path.slice(0, path.indexOf('/'));
}

/** `size` filled up to whole blocks. */
export function roundUp(size: number): number {
  const over = size % BLOCK;
  return over === 0 ? size : size - over + BLOCK;
}

/** A block with every constant byte of a plain file in place and {@link ANY} where it differs from file to file. */
function template(): Uint8Array {
  const block = new Uint8Array(BLOCK);
  writeText(block, 100, '0000644\0' + '0000000\0' + '0000000\0');
  block.fill(ANY, 124, 135);
  block.fill(ANY, 136, 147);
  block.fill(ANY, 148, 154);
  writeText(block, 154, '\0 ');
  block[156] = ANY;
  writeText(block, 257, 'ustar\0' + '00');
  writeText(block, 329, '0000000\0' + '0000000\0');
  return block;
}

function writeBlock(block: Uint8Array, type: 'file' | 'pax', name: string, size: number, seconds: number): void {
  block.set(TEMPLATE);
  writeText(block, 0, name);
  writeOctal(block, 124, 11, size);
  writeOctal(block, 136, 11, seconds);
  block[156] = type === 'file' ? 0x30 : 0x78;
  writeOctal(block, 148, 6, checksum(block));
}

/** The sum of all bytes, those of the checksum itself taken as spaces. */
function checksum(block: Uint8Array): number {
  let sum = CHECKSUM_AS_SPACES;
  for (let i = 0; i < 148; i++) sum += block[i]!;
  for (let i = 156; i < BLOCK; i++) sum += block[i]!;
  return sum;
}

function writeText(block: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) block[at + i] = text.charCodeAt(i);
}

function writeOctal(block: Uint8Array, at: number, digits: number, value: number): void {
  let rest = value;
  for (let i = digits - 1; i >= 0; i--) {
    block[at + i] = 0x30 + (rest % 8);
    rest = Math.floor(rest / 8);
  }
}

/** The number in a field of `digits` octal digits; -1 when one is not a digit. */
function readOctal(block: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = block[i]! - 0x30;
    if (digit < 0 || digit > 7) return -1;
    value = value * 8 + digit;
  }
  return value;
}

/** The name field: ASCII, filled up with NUL. */
function readName(block: Uint8Array): string {
  let name = '';
  let i = 0;
  for (; i < NAME_LENGTH && block[i] !== 0; i++) {
    if (block[i]! >= 0x80) throw new Problem('tar-damaged', { reason: 'name' });
    name += String.fromCharCode(block[i]!);
  }
  for (; i < NAME_LENGTH; i++) if (block[i] !== 0) throw new Problem('tar-damaged', { reason: 'name' });
  return name;
}
