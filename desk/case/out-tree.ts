/** The folder into which a bag is written: private, made fresh, so that no path in it can lead anywhere else; names that cannot be are replaced and recorded. */
import { constants, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../shared/problem/problem.ts';
import { systemCode } from '../failure.ts';
import { OWN_FOLDER, placeFailure } from '../writing-to.ts';
import { isNameFault, isReserved, safeName } from './safe-names.ts';

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** A file or folder that had to be stored under another name; both paths are within the bag. */
export interface Renamed {
  readonly path: string;
  readonly stored: string;
}

/** See {@link createOutTree}. */
export interface OutTree {
  /** Makes the file of this path, which must be checked already, and the folders above it; gives its descriptor and where it lies. */
  create(path: string): { readonly fd: number; readonly full: string };
  /** Takes a file away. */
  remove(path: string): void;
  /** Adds an ending to the name of a file. */
  mark(path: string, ending: string): void;
  renamed(): readonly Renamed[];
}

/** A tree in `root`, an empty folder of mode 0700 that was just made. Failure `out-unwritable`. */
export function createOutTree(root: string, platform: NodeJS.Platform = process.platform): OutTree {
  /** Folders of the bag that exist, and where. */
  const folders = new Map<string, string>([['', '']]);
  const files = new Map<string, string>();
  const renamed: Renamed[] = [];

  /** Where `path` is stored: made by `make` under its own name, else under a safe one beside, else (the path being too long) at the top of `data`. */
  function place(path: string, make: (full: string) => void): string {
    const cut = path.lastIndexOf('/');
    const name = path.slice(cut + 1);
    const above = folderOf(cut < 0 ? '' : path.slice(0, cut));
    const inside = (own: string) => (above === '' ? own : `${above}/${own}`);
    const candidates = [
      ...(isReserved(name, platform) ? [] : [inside(name)]),
      inside(safeName(path)),
      `data/${safeName(path)}`,
    ];
    for (const [i, stored] of candidates.entries()) {
      try {
        make(join(root, stored));
        if (stored !== inside(name)) renamed.push({ path, stored });
        return stored;
      } catch (error) {
        if (i === candidates.length - 1 || !isNameFault(systemCode(error))) throw placeFailure(root, error, OWN_FOLDER);
      }
    }
    throw new Problem('internal');
  }

  function folderOf(path: string): string {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const stored = place(path, (full) => mkdirSync(full, 0o700));
    folders.set(path, stored);
    return stored;
  }

  return {
    create(path) {
      let fd = -1;
      const stored = place(path, (full) => {
        fd = openSync(full, CREATE, 0o600);
      });
      if (stored !== path) files.set(path, stored);
      return { fd, full: join(root, stored) };
    },
    remove(path) {
      rmSync(join(root, files.get(path) ?? path), { force: true });
    },
    mark(path, ending) {
      const stored = join(root, files.get(path) ?? path);
      renameSync(stored, stored + ending);
    },
    renamed: () => renamed,
  };
}
