/** A bundle on disk, as the courier carries it: which parcels it holds, and its files read with care, for nothing in it is trusted. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { utf8Decode } from '../../shared/bytes/utf8.ts';
import { MAX_ENVELOPE_BYTES } from '../../shared/protocol/limits.ts';
import { Failure, systemCode } from '../failure.ts';
import { refuseMediumFault } from './medium.ts';
import { readPlain } from '../read-only.ts';

const MAX_CARD = 65_536;

export interface Bundle {
  readonly folder: string;
  /** Text of card.note; null when there is none that can be read. */
  readonly card: string | null;
  /** Parcel ids in `inbox/`, sorted. */
  readonly parcels: readonly string[];
}

/** Reads what a bundle holds. Failures `bundle-missing`, `bundle-unreadable`. */
export async function readBundle(folder: string): Promise<Bundle> {
  const inbox = join(folder, 'inbox');
  const names = await foldersIn(inbox).catch((error: unknown) => {
    refuseMediumFault(folder, error);
    const reason = systemCode(error) ?? 'unknown';
    throw new Failure(reason === 'ENOENT' || reason === 'ENOTDIR' ? 'bundle-missing' : 'bundle-unreadable', {
      folder,
      reason,
    });
  });
  return {
    folder,
    card: await readText(join(folder, 'card.note'), MAX_CARD),
    parcels: names.filter((name) => /^[0-9a-f]{32}$/.test(name)).toSorted(),
  };
}

/** The names in a folder; one in whose place there is a link is as if it were not there. */
async function foldersIn(folder: string): Promise<string[]> {
  if (!(await lstat(folder)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  return readdir(folder);
}

/** The folder of a parcel in a bundle. */
export function parcelFolder(bundle: Pick<Bundle, 'folder'>, parcel: string): string {
  return join(bundle.folder, 'inbox', parcel);
}

/** Names of the files in a parcel's folder. Failure `bundle-unreadable`. */
export async function parcelFiles(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    refuseMediumFault(folder, error);
    throw new Failure('bundle-unreadable', { folder, reason: systemCode(error) ?? 'unknown' });
  });
}

/** The text of envelope.json; null when there is none, or it is no file of text. */
export function readEnvelopeText(folder: string): Promise<string | null> {
  return readText(join(folder, 'envelope.json'), MAX_ENVELOPE_BYTES);
}

async function readText(path: string, most: number): Promise<string | null> {
  try {
    const bytes = await readPlain(path, most);
    return bytes === null ? null : utf8Decode(bytes);
  } catch (error) {
    refuseMediumFault(path, error);
    return null;
  }
}
