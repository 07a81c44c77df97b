/** The orders in which files are listed, and the search by name. */
import type { FileView } from '../api.ts';
import { LANGUAGE } from '../locales/text.ts';

export const ORDERS = ['archive', 'name', 'largest', 'smallest'] as const;
export type Order = (typeof ORDERS)[number];

const collator = new Intl.Collator(LANGUAGE, { numeric: true, sensitivity: 'base' });

const COMPARE: Readonly<Record<Order, (a: FileView, b: FileView) => number>> = {
  archive: (a, b) => a.index - b.index,
  name: (a, b) => collator.compare(a.path, b.path) || a.index - b.index,
  largest: (a, b) => b.size - a.size || a.index - b.index,
  smallest: (a, b) => a.size - b.size || a.index - b.index,
};

/** Files whose path holds all words of the search, in any case, in the order asked for. */
export function pickFiles(files: readonly FileView[], search: string, order: Order): readonly FileView[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = words.length === 0 ? files : files.filter(({ path }) => holdsAll(path.toLowerCase(), words));
  return order === 'archive' ? found : found.toSorted(COMPARE[order]);
}

function holdsAll(path: string, words: readonly string[]): boolean {
  return words.every((word) => path.includes(word));
}

/** The last part of a path, and what stands before it. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const cut = path.lastIndexOf('/') + 1;
  return { folder: path.slice(0, cut), name: path.slice(cut) };
}
