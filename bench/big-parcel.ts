/** A parcel of one large file, such as a film is, made without keeping it anywhere but in its parts. */
import { createCipheriv, createHash } from 'node:crypto';
import { lateBytes } from '../shared/parcel/late-bytes.ts';
import { createLayout } from '../shared/parcel/layout.ts';
import { DEFAULT_PART_SIZE } from '../shared/parcel/parts.ts';
import { makeParcel } from '../tests/kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../tests/kit/make-parcel.ts';
import { TEST_SENDER } from '../tests/kit/test-mailbox.ts';

/** One file of bytes that look random, which are made when they are wanted. */
export async function makeBigParcel(drop: Drop, bytes: number): Promise<MadeParcel> {
  const parcel = '0123456789abcdef0123456789abcdef';
  const files = [{ path: 'night.mov', size: bytes, modified: 1_700_000_000_123 }];
  const layout = createLayout({
    parcel,
    day: '2026-11-24',
    sender: TEST_SENDER,
    replyRecipient: 'age1test',
    message: null,
    messageModified: 0,
    files,
  });
  const hash = createHash('sha256');
  for (let at = 0; at < bytes; at += DEFAULT_PART_SIZE)
    hash.update(bytesAt(at, Math.min(bytes, at + DEFAULT_PART_SIZE)));
  const late = await lateBytes(layout, [{ sha256: hash.digest(), status: 'whole' }]);
  return makeParcel(drop, {
    parcel,
    size: layout.paddedSize,
    partSize: DEFAULT_PART_SIZE,
    read: (from, to) =>
      Buffer.concat(
        layout.piecesIn(from, to).map((piece) => {
          if (piece.kind === 'bytes') return piece.bytes;
          if (piece.kind === 'zeros') return new Uint8Array(piece.length);
          return piece.kind === 'late'
            ? late[piece.name].subarray(piece.from, piece.to)
            : bytesAt(piece.from, piece.to);
        }),
      ),
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
