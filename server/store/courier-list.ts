/** couriers.txt: who of the staff may collect. One public key a line, then a label; lines that begin with # are remarks. */
import { join } from 'node:path';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { watchFile } from './watched-file.ts';

/** Tells whether a courier's public key is enrolled in a data folder, as the file is now. */
export function openCourierList(data: string): (courier: Uint8Array) => Promise<boolean> {
  const keys = watchFile(join(data, 'couriers.txt'), (text) => Promise.resolve(parseCouriers(text)));
  return async (courier) => (await keys())?.has(toBase64Url(courier)) ?? false;
}

/** The keys in the text of couriers.txt; a line that does not begin with a key is passed over. */
export function parseCouriers(text: string): ReadonlySet<string> {
  const keys = text.split('\n').flatMap((line) => /^\s*([A-Za-z0-9_-]{43})(?:\s|$)/.exec(line)?.[1] ?? []);
  return new Set(keys);
}
