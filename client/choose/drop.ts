/** Reading what was dropped on the page: files, and folders with everything below them. */
import type { RawPick } from './chosen.ts';

/** How many files of a folder are asked for at the same time. */
const AT_ONCE = 64;

export interface Dropped {
  readonly picks: readonly RawPick[];
  /** Paths that the browser could not read. */
  readonly unreadable: readonly string[];
}

/** The roots of a drop. Must be called while the drop event is being handled: afterwards the browser has forgotten them. */
export function entriesOf(items: DataTransferItemList): FileSystemEntry[] {
  return Array.from(items)
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
}

/** Walks folders to the bottom. `onProgress` hears how many files there are so far; an aborted `signal` ends the walk with what there is. */
export async function readEntries(
  roots: readonly FileSystemEntry[],
  onProgress: (files: number) => void,
  signal: AbortSignal,
): Promise<Dropped> {
  const picks: RawPick[] = [];
  const unreadable: string[] = [];
  // Depth first, in the order of the file system: the files of one folder stay together.
  const waiting = roots.toReversed();
  while (waiting.length > 0 && !signal.aborted) {
    const batch = takeBatch(waiting);
    const read = await Promise.all(batch.map(readEntry));
    const folders: FileSystemEntry[] = [];
    for (const [index, result] of read.entries()) {
      if (result === null) unreadable.push(pathOf(batch[index]));
      else if (Array.isArray(result)) folders.push(...result);
      else picks.push(result);
    }
    waiting.push(...folders.toReversed());
    onProgress(picks.length);
  }
  return { picks, unreadable };
}

/** The next folder alone, or the next run of files. */
function takeBatch(waiting: FileSystemEntry[]): FileSystemEntry[] {
  const batch: FileSystemEntry[] = [];
  while (batch.length < AT_ONCE) {
    const entry = waiting.at(-1);
    if (!entry || (entry.isDirectory && batch.length > 0)) break;
    waiting.pop();
    batch.push(entry);
    if (entry.isDirectory) break;
  }
  return batch;
}

/** The file, what lies directly in the folder, or null where the browser may not read it. */
async function readEntry(entry: FileSystemEntry): Promise<RawPick | FileSystemEntry[] | null> {
  try {
    if (isFolder(entry)) return await readFolder(entry.createReader());
    if (!isFile(entry)) return null;
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return { path: pathOf(entry), file };
  } catch {
    return null;
  }
}

/** Browsers give a folder in pieces of about a hundred; an empty piece is the end. */
async function readFolder(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (piece.length === 0) return all;
    all.push(...piece);
  }
}

function pathOf(entry: FileSystemEntry | undefined): string {
  return (entry?.fullPath ?? '').replace(/^\/+/, '');
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
