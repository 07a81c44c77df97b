/** A file of this machine read once, chunk by chunk, from its beginning to its end. No link is followed, and no pipe is waited for. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { READ_ONLY } from '../read-only.ts';
import { Failure, systemCode } from '../failure.ts';
import { CHUNK } from './chunk-tree.ts';

/** Bytes read at once. */
const PIECE = 16 * CHUNK;

export interface ChunkReader {
  readonly size: number;
  /** The next chunk; good until the next call. Failures `proof-file-unreadable`, `proof-file-changed`. */
  next(): Promise<Uint8Array>;
  /** SHA-256 of all chunks, in hex, once all have been read. */
  sha256(): string;
  close(): Promise<void>;
}

/** Opens a file. Failure `proof-file-unreadable`, also for what is no file. */
export async function openChunks(path: string): Promise<ChunkReader> {
  const handle = await reading(path, () => open(path, READ_ONLY));
  try {
    const stat = await reading(path, () => handle.stat());
    if (!stat.isFile()) throw new Failure('proof-file-unreadable', { path, reason: 'not a file' });
    return createChunkReader(path, handle, stat.size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function createChunkReader(path: string, handle: FileHandle, size: number): ChunkReader {
  const piece = Buffer.allocUnsafe(Math.min(PIECE, Math.max(1, size)));
  const hash = createHash('sha256');
  let have = 0;
  let used = 0;
  let position = 0;

  async function fill(): Promise<void> {
    const want = Math.min(piece.length, size - position);
    for (have = 0, used = 0; have < want;) {
      const { bytesRead } = await reading(path, () => handle.read(piece, have, want - have, position));
      if (bytesRead === 0) throw new Failure('proof-file-changed', { path });
      have += bytesRead;
      position += bytesRead;
    }
  }

  return {
    size,
    async next() {
      if (used === have) await fill();
      const chunk = piece.subarray(used, Math.min(used + CHUNK, have));
      used += chunk.length;
      hash.update(chunk);
      return chunk;
    },
    sha256: () => hash.digest('hex'),
    close: () => handle.close(),
  };
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = systemCode(error);
    if (reason === null) throw error;
    throw new Failure('proof-file-unreadable', { path, reason });
  }
}
