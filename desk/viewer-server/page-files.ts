/** The built page of the viewer: which files it has, and each of them read when it is asked for, so that none is kept in memory. */
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { getAsset, getAssetKeys, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import { Failure } from '../failure.ts';

/** What the build puts the page under in the executable. */
const INSIDE = 'viewer';

/** Files by path, `/index.html` among them. */
export type PageFiles = ReadonlyMap<string, () => Promise<Uint8Array>>;

/** Where the page lies; null when it is inside the executable. */
export function pageFolder(given?: string): string | null {
  if (given === undefined && isSea()) return null;
  return given ?? fileURLToPath(new URL('../viewer-dist', import.meta.url));
}

/** The page in a folder, or in the executable. Failure `viewer-missing`. */
export async function viewerFiles(folder: string | null): Promise<PageFiles> {
  const files = folder === null ? filesInside() : await filesBelow(folder);
  if (!files.has('/index.html')) throw new Failure('viewer-missing');
  return files;
}

function filesInside(): PageFiles {
  const keys = getAssetKeys().filter((key) => key.startsWith(`${INSIDE}/`));
  return new Map(keys.map((key) => [key.slice(INSIDE.length), () => Promise.resolve(new Uint8Array(getAsset(key)))]));
}

async function filesBelow(folder: string): Promise<PageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, () => Promise<Uint8Array>>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length).replaceAll(sep, '/'), () => readFile(path));
  }
  return files;
}
