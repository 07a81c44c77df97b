/** One part from the server to the disk: resumed where it broke, and named only once its hash is the one that was signed. */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem, isProblem } from '../shared/problem/problem.ts';
import type { PartStatement } from '../shared/statements/part-statement.ts';
import { Away } from './away.ts';
import { openGrowing, openPlain } from './careful-open.ts';
import type { Patience } from './away.ts';
import { diskTrouble } from './halt.ts';
import { syncFolder } from './durable.ts';
import type { StaffApi } from './staff-api.ts';

export interface PartDownload {
  readonly api: StaffApi;
  readonly patience: Patience;
  readonly statement: PartStatement;
  /** The final path; the bytes grow in `<path>.part`. */
  readonly path: string;
  /** Told of bytes that came. */
  readonly onBytes: (bytes: number) => void;
  /** Told of bytes that need not come after all, being there from before; below zero, of bytes that have to come again. */
  readonly onSpared: (bytes: number) => void;
}

/** Bytes are gathered to this before they go to the disk. */
const WRITE_SIZE = 1_048_576;
/** A part that comes whole but wrong is fetched this often before it counts as damaged on the server. */
const WHOLE_TRIES = 2;

interface Growing {
  readonly handle: FileHandle;
  hash: Hash;
  /** Bytes in the file, all of them in the hash. */
  offset: number;
}

/** Fetches a part. Problem `part-damaged` when the server's bytes are not those of the statement; Halt on disk or server trouble. */
export async function downloadPart(download: PartDownload): Promise<void> {
  const { statement, path, onSpared } = download;
  const temporary = `${path}.part`;
  try {
    const handle = await openGrowing(temporary);
    try {
      const growing = await readBegun(handle, statement.size);
      onSpared(growing.offset);
      await fill(download, growing);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    if (isProblem(error, 'part-damaged')) await rm(temporary, { force: true });
    throw diskTrouble(error, path);
  }
}

/** True when the file at `path` has the statement's size and hash. */
export async function isWhole(path: string, statement: PartStatement): Promise<boolean> {
  const handle = await openPlain(path).catch(() => null);
  if (handle === null) return false;
  try {
    const { hash, offset } = await readBegun(handle, Infinity);
    return offset === statement.size && hash.digest('hex') === statement.sha256;
  } finally {
    await handle.close();
  }
}

/** Takes up what an earlier run left behind. */
async function readBegun(handle: FileHandle, most: number): Promise<Growing> {
  const hash = createHash('sha256');
  let offset = 0;
  if ((await handle.stat()).size > most) await handle.truncate(0);
  const buffer = new Uint8Array(WRITE_SIZE);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    if (bytesRead === 0) return { handle, hash, offset };
    hash.update(buffer.subarray(0, bytesRead));
    offset += bytesRead;
  }
}

async function fill(download: PartDownload, growing: Growing): Promise<void> {
  const { statement, patience } = download;
  let idleTries = 0;
  for (let wholeTries = 0; ;) {
    const before = growing.offset;
    try {
      if (growing.offset < statement.size) await receive(download, growing);
      if (growing.hash.digest('hex') === statement.sha256) return;
      throw new Problem('part-damaged', { part: statement.part });
    } catch (error) {
      if (error instanceof Away) {
        idleTries = growing.offset > before ? 0 : idleTries + 1;
        await patience.pause(idleTries, error.message);
      } else if (isProblem(error, 'part-damaged')) {
        // What was begun may stem from a disk that lied; only a part fetched in one go says something about the server.
        if (before === 0 && ++wholeTries >= WHOLE_TRIES) throw error;
        await startAnew(download, growing);
      } else {
        throw error;
      }
    }
  }
}

/** One request's worth of bytes. Throws Away with the bytes so far written, or Problem `part-damaged`. */
async function receive(download: PartDownload, growing: Growing): Promise<void> {
  const { api, statement, patience, onBytes } = download;
  const answer = await api.part(statement.parcel, statement.part, growing.offset, statement.sha256);
  if (answer.start === 0 && growing.offset > 0) await startAnew(download, growing);
  let gathered: Uint8Array[] = [];
  let length = 0;
  const flush = async () => {
    const pieces = gathered;
    gathered = [];
    await writeAll(growing, pieces);
    length = 0;
  };
  try {
    for await (const piece of answer.body) {
      if (growing.offset + length + piece.length > statement.size) {
        throw new Problem('part-damaged', { part: statement.part });
      }
      patience.heard();
      gathered.push(piece);
      length += piece.length;
      onBytes(piece.length);
      if (length >= WRITE_SIZE) await flush();
    }
  } finally {
    answer.discard();
    await flush();
  }
  if (growing.offset < statement.size) throw new Away('a part ended too early');
}

async function startAnew({ onSpared }: PartDownload, growing: Growing): Promise<void> {
  await growing.handle.truncate(0);
  onSpared(-growing.offset);
  growing.offset = 0;
  growing.hash = createHash('sha256');
}

async function writeAll(growing: Growing, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const { bytesWritten } = await growing.handle.write(piece, at, piece.length - at, growing.offset + at);
      at += bytesWritten;
    }
    growing.hash.update(piece);
    growing.offset += piece.length;
  }
}
