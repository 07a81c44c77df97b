/**
 * The records of a pax extended header (POSIX.1-2001 pax, "pax Extended Header"): `<length> <keyword>=<value>\n`, where the length counts
 * itself. Only `mtime`, `path` and `size`, in this order, each in one canonical spelling.
 */
import { Problem } from '../problem/problem.ts';
import { utf8Decode } from '../bytes/utf8.ts';
import { MAX_MODIFIED } from './limits.ts';
import { utf8Length } from './utf8-length.ts';

/** What the records of one file say; null where there is no record. `modified` is in milliseconds. */
export interface PaxRecords {
  readonly modified: number | null;
  readonly path: string | null;
  readonly size: number | null;
}

const KEYWORDS = ['mtime', 'path', 'size'] as const;
type Keyword = (typeof KEYWORDS)[number];

/** The record of `keyword`, length in front. */
export function record(keyword: Keyword, value: string): string {
  return `${recordLength(keyword, utf8Length(value))} ${keyword}=${value}\n`;
}

/** Bytes of the record of `keyword` when its value has `valueLength` bytes. */
export function recordLength(keyword: Keyword, valueLength: number): number {
  const rest = keyword.length + valueLength + 3;
  let length = rest + String(rest).length;
  while (rest + String(length).length !== length) length = rest + String(length).length;
  return length;
}

/** Milliseconds as decimal seconds: no fraction for a whole second, else three digits. */
export function decimalSeconds(modified: number): string {
  const magnitude = Math.abs(modified);
  const fraction = magnitude % 1000;
  const whole = String((magnitude - fraction) / 1000);
  return (modified < 0 ? '-' : '') + whole + (fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}`);
}

/**
 * Reads the records of one pax header. Problem `tar-damaged` for anything not in canonical form, `tar-entry-refused` for a keyword that
 * is not one of ours, `tar-too-large` for a size beyond what a number can hold exactly.
 */
export function parseRecords(bytes: Uint8Array): PaxRecords {
  const found: { mtime: string | null; path: string | null; size: string | null } = {
    mtime: null,
    path: null,
    size: null,
  };
  let last = -1;
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? 0 : decimal(parseText(bytes.subarray(at, Math.min(space, at + 6))));
    const end = at + length;
    if (length === 0 || end > bytes.length || bytes[end - 1] !== 0x0a)
      throw new Problem('tar-damaged', { reason: 'pax' });
    const text = parseText(bytes.subarray(space + 1, end - 1));
    const equals = text.indexOf('=');
    const index = KEYWORDS.findIndex((keyword) => keyword === text.slice(0, Math.max(equals, 0)));
    const keyword = KEYWORDS[index];
    if (keyword === undefined) throw new Problem('tar-entry-refused', { reason: 'pax-keyword' });
    const value = text.slice(equals + 1);
    if (index <= last || length !== recordLength(keyword, end - 1 - space - 1 - keyword.length - 1)) {
      throw new Problem('tar-damaged', { reason: 'pax' });
    }
    found[keyword] = value;
    last = index;
    at = end;
  }
  if (last < 0) throw new Problem('tar-damaged', { reason: 'pax' });
  return {
    modified: found.mtime === null ? null : milliseconds(found.mtime),
    path: found.path,
    size: found.size === null ? null : sizeValue(found.size),
  };
}

function parseText(bytes: Uint8Array): string {
  try {
    return utf8Decode(bytes);
  } catch {
    throw new Problem('tar-damaged', { reason: 'utf8' });
  }
}

/** A whole number without sign or leading zero; 0 when it is not one. */
function decimal(text: string): number {
  return /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : 0;
}

function sizeValue(text: string): number {
  if (!/^[1-9][0-9]*$/.test(text)) throw new Problem('tar-damaged', { reason: 'pax' });
  const size = Number(text);
  if (!Number.isSafeInteger(size)) throw new Problem('tar-too-large');
  return size;
}

function milliseconds(text: string): number {
  const match = /^(-?)(0|[1-9][0-9]{0,12})(?:\.([0-9]{3}))?$/.exec(text);
  const magnitude = match === null ? Number.NaN : Number(match[2]) * 1000 + Number(match[3] ?? 0);
  const modified = match?.[1] === '-' ? -magnitude : magnitude;
  if (!(magnitude <= MAX_MODIFIED) || decimalSeconds(modified) !== text)
    throw new Problem('tar-damaged', { reason: 'pax' });
  return modified;
}
