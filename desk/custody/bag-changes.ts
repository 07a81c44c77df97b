/** What of a written bag is not as it was written, beside the files that its report names: tag files, by the log of the case, and files that nobody sent. */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { TAG_MANIFEST } from '../../shared/parcel/bag.ts';
import type { CaseEvent, EventItem } from './case-event.ts';
import { hashesOf, isFile } from './file-hashes.ts';
import type { ReportItem } from './report-item.ts';

/** Where the source's own tag manifest lies once the desk has written another. */
export const SENDER_TAG_MANIFEST = 'custody/sender-tagmanifest-sha256.txt';
const PAYLOAD = 'data';
const TAG_FILES = ['bagit.txt', 'bag-info.txt', 'payload-status.txt', 'manifest-sha256.txt', TAG_MANIFEST];
/** What extraction adds to the name of a file that is not whole. */
const ENDINGS = ['.incomplete', '.differs'];

/** The tag files of a bag that was just extracted, with their hashes, for the event that tells of it. */
export async function tagItems(bag: string): Promise<readonly EventItem[]> {
  const items: EventItem[] = [];
  for (const path of TAG_FILES) {
    const sha256 = await hashOf(join(bag, path));
    if (sha256 !== null) items.push({ path, sha256 });
  }
  return items;
}

/** Names of what has changed, vanished or come in addition. `events` are those of the case. */
export async function changesBeside(
  bag: string,
  items: readonly ReportItem[],
  events: readonly CaseEvent[],
): Promise<readonly string[]> {
  return [...(await changedTags(bag, events)), ...(await additions(bag, items))];
}

/** Of the extraction that comes nearest to what lies there: a parcel may have been written out before it was whole. */
async function changedTags(bag: string, events: readonly CaseEvent[]): Promise<readonly string[]> {
  let fewest: readonly string[] | null = null;
  for (const { action, items } of events) {
    const tags = action === 'extracted' ? items.filter(({ path }) => TAG_FILES.includes(path)) : [];
    if (tags.length === 0) continue;
    const changed: string[] = [];
    for (const { path, sha256 } of tags) {
      const place = path === TAG_MANIFEST ? SENDER_TAG_MANIFEST : path;
      if ((await hashOf(join(bag, place))) !== sha256) changed.push(place);
    }
    if (fewest === null || changed.length < fewest.length) fewest = changed;
  }
  return fewest ?? [];
}

async function additions(bag: string, items: readonly ReportItem[]): Promise<readonly string[]> {
  const known = new Set<string>();
  for (const { path, stored, verdict } of items) {
    known.add(stored ?? path);
    if (verdict !== 'whole') for (const ending of ENDINGS) known.add((stored ?? path) + ending);
  }
  const below = await readdir(join(bag, PAYLOAD), { recursive: true, withFileTypes: true }).catch(() => []);
  return below
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(bag, join(entry.parentPath, entry.name)))
    .filter((path) => !known.has(path));
}

async function hashOf(path: string): Promise<string | null> {
  return (await isFile(path)) ? (await hashesOf(path, ['sha256'])).sha256 : null;
}
