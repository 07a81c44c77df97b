/** The plaintext of a reply's stream, asked for from its beginning to its end: message and attachments hashed as they pass, the late files made of those hashes. */
import { createHash } from 'node:crypto';
import { lateBytes } from '../../shared/parcel/late-bytes.ts';
import type { LateName, Layout, Piece } from '../../shared/parcel/layout.ts';
import { openAttachment } from './attachments.ts';
import type { Attachment, AttachmentReader } from './attachments.ts';

/** See {@link createPayloadReader}. */
export interface PayloadReader {
  /** Fills `into` with the bytes of the stream from `from` on, where the last call ended. Failures of the attachments. */
  fill(into: Uint8Array, from: number): Promise<void>;
  /** SHA-256 of the payload files that have ended, in their order. */
  hashes(): readonly Uint8Array[];
  /** Closes what is open. */
  close(): Promise<void>;
}

type PayloadPiece = Extract<Piece, { kind: 'payload' }>;

/** `layout` has the message first, then the attachments. */
export function createPayloadReader(
  layout: Layout,
  message: Uint8Array,
  attachments: readonly Attachment[],
): PayloadReader {
  const hashes: Uint8Array[] = [];
  let hash = createHash('sha256');
  let open: AttachmentReader | null = null;
  let late: Readonly<Record<LateName, Uint8Array>> | null = null;

  /** Files without a byte have no piece in the stream. */
  async function passEmptyFiles(upTo: number): Promise<void> {
    for (let index = hashes.length; index < upTo; index++) {
      if (index > 0) await (await openAttachment(attachments[index - 1]!)).end();
      hashes.push(createHash('sha256').digest());
    }
  }

  async function readPayload({ index, from, to }: PayloadPiece, into: Uint8Array): Promise<void> {
    await passEmptyFiles(index);
    if (index === 0) into.set(message.subarray(from, to));
    else {
      open ??= await openAttachment(attachments[index - 1]!);
      await open.read(into, from);
    }
    hash.update(into);
    if (to < layout.payload[index]!.size) return;
    await open?.end();
    open = null;
    hashes.push(hash.digest());
    hash = createHash('sha256');
  }

  async function lateFiles(): Promise<Readonly<Record<LateName, Uint8Array>>> {
    await passEmptyFiles(layout.payload.length);
    return lateBytes(
      layout,
      hashes.map((sha256) => ({ sha256, status: 'whole' })),
    );
  }

  return {
    async fill(into, from) {
      let at = 0;
      for (const piece of layout.piecesIn(from, from + into.length)) {
        const length = lengthOf(piece);
        const part = into.subarray(at, at + length);
        at += length;
        if (piece.kind === 'bytes') part.set(piece.bytes);
        else if (piece.kind === 'zeros') part.fill(0);
        else if (piece.kind === 'payload') await readPayload(piece, part);
        else {
          late ??= await lateFiles();
          part.set(late[piece.name].subarray(piece.from, piece.to));
        }
      }
    },
    hashes: () => hashes,
    async close() {
      await open?.close();
    },
  };
}

function lengthOf(piece: Piece): number {
  if (piece.kind === 'bytes') return piece.bytes.length;
  return piece.kind === 'zeros' ? piece.length : piece.to - piece.from;
}
