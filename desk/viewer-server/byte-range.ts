/** Which bytes a GET asks for (RFC 9110, 14.2): one range, or all; what is not understood is passed over as the standard says. */

/** `from` up to `to`, not included; `all` for 200, `none` for 416. */
export type Asked =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'range'; readonly from: number; readonly to: number };

/** Digits beyond which a number is no place in a file. */
const RANGE = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i;

/** Reads the headers Range and If-Range of a GET for a file of `size` bytes that `etag` names. */
export function askedRange(range: string | undefined, ifRange: string | undefined, size: number, etag: string): Asked {
  // A condition that does not hold, or is a date, asks for the whole.
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return { kind: 'all' };
  const [, first = '', last = ''] = RANGE.exec(range) ?? [];
  if (first === '' && last === '') return { kind: 'all' };
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? { kind: 'none' } : { kind: 'range', from: size - length, to: size };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return { kind: 'all' };
  if (from >= size) return { kind: 'none' };
  return { kind: 'range', from, to: last === '' ? size : Math.min(size, Number(last) + 1) };
}
