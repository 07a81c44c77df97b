/** The files that go with a reply: named by their last name alone, measured beforehand, read once from beginning to end. */
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { cleanPath, distinctPaths } from '../../shared/parcel/path.ts';
import { Failure, systemCode } from '../failure.ts';

export interface Attachment {
  /** Where it lies here. */
  readonly file: string;
  /** What it is called in the reply. */
  readonly path: string;
  readonly size: number;
  /** Time of its last change here, only to notice another. It does not travel. */
  readonly changed: number;
}

/** Looks at the files. Failure `attachment-unreadable`. */
export async function lookAtAttachments(files: readonly string[]): Promise<readonly Attachment[]> {
  const paths = distinctPaths(files.map((file) => cleanPath(basename(file)).path));
  const attachments: Attachment[] = [];
  for (const [i, file] of files.entries()) {
    const { size, mtimeMs } = await lookAt(file, () => stat(file));
    attachments.push({ file, path: paths[i]!, size, changed: mtimeMs });
  }
  return attachments;
}

/** A file being read. */
export interface AttachmentReader {
  /** Fills `into` with the bytes from `from` on. Failure `attachment-changed` when there are not as many. */
  read(into: Uint8Array, from: number): Promise<void>;
  /** Closes the file. Failure `attachment-changed` when it is not what it was. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** Opens an attachment. Failures `attachment-unreadable`, `attachment-changed`. */
export async function openAttachment({ file, size, changed }: Attachment): Promise<AttachmentReader> {
  const handle = await reading(file, () => open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));

  async function check(): Promise<void> {
    const now = await lookAt(file, () => handle.stat());
    if (now.size !== size || now.mtimeMs !== changed) throw new Failure('attachment-changed', { path: file });
  }

  try {
    await check();
  } catch (error) {
    await handle.close();
    throw error;
  }
  return {
    async read(into, from) {
      for (let have = 0; have < into.length;) {
        const { bytesRead } = await reading(file, () => handle.read(into, have, into.length - have, from + have));
        if (bytesRead === 0) throw new Failure('attachment-changed', { path: file });
        have += bytesRead;
      }
    },
    async end() {
      await check();
      await handle.close();
    },
    close: () => handle.close(),
  };
}

async function lookAt(file: string, look: () => Promise<Stats>): Promise<Stats> {
  const found = await reading(file, look);
  if (!found.isFile()) throw new Failure('attachment-unreadable', { path: file, reason: 'not a file' });
  return found;
}

async function reading<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = systemCode(error);
    if (reason === null) throw error;
    throw new Failure('attachment-unreadable', { path: file, reason });
  }
}
