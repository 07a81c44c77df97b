/** Hashes of a file on disk, read once from beginning to end; and its ranges, for the reader of facts. */
import { createHash } from 'node:crypto';
import { lstat, open } from 'node:fs/promises';
import { READ_ONLY } from '../read-only.ts';
import { systemCode } from '../failure.ts';
import type { Ranges } from './facts/source.ts';
import type { HashName } from './file-hash-messages.ts';

const PIECE = 1_048_576;

/** The hashes asked for, in lower-case hex; `seen` hears of the bytes as they are read. */
export async function hashesOf<Name extends HashName>(
  path: string,
  names: readonly Name[],
  seen: (bytes: number) => void = () => undefined,
): Promise<Record<Name, string> & { size: number }> {
  const hashes = names.map((name) => createHash(name));
  const file = await open(path, READ_ONLY);
  let size = 0;
  try {
    const piece = Buffer.allocUnsafe(PIECE);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE, size);
      if (bytesRead === 0) break;
      for (const hash of hashes) hash.update(piece.subarray(0, bytesRead));
      size += bytesRead;
      seen(bytesRead);
    }
  } finally {
    await file.close();
  }
  const found = Object.fromEntries(names.map((name, i) => [name, hashes[i]!.digest('hex')]));
  return { ...(found as Record<Name, string>), size };
}

/** Runs `work` with the ranges of a file. */
export async function withRanges<T>(path: string, work: (ranges: Ranges) => Promise<T>): Promise<T> {
  const file = await open(path, READ_ONLY);
  try {
    const { size } = await file.stat();
    return await work({
      size,
      read: async (from, to) => {
        const { buffer, bytesRead } = await file.read(new Uint8Array(to - from), 0, to - from, from);
        return buffer.subarray(0, bytesRead);
      },
    });
  } finally {
    await file.close();
  }
}

/** True when a plain file lies there. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return false;
    throw error;
  }
}
