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
  return new Set(text.split('\n').flatMap((line) => courierLine(line)?.key ?? []));
}

/** The courier of one line, or null for a remark and for what names nobody. A carriage return may stand at its end. */
export function courierLine(line: string): { readonly key: string; readonly label: string } | null {
  const match = /^\s*([A-Za-z0-9_-]{43})(?:\s(.*))?$/s.exec(line);
  return match === null ? null : { key: match[1]!, label: (match[2] ?? '').trim() };
}
