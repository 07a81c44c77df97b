/** A parcel of one large file, such as a film is, made without keeping it anywhere but in its parts. */
import { createCipheriv, createHash } from 'node:crypto';
import { lateBytes } from '../shared/parcel/late-bytes.ts';
import { createLayout } from '../shared/parcel/layout.ts';
import { DEFAULT_PART_SIZE } from '../shared/parcel/parts.ts';
import { makeParcel } from '../tests/kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../tests/kit/make-parcel.ts';
import { TEST_SENDER } from '../tests/kit/test-mailbox.ts';

/** A file that is read when it is wanted. */
export interface BigFile {
  readonly path: string;
  readonly size: number;
  readonly read: (from: number, to: number) => Uint8Array | Promise<Uint8Array>;
}

/** One file of bytes that look random, which are made when they are wanted. */
export function makeBigParcel(drop: Drop, bytes: number): Promise<MadeParcel> {
  return makeParcelOfFile(drop, '0123456789abcdef0123456789abcdef', { path: 'night.mov', size: bytes, read: bytesAt });
}

/** A parcel of one file. */
export async function makeParcelOfFile(drop: Drop, parcel: string, file: BigFile): Promise<MadeParcel> {
  const { path, size, read } = file;
  const layout = createLayout({
    parcel,
    day: '2026-11-24',
    sender: TEST_SENDER,
    replyRecipient: 'age1test',
    message: null,
    messageModified: 0,
    files: [{ path, size, modified: 1_700_000_000_123 }],
  });
  const hash = createHash('sha256');
  for (let at = 0; at < size; at += DEFAULT_PART_SIZE)
    hash.update(await read(at, Math.min(size, at + DEFAULT_PART_SIZE)));
  const late = await lateBytes(layout, [{ sha256: hash.digest(), status: 'whole' }]);
  return makeParcel(drop, {
    parcel,
    size: layout.paddedSize,
    partSize: DEFAULT_PART_SIZE,
    async read(from, to) {
      const pieces: Uint8Array[] = [];
      for (const piece of layout.piecesIn(from, to)) {
        if (piece.kind === 'bytes') pieces.push(piece.bytes);
        else if (piece.kind === 'zeros') pieces.push(new Uint8Array(piece.length));
        else if (piece.kind === 'late') pieces.push(late[piece.name].subarray(piece.from, piece.to));
        else pieces.push(await read(piece.from, piece.to));
      }
      return Buffer.concat(pieces);
    },
  });
}

/** Bytes `from` to `to` of an endless AES-256-CTR key stream. */
function bytesAt(from: number, to: number): Uint8Array {
  const counter = Buffer.alloc(16);
  const first = Math.floor(from / 16);
  counter.writeBigUInt64BE(BigInt(first), 8);
  const cipher = createCipheriv('aes-256-ctr', Buffer.alloc(32), counter);
  return cipher.update(new Uint8Array(to - first * 16)).subarray(from - first * 16);
}
