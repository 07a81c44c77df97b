/**
 * Writing large stretches of a file past the page cache, straight from our buffer to the disk. Where memory is dear the page cache costs more
 * than all our cryptography (1.9 s of kernel time a gigabyte on one machine; 0.07 s this way), and what was written is on the disk.
 */
import { closeSync, constants, openSync, write } from 'node:fs';
import { systemCode } from '../failure.ts';

/** Offset, length and place in memory of a direct write are multiples of this, or of less on most disks. */
const ALIGNMENT = 4096;
const MEMORY_ALIGNMENT = 512;
/** Shorter stretches are not worth it. */
const LEAST = 1024 * 1024;
/** Direct writes at the same time; while the disk is behind, further stretches go through the page cache. */
const MOST_AT_ONCE = 2;

/** See {@link createDirectWriter}. */
export interface DirectWriter {
  /** Writes all of `bytes` at `offset` of the file open as `fd`, which lies at `path`. */
  write(file: DirectFile, bytes: Uint8Array, offset: number): Promise<void>;
  /** Closes what was opened for a file. */
  close(file: DirectFile): void;
}

/** A file that is written; `direct` is ours: a second descriptor, or null while there is none. */
export interface DirectFile {
  readonly fd: number;
  readonly full: string;
  direct: number | null;
}

/** A writer that goes past the page cache where the system lets it, and through it otherwise. */
export function createDirectWriter(): DirectWriter {
  const flag = (constants as { O_DIRECT?: number }).O_DIRECT ?? 0;
  let possible = flag !== 0;
  let running = 0;

  function opened(file: DirectFile): number | null {
    if (!possible || running >= MOST_AT_ONCE) return null;
    try {
      return (file.direct ??= openSync(file.full, constants.O_WRONLY | constants.O_NOFOLLOW | flag));
    } catch {
      possible = false;
      return null;
    }
  }

  async function writeDirect(fd: number, file: DirectFile, bytes: Uint8Array, offset: number): Promise<void> {
    running++;
    try {
      await writeAll(fd, bytes, offset);
    } catch (error) {
      if (systemCode(error) !== 'EINVAL') throw error;
      possible = false;
      await writeAll(file.fd, bytes, offset);
    } finally {
      running--;
    }
  }

  return {
    async write(file, bytes, offset) {
      const from = (ALIGNMENT - (offset % ALIGNMENT)) % ALIGNMENT;
      const to = bytes.length - ((offset + bytes.length) % ALIGNMENT);
      const aligned = (bytes.byteOffset + from) % MEMORY_ALIGNMENT === 0;
      const direct = aligned && to - from >= LEAST ? opened(file) : null;
      if (direct === null) {
        await writeAll(file.fd, bytes, offset);
        return;
      }
      await Promise.all([
        writeAll(file.fd, bytes.subarray(0, from), offset),
        writeDirect(direct, file, bytes.subarray(from, to), offset + from),
        writeAll(file.fd, bytes.subarray(to), offset + to),
      ]);
    },
    close(file) {
      if (file.direct !== null) closeSync(file.direct);
      file.direct = null;
    },
  };
}

/** Writes all of `bytes` in another thread. */
async function writeAll(fd: number, bytes: Uint8Array, offset: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await new Promise<number>((resolve, reject) => {
      write(fd, bytes, at, bytes.length - at, offset + at, (error, written) =>
        error ? reject(error) : resolve(written),
      );
    });
  }
}
