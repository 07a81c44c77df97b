/** Where a file stands in a parcel: which of the bag's files it is, by its name in the archive. */
import { Problem } from '../problem/problem.ts';
import { FILES_FOLDER, LISTED_TAG_FILES, MESSAGE_PATH, TAG_MANIFEST } from './bag.ts';
import { checkPath } from './path.ts';

/** The kinds of files of a bag, in the order in which the archive holds them; there are many files and at most one of each other kind. */
export const PLACES = ['bagit', 'bag-info', 'message', 'file', 'payload-status', 'manifest', 'tagmanifest'] as const;
export type Place = (typeof PLACES)[number];

const FIXED = new Map<string, Place>([
  [LISTED_TAG_FILES[0], 'bagit'],
  [LISTED_TAG_FILES[1], 'bag-info'],
  [MESSAGE_PATH, 'message'],
  [LISTED_TAG_FILES[2], 'payload-status'],
  [LISTED_TAG_FILES[3], 'manifest'],
  [TAG_MANIFEST, 'tagmanifest'],
]);

/**
 * The path within the bag and the place of a file named `name` in the archive. Problem `path-unsafe` when the name lies outside of the
 * parcel's folder or leads out of it, `bag-damaged` when a parcel holds no such file.
 */
export function placeOf(parcel: string, name: string): { readonly path: string; readonly place: Place } {
  if (!name.startsWith(`${parcel}/`)) throw new Problem('path-unsafe', { reason: 'outside' });
  const path = name.slice(parcel.length + 1);
  if (path.startsWith(FILES_FOLDER)) {
    checkPath(path.slice(FILES_FOLDER.length));
    return { path, place: 'file' };
  }
  const place = FIXED.get(path);
  if (place !== undefined) return { path, place };
  checkPath(path);
  throw new Problem('bag-damaged', { reason: 'name' });
}
