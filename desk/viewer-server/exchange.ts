/** The one folder that the page may have written to and read from. The person names it at the terminal, out of reach of whatever has taken the page over. */
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, normalize, relative, sep } from 'node:path';
import { Failure, systemCode } from '../failure.ts';

export interface Exchange {
  readonly folder: string;
  /** A folder in it, or itself, where files may be written. Failure `exchange-outside`. */
  folderIn(path: string): Promise<string>;
  /** A file in it. Failures `exchange-outside`, `attachment-unreadable`. */
  fileIn(path: string): Promise<string>;
}

/** The folder, apart from all of `others`. Failure `exchange-missing`. */
export async function openExchange(given: string, others: readonly string[]): Promise<Exchange> {
  const folder = await realpath(given).catch((error: unknown) => {
    throw new Failure('exchange-missing', { folder: given, reason: systemCode(error) ?? 'unknown' });
  });
  if (!(await stat(folder)).isDirectory())
    throw new Failure('exchange-missing', { folder: given, reason: 'not a folder' });
  for (const other of others) {
    const place = await realpath(other).catch(() => null);
    if (place !== null && (isWithin(place, folder) || isWithin(folder, place)))
      throw new Failure('exchange-missing', { folder: given, reason: `not apart from ${other}` });
  }

  /** Where a path leads once every link in it has been followed. */
  async function resolved(path: string): Promise<string> {
    const place = isAbsolute(path) ? await realpath(path).catch(() => null) : null;
    if (place === null || !isWithin(place, folder)) throw new Failure('exchange-outside', { path, folder });
    return place;
  }
  return {
    folder,
    async folderIn(path) {
      const place = await resolved(path);
      if (!(await stat(place)).isDirectory()) throw new Failure('exchange-outside', { path, folder });
      return place;
    },
    async fileIn(path) {
      // Of what lies elsewhere nothing is told, not even whether it is there.
      if (isWithin(normalize(path), folder) && (await realpath(path).catch(systemCode)) === 'ENOENT')
        throw new Failure('attachment-unreadable', { path, reason: 'ENOENT' });
      const place = await resolved(path);
      if (!(await stat(place)).isFile()) throw new Failure('attachment-unreadable', { path, reason: 'not a file' });
      return place;
    },
  };
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
