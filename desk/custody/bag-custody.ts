/**
 * The tag files of custody in a written bag: custody/, a second payload manifest where SHA-512 is known, and the tag manifest anew. The payload,
 * bag-info.txt and manifest-sha256.txt stay byte for byte as the source wrote them; the source's own tag manifest, which proves that, is kept.
 */
import { lstat, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { encodeManifestPath, TAG_MANIFEST } from '../../shared/parcel/bag.ts';
import { replaceFile, syncFolder } from '../durable.ts';
import { SENDER_TAG_MANIFEST } from './bag-changes.ts';
import { hashesOf } from './file-hashes.ts';
import { REPORT_FILES } from './report-files.ts';
import type { ReportItem } from './report-item.ts';

const CUSTODY = 'custody';
const SHA512_MANIFEST = 'manifest-sha512.txt';

/** Writes `files` into custody/ of `bag`, durably unless `write` leaves that to the caller; those of an earlier report move to custody/earlier/. */
export async function writeBagCustody(
  bag: string,
  files: ReadonlyMap<string, Uint8Array>,
  items: readonly ReportItem[],
  write: (path: string, content: string | Uint8Array) => Promise<void> = replaceFile,
): Promise<void> {
  const custody = join(bag, CUSTODY);
  await mkdir(custody, { recursive: true, mode: 0o700 });
  await keepSenders(bag, write);
  await keepEarlier(custody);
  for (const [name, content] of files) await write(join(custody, name), content);
  const lines = items.flatMap(({ path, sha512 }) =>
    sha512 === null ? [] : [`${sha512}  ${encodeManifestPath(path)}\n`],
  );
  if (lines.length > 0) await write(join(bag, SHA512_MANIFEST), lines.join(''));
  await writeTagManifest(bag, write);
}

/** Lists every tag file of the bag as it now is. */
export async function writeTagManifest(bag: string, write = replaceFile): Promise<void> {
  const below = await readdir(join(bag, CUSTODY), { recursive: true, withFileTypes: true });
  const custody = below
    .filter((entry) => entry.isFile())
    .map((entry) => relative(bag, join(entry.parentPath, entry.name)));
  const top = (await readdir(bag, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== TAG_MANIFEST && entry.name.endsWith('.txt'))
    .map(({ name }) => name);
  const lines: string[] = [];
  for (const name of [...top, ...custody].toSorted()) {
    const { sha256 } = await hashesOf(join(bag, name), ['sha256']);
    lines.push(`${sha256}  ${encodeManifestPath(name)}\n`);
  }
  await write(join(bag, TAG_MANIFEST), lines.join(''));
  if (write === replaceFile) for (const folder of [join(bag, CUSTODY), bag]) await syncFolder(folder);
}

/** The tag manifest that came with the parcel; an unfinished one has none. */
async function keepSenders(bag: string, write: typeof replaceFile): Promise<void> {
  const kept = join(bag, SENDER_TAG_MANIFEST);
  if ((await exists(kept)) || !(await exists(join(bag, TAG_MANIFEST)))) return;
  // A copy first: cut off between the two, the bag is as it was.
  await write(kept, await readFile(join(bag, TAG_MANIFEST)));
}

/** An earlier report may have been handed out, signed or time-stamped: it is kept whole, under its own hash. */
async function keepEarlier(custody: string): Promise<void> {
  if (!(await exists(join(custody, 'report.json')))) return;
  const { sha256 } = await hashesOf(join(custody, 'report.json'), ['sha256']);
  const earlier = join(custody, 'earlier', sha256);
  await mkdir(earlier, { recursive: true, mode: 0o700 });
  // Its data last: while that is here, what was cut off goes on.
  for (const name of REPORT_FILES.toReversed())
    if (await exists(join(custody, name))) await rename(join(custody, name), join(earlier, name));
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
