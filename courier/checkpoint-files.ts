/** The checkpoints that a bundle keeps, each with the request for its time stamp and the answer: names for any file system, nothing ever replaced by another. */
import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '../shared/bytes/hex.ts';
import { openCheckpoint } from '../shared/tlog/checkpoint.ts';
import type { Checkpoint } from '../shared/tlog/checkpoint.ts';
import { readIfThere, refuseLink } from './bundle.ts';
import { openPlain } from './careful-open.ts';
import { replaceFile, syncFolder } from './durable.ts';
import { diskTrouble } from './halt.ts';

export interface KeptCheckpoint extends Checkpoint {
  /** Name of its file without `.note`. */
  readonly name: string;
  readonly note: string;
}

const FOLDER = 'checkpoints';
const NAME = /^([0-9a-f]{8}-\d{1,16})\.note$/;

/** `0f3a9c21-768`: the beginning of the log's name, and how many leaves. */
export function checkpointName({ origin, size }: Pick<Checkpoint, 'origin' | 'size'>): string {
  return `${origin.slice(origin.lastIndexOf('/') + 1).slice(0, 8)}-${size}`;
}

/** Where it lies when something else lies under its name. */
export function forkName(checkpoint: Checkpoint): string {
  return `fork-${checkpointName(checkpoint)}-${toHex(checkpoint.root).slice(0, 8)}`;
}

/** The names of the checkpoints in a bundle, in order of size. */
export async function checkpointNames(bundle: string): Promise<readonly string[]> {
  const names = await readdir(join(bundle, FOLDER)).catch(() => []);
  const size = (name: string): number => Number(name.split('-')[1]);
  return names.flatMap((each) => NAME.exec(each)?.[1] ?? []).sort((a, b) => size(a) - size(b));
}

/** Those that the key signed, in order of size. */
export async function keptCheckpoints(bundle: string, receiptKey: Uint8Array): Promise<readonly KeptCheckpoint[]> {
  const kept: KeptCheckpoint[] = [];
  for (const name of await checkpointNames(bundle)) {
    const note = await readIfThere(checkpointPath(bundle, name, 'note'));
    const checkpoint = note === null ? null : await openCheckpoint(note, receiptKey).catch(() => null);
    if (checkpoint !== null && checkpointName(checkpoint) === name) kept.push({ ...checkpoint, name, note: note! });
  }
  return kept;
}

export function checkpointPath(bundle: string, name: string, kind: 'note' | 'tsq' | 'tsr'): string {
  return join(bundle, FOLDER, `${name}.${kind}`);
}

/** Writes a file of a checkpoint unless it is there; true when it was written. Halt on trouble with the disk. */
export async function keep(path: string, content: string | Uint8Array): Promise<boolean> {
  const folder = join(path, '..');
  try {
    await refuseLink(folder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(join(folder, '..'));
  } catch (error) {
    throw diskTrouble(error, folder);
  }
  if ((await readBytes(path, 1)) !== null) return false;
  await replaceFile(path, content);
  return true;
}

/** The bytes of a plain file, at most so many of them; null when there is none. */
export async function readBytes(path: string, most: number): Promise<Uint8Array | null> {
  try {
    const handle = await openPlain(path);
    if (handle === null) return null;
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(most), 0, most, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw diskTrouble(error, path);
  }
}

/** What is stamped: the hash of the note as it lies there. */
export function noteHash(note: string): Uint8Array {
  return createHash('sha256').update(note).digest();
}
