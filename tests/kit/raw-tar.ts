/** Tar streams that no honest sender makes: any name, type, size or record, with checksums that are right. */
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { paddedSize } from '../../shared/parcel/padme.ts';
import { encodeHeader } from '../../shared/parcel/tar-header.ts';
import { PARCEL } from './parcel-stream.ts';

/** Sets the checksum of a block right. */
export function mend(block: Uint8Array): Uint8Array {
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(utf8Encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return block;
}

export interface RawFields {
  readonly name: string;
  readonly type?: string;
  readonly size?: number;
  /** Further bytes to set, by offset. */
  readonly set?: Readonly<Record<number, string>>;
}

/** One ustar block with these fields, the rest as an honest sender writes it. */
export function rawBlock({ name, type = '0', size = 0, set = {} }: RawFields): Uint8Array {
  const block = encodeHeader({ path: `${PARCEL}/x`, size, modified: 0 }, 0);
  block.fill(0, 0, 100);
  block.set(utf8Encode(name).subarray(0, 100));
  block.set(utf8Encode(type), 156);
  for (const [at, text] of Object.entries(set)) block.set(utf8Encode(text), Number(at));
  return mend(block);
}

/** A pax header with these records as they stand, for the file numbered `ordinal`. */
export function rawPax(records: string, ordinal: number, type = 'x'): Uint8Array[] {
  const bytes = utf8Encode(records);
  return [rawBlock({ name: `${PARCEL}/PaxHeaders/${ordinal}`, type, size: bytes.length }), blocks(bytes)];
}

/** A record with its right length. */
export function rawRecord(keyword: string, value: string): string {
  const rest = utf8Encode(` ${keyword}=${value}\n`).length;
  let length = rest + 1;
  while (rest + String(length).length !== length) length++;
  return `${length} ${keyword}=${value}\n`;
}

/** Bytes filled up to whole blocks with zeros. */
export function blocks(bytes: Uint8Array): Uint8Array {
  const filled = new Uint8Array(512 * Math.ceil(bytes.length / 512));
  filled.set(bytes);
  return filled;
}

/** The two files every bag begins with, as headers and data. */
export function bagBegin(): Uint8Array[] {
  const text = utf8Encode('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
  return [
    rawBlock({ name: `${PARCEL}/bagit.txt`, size: text.length }),
    blocks(text),
    rawBlock({ name: `${PARCEL}/bag-info.txt`, size: 3 }),
    blocks(utf8Encode('a:b')),
  ];
}

/** A whole stream: the pieces, the end marker, the padding. */
export function rawStream(...pieces: readonly Uint8Array[]): Uint8Array {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0) + 1024;
  const stream = new Uint8Array(paddedSize(size));
  let at = 0;
  for (const piece of pieces) {
    stream.set(piece, at);
    at += piece.length;
  }
  return stream;
}
