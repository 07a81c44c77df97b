/** The header of a box of ISO media files (ISO/IEC 14496-12, 4.2), read within bounds. */
import { latin } from './facts.ts';
import { Unreadable } from './source.ts';
import type { Source } from './source.ts';

/** A box: where its header begins, its content, and the place after it. */
export interface Box {
  readonly type: string;
  readonly at: number;
  readonly start: number;
  readonly end: number;
  /** True when it names no size: it goes to the end of what it lies in. */
  readonly last: boolean;
}

/** The box at `at` in what ends at `to`. Unreadable when it goes beyond. */
export async function boxAt(source: Source, at: number, to: number): Promise<Box> {
  const head = await source.exactly(at, 8);
  const type = latin(new Uint8Array(head.buffer, head.byteOffset + 4, 4));
  const named = head.getUint32(0);
  const long = named === 1;
  const start = at + (long ? 16 : 8);
  const size = long ? Number((await source.exactly(at + 8, 8)).getBigUint64(0)) : named === 0 ? to - at : named;
  const end = at + size;
  if (end < start || end > to) throw new Unreadable('box');
  return { type, at, start, end, last: named === 0 };
}
