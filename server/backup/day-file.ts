/** A file of the backup that is written in order: hashed while it grows, durable and with the times of its day once `finish` resolves. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

export interface DayFile {
  write(bytes: Uint8Array | string): Promise<void>;
  /** Makes it durable; gives its SHA-256 in hex. */
  finish(): Promise<string>;
  /** Lets it go as it is; harmless after `finish`. */
  close(): Promise<void>;
}

const BATCH = 262_144;

/** Makes a file, or empties one that is there, for its owner alone. */
export async function createDayFile(path: string, day: Date): Promise<DayFile> {
  const file = await open(path, 'w', 0o600);
  const hash = createHash('sha256');
  let held: Uint8Array[] = [];
  let length = 0;
  let closed = false;

  const flush = async (): Promise<void> => {
    const bytes = Buffer.concat(held);
    held = [];
    length = 0;
    hash.update(bytes);
    // Node writes on where the disk took only some.
    await file.writeFile(bytes);
  };
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await file.close();
  };
  return {
    async write(piece) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      held.push(bytes);
      length += bytes.length;
      if (length >= BATCH) await flush();
    },
    async finish() {
      await flush();
      await file.utimes(day, day);
      await file.sync();
      await close();
      return hash.digest('hex');
    },
    close,
  };
}

/** Makes the entries of a folder durable, and gives it the times of its day. */
export async function syncFolder(path: string, day: Date): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.utimes(day, day);
    await folder.sync();
  } finally {
    await folder.close();
  }
}
