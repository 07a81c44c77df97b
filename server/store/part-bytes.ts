/** Reading the bytes of a stored part again, and saying what is wrong with them. */
import { createHash } from 'node:crypto';
import type { BlobRef, BlobStore } from './blob-store.ts';

export type BytesFault = 'missing' | 'short' | 'unreadable' | 'differs';

/** What each of these codes of a blob store means; any other is no word about the blob. */
const FAULTS: Readonly<Record<string, BytesFault>> = {
  ENOENT: 'missing',
  ESHORT: 'short',
  EIO: 'unreadable',
  EACCES: 'unreadable',
  EISDIR: 'unreadable',
};

/**
 * Null when the blobs of a part have its hash; else what is wrong, and with which blob where that is known. `pause` is called after
 * each piece, with its length. What says nothing about the blob, a store that is away among it, is thrown.
 */
export async function checkBytes(
  blobs: Pick<BlobStore, 'read'>,
  part: { readonly parcel: string; readonly blobs: readonly BlobRef[]; readonly sha256: string },
  pause: (bytes: number) => Promise<void>,
): Promise<{ readonly fault: BytesFault; readonly blob: string | null } | null> {
  const hash = createHash('sha256');
  for (const { name, length } of part.blobs) {
    try {
      for await (const piece of blobs.read(part.parcel, name, 0, length)) {
        hash.update(piece);
        await pause(piece.length);
      }
    } catch (error) {
      const fault = FAULTS[codeOf(error)];
      if (fault === undefined) throw error;
      return { fault, blob: name };
    }
  }
  return hash.digest('hex') === part.sha256 ? null : { fault: 'differs', blob: null };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
