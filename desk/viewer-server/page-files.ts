/** The built page of the viewer, read once by the process that may read it, and handed to the one that serves it. */
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { getAsset, getAssetKeys, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import { Failure } from '../failure.ts';

/** What the build puts the page under in the executable. */
const INSIDE = 'viewer';

/** By path, `/index.html` among them: out of `folder`, or out of the executable, or where the build put them. Failure `viewer-missing`. */
export async function viewerFiles(folder?: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files =
    folder === undefined && isSea()
      ? filesInside()
      : await filesBelow(folder ?? fileURLToPath(new URL('../viewer-dist', import.meta.url)));
  if (!files.has('/index.html')) throw new Failure('viewer-missing');
  return files;
}

function filesInside(): Map<string, Uint8Array> {
  const keys = getAssetKeys().filter((key) => key.startsWith(`${INSIDE}/`));
  return new Map(keys.map((key) => [key.slice(INSIDE.length), new Uint8Array(getAsset(key))]));
}

async function filesBelow(folder: string): Promise<Map<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length).replaceAll(sep, '/'), new Uint8Array(await readFile(path)));
  }
  return files;
}
