/** The numbers of EBML (RFC 8794), and elements by their headers: what Matroska is made of. */
import { Unreadable } from './source.ts';
import type { Source } from './source.ts';

/** An element: where its header begins, its content, and the place after it; infinite where the file does not say. */
export interface Element {
  readonly id: number;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** A number of EBML at `at`: with its marker bit as ids have it, or without; and the bytes that it takes. */
export async function numberAt(
  source: Source,
  at: number,
  marker: boolean,
): Promise<{ value: number; length: number }> {
  const first = (await source.exactly(at, 1)).getUint8(0);
  const length = Math.clz32(first) - 23;
  if (length > 8) throw new Unreadable('number');
  const view = await source.exactly(at, length);
  let value = marker ? first : first & (0xff >> length);
  let unknown = (first & (0xff >> length)) === 0xff >> length;
  for (let i = 1; i < length; i++) {
    value = value * 256 + view.getUint8(i);
    unknown &&= view.getUint8(i) === 0xff;
  }
  return { value: unknown && !marker ? Number.POSITIVE_INFINITY : value, length };
}

export async function elementAt(source: Source, at: number): Promise<Element> {
  const id = await numberAt(source, at, true);
  const size = await numberAt(source, at + id.length, false);
  const start = at + id.length + size.length;
  return { id: id.value, at, start, end: start + size.value };
}
