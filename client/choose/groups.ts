/** The list as a person sees it: one line for each folder and each single file, however many files there are below. */
import type { ChosenFile } from './chosen.ts';

export interface Group {
  /** The first name of the path. */
  readonly name: string;
  readonly isFolder: boolean;
  readonly files: readonly ChosenFile[];
  /** Bytes. */
  readonly size: number;
}

/** Groups by the first name of the path, in order of first appearance. */
export function groupsOf(files: readonly ChosenFile[]): Group[] {
  const groups = new Map<string, { isFolder: boolean; files: ChosenFile[]; size: number }>();
  for (const chosen of files) {
    const slash = chosen.path.indexOf('/');
    const name = slash < 0 ? chosen.path : chosen.path.slice(0, slash);
    let group = groups.get(name);
    if (!group) {
      group = { isFolder: slash >= 0, files: [], size: 0 };
      groups.set(name, group);
    }
    group.files.push(chosen);
    group.size += chosen.file.size;
  }
  return Array.from(groups, ([name, group]) => ({ name, ...group }));
}

/** One page of a list: the items and where they stand in it, from 1. A page that is no longer there is the last one. */
export function pageOf<Item>(
  items: readonly Item[],
  page: number,
  size: number,
): {
  readonly items: readonly Item[];
  readonly page: number;
  readonly pages: number;
  readonly from: number;
  readonly to: number;
} {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const at = Math.min(Math.max(0, page), pages - 1);
  const from = at * size;
  const slice = items.slice(from, from + size);
  return { items: slice, page: at, pages, from: from + Math.min(1, slice.length), to: from + slice.length };
}
