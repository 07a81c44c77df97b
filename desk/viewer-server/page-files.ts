/** The built page of the viewer, read once by the process that may read it, and handed to the one that serves it. */
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../failure.ts';

/** By path, `/index.html` among them. Failure `viewer-missing`. */
export async function viewerFiles(
  folder = fileURLToPath(new URL('../viewer-dist', import.meta.url)),
): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length).replaceAll(sep, '/'), new Uint8Array(await readFile(path)));
  }
  if (!files.has('/index.html')) throw new Failure('viewer-missing');
  return files;
}
