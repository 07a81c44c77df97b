/** The little of DER (X.690 §10) that a time-stamp request and answer need: definite lengths only, bounds checked, nothing believed. */
import { concat } from '../shared/bytes/concat.ts';

/** Tags of the kinds that occur. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  object: 0x06,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** `[0]`, constructed. */
  zero: 0xa0,
} as const;

/** An element: its tag, and its content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concat(...content);
  const { length } = body;
  if (length > 0xffff) throw new RangeError('der');
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concat(Uint8Array.of(tag, ...size), body);
}

/** A number that is not negative, from its bytes, the highest first. */
export function derNumber(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return short[0]! < 0x80 ? der(TAG.integer, short) : der(TAG.integer, Uint8Array.of(0), short);
}

export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** All of it, tag and length included. */
  readonly whole: Uint8Array;
}

/** The elements that lie one after the other in some bytes. Null when they are not such, to the last byte. */
export function readDer(bytes: Uint8Array): readonly Element[] | null {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at]!;
    const first = bytes[at + 1] ?? 0xff;
    const more = first < 0x80 ? 0 : first & 0x7f;
    // Tags of several bytes, lengths that are open or beyond 16 MiB do not occur.
    if ((tag & 0x1f) === 0x1f || first === 0x80 || more > 3 || at + 2 + more > bytes.length) return null;
    const length =
      more === 0 ? first : bytes.subarray(at + 2, at + 2 + more).reduce((sum, byte) => sum * 256 + byte, 0);
    const from = at + 2 + more;
    if (from + length > bytes.length) return null;
    found.push({ tag, content: bytes.subarray(from, from + length), whole: bytes.subarray(at, from + length) });
    at = from + length;
  }
  return found;
}
