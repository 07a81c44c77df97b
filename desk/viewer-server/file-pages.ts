/** `GET /api/parcels/PARCEL/files`: what has been found of a parcel's files, page by page, while the rest is still being looked for. */
import type { FilePage, FileView } from '../viewer/api.ts';
import type { ArchiveIndex, IndexedFile } from './archive-index.ts';
import type { OpenParcel } from './parcels.ts';

const PAGE = 1_000;
/** How long the first answer waits for more. */
const PATIENCE_MS = 300;

const CUTS = {
  damaged: 'The archive is damaged behind the last of these files; verify tells more.',
  'too-many': 'The parcel holds more files than can be shown; extract it to have them all.',
} as const;

/** A page of the files behind number `after` whose path holds `search`. */
export async function filePage(
  { index, stream }: OpenParcel,
  { after, search }: { after: number; search: string },
  hrefOf: (file: IndexedFile) => string,
): Promise<FilePage> {
  const wanted = search.toLowerCase();
  const matches = ({ path }: IndexedFile) => wanted === '' || path.toLowerCase().includes(wanted);
  await patience(index, after);
  const files: FileView[] = [];
  let total = 0;
  let next: number | null = null;
  for (const file of index.files) {
    if (!matches(file)) continue;
    total++;
    if (file.index <= after) continue;
    if (files.length === PAGE) next ??= files.at(-1)!.index;
    else
      files.push({
        index: file.index,
        path: file.path,
        size: file.size,
        kind: file.kind.kind,
        type: file.kind.type,
        whole: file.whole && stream.gap(file.start, file.start + file.size) === null,
        href: hrefOf(file),
      });
  }
  const cut = index.cut();
  return { files, next, total, reading: index.reading(), cut: cut === null ? null : CUTS[cut] };
}

/** Until a page is full, all is found, or it has taken long enough. */
async function patience(index: ArchiveIndex, after: number): Promise<void> {
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, PATIENCE_MS, 'late').unref());
  while (index.reading() !== null && index.files.length <= after + PAGE)
    if ((await Promise.race([index.changed(), late])) === 'late') return;
}
