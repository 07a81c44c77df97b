/** A small file that the operator may replace at any time: read again when it has changed, parsed once for each content. */
import { readFile, stat } from 'node:fs/promises';

/** Gives what `parse` makes of the file now; null while there is no such file. What `parse` throws is thrown at each call. */
export function watchFile<Value>(path: string, parse: (text: string) => Promise<Value>): () => Promise<Value | null> {
  let seen = '';
  let value: Promise<Value> | null = null;
  return async () => {
    const info = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (info === null) return null;
    const stamp = `${info.ino} ${info.size} ${info.mtimeNs} ${info.ctimeNs}`;
    if (value === null || stamp !== seen) {
      value = readFile(path, 'utf8').then(parse);
      value.catch(() => undefined);
      seen = stamp;
    }
    return value;
  };
}
