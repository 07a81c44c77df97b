/** Reads a whole backup: every file against the manifest, every part against its hash, every sealed parcel against its seal. Needs no server and no database. */
import { BackupError } from './backup-error.ts';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex } from '../../shared/bytes/hex.ts';
import type { Direction } from '../../shared/statements/direction.ts';
import { openSeal } from '../../shared/statements/seal.ts';
import { createMerkleStream } from '../store/merkle-stream.ts';
import { readAbout } from './about.ts';
import type { About } from './about.ts';
import { besides, BLOBS, MANIFEST, openManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { parcelsIn } from './parcel-rows.ts';
import type { ParcelInRows } from './parcel-rows.ts';
import type { Pace } from '../jobs/pace.ts';
import { hexOf, textOf } from './rows.ts';
import type { Row } from './rows.ts';

export interface PartNumber {
  readonly parcel: string;
  readonly seq: number;
}

export interface CheckedBackup {
  readonly about: About;
  /** The folder of its state. */
  readonly state: string;
  readonly files: ReadonlyMap<string, string>;
  readonly parcels: number;
  readonly sealed: number;
  readonly parts: number;
  readonly bytes: number;
  /** Files that the manifest names and that are not there, or are not what it says; parts and seals that do not fit. */
  readonly damaged: { readonly files: number; readonly parts: number; readonly seals: number };
  /** The damaged parts of parcels that are not sealed: their sources can send them again. */
  readonly toSendAgain: readonly PartNumber[];
}

export interface CheckOptions {
  /** Called with the bytes that are about to be read. */
  readonly pace: Pace;
}

/** Throws an Error for the operator where there is no backup, or its state cannot be read. */
export async function checkBackup(folder: string, { pace }: CheckOptions): Promise<CheckedBackup> {
  const path = join(folder, MANIFEST);
  if (!(await isFile(path))) throw new BackupError('There is no complete backup in this folder.');
  const manifest = await openManifest(path);
  try {
    return await check(folder, manifest, pace);
  } finally {
    await manifest.close();
  }
}

async function check(folder: string, manifest: Manifest, pace: CheckOptions['pace']): Promise<CheckedBackup> {
  for (const [name, sha256] of manifest.files) {
    const found = await hashFile(join(folder, manifest.state, name));
    if (found !== sha256)
      throw new BackupError(`The file ${name} of the backup is not what ${MANIFEST} says. It was damaged or changed.`);
  }
  const state = join(folder, manifest.state);
  const about = await readAbout(join(state, 'about'));
  const counts = { parcels: 0, sealed: 0, parts: 0, bytes: 0 };
  const damaged = { files: 0, parts: 0, seals: 0 };
  const toSendAgain: PartNumber[] = [];
  const listed = besides(manifest.parcels, ({ parcel }) => parcel);
  for await (const parcel of parcelsIn(state)) {
    counts.parcels += 1;
    if (parcel.sealed) counts.sealed += 1;
    const hashes = (await listed.at(parcel.id))?.hashes ?? new Map<string, string>();
    const tree = createMerkleStream();
    let isWhole = true;
    for await (const part of parcel.parts) {
      counts.parts += 1;
      const whole = createHash('sha256');
      let isGood = part.adds;
      for (const { name, length } of part.blobs) {
        const expected = hashes.get(name);
        await pace(length);
        const found = await hashFile(join(folder, BLOBS, part.parcel, name), length, whole);
        if (expected !== undefined && found !== expected) damaged.files += 1;
        if (found !== expected) isGood = false;
        else counts.bytes += length;
      }
      if (!isGood || (part.finished && whole.digest('hex') !== part.sha256)) {
        damaged.parts += 1;
        if (!parcel.sealed) toSendAgain.push({ parcel: part.parcel, seq: part.seq });
      }
      if (part.finished && part.seq === tree.count) tree.push(fromHex(part.sha256, 32));
      else isWhole = false;
    }
    if (parcel.sealed && !(isWhole && (await fits(parcel, tree)))) damaged.seals += 1;
  }
  return { about, state: manifest.state, files: manifest.files, ...counts, damaged, toSendAgain };
}

/** Whether the seal of a parcel is its sender's and over these parts. */
async function fits({ id, row }: ParcelInRows, tree: { readonly count: number; root(): string }): Promise<boolean> {
  try {
    const seal = await openSeal(textOf(row, 'seal'), senderOf(row), directionOf(row));
    return seal.parcel === id && seal.parts === tree.count && seal.root === tree.root();
  } catch {
    return false;
  }
}

/** The key that signs a parcel's statements. Rows from before there were replies are submissions. */
function senderOf(row: Row): Uint8Array {
  return fromHex(hexOf(row, (row['reply_key'] ?? null) === null ? 'mailbox' : 'reply_key'), 32);
}

function directionOf(row: Row): Direction {
  return row['direction'] === 'reply' ? 'reply' : 'submission';
}

/** False for what is not there, and for a pipe or a device, in a folder that somebody else made: those may never end. */
async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** SHA-256 of a file; null when it is not there, cannot be read, or is not `length` bytes long. `whole` is given its bytes too. */
async function hashFile(
  path: string,
  length?: number,
  whole?: { update(bytes: Uint8Array): unknown },
): Promise<string | null> {
  if (!(await isFile(path))) return null;
  const hash = createHash('sha256');
  let read = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 262_144 })) {
      read += (piece as Uint8Array).length;
      if (length !== undefined && read > length) return null;
      hash.update(piece as Uint8Array);
      whole?.update(piece as Uint8Array);
    }
  } catch {
    return null;
  }
  return length === undefined || read === length ? hash.digest('hex') : null;
}
