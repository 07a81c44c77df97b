/** Boxes and tables of ISO media files (ISO/IEC 14496-12), read within bounds. */
import { latin } from '../../custody/facts/facts.ts';
import { MOST_AT_ONCE, Unreadable } from '../../custody/facts/source.ts';
import type { Source } from '../../custody/facts/source.ts';

const MOST_BOXES = 1500;
/** Most bytes of one table: eight million samples. */
const MOST_TABLE = 32 * 1024 * 1024;

/** A box: where its header begins, its content, and the place after it. */
export interface Box {
  readonly type: string;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** The boxes that follow one another in [from, to). */
export async function boxesIn(source: Source, from: number, to: number): Promise<readonly Box[]> {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to;) {
    if (boxes.length === MOST_BOXES) throw new Unreadable('too many boxes');
    const head = await source.exactly(at, 8);
    const type = latin(new Uint8Array(head.buffer, head.byteOffset + 4, 4));
    let size = head.getUint32(0);
    let start = at + 8;
    if (size === 1) {
      size = Number((await source.exactly(start, 8)).getBigUint64(0));
      start += 8;
    } else if (size === 0) size = to - at;
    const end = at + size;
    if (end < start || end > to) throw new Unreadable('box');
    boxes.push({ type, at, start, end });
    at = end;
  }
  return boxes;
}

/** The boxes below `box` on a way of types. */
export async function boxBelow(source: Source, box: Box, ...way: readonly string[]): Promise<Box | null> {
  let found: Box | undefined = box;
  for (const type of way) {
    const boxes: readonly Box[] = await boxesIn(source, found.start, found.end);
    found = boxes.find((each) => each.type === type);
    if (found === undefined) return null;
  }
  return found;
}

/** A table of entries of `width` bytes: their number stands `skip` bytes into the box, they follow it. */
export async function tableIn(
  source: Source,
  box: Box,
  width: number,
  skip = 4,
): Promise<{ count: number; view: DataView; version: number }> {
  const version = (await source.exactly(box.start, 1)).getUint8(0);
  const count = (await source.exactly(box.start + skip, 4)).getUint32(0);
  const from = box.start + skip + 4;
  const length = count * width;
  if (length > MOST_TABLE || from + length > box.end) throw new Unreadable('table');
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += MOST_AT_ONCE) {
    const piece = Math.min(MOST_AT_ONCE, length - at);
    const { buffer, byteOffset } = await source.exactly(from + at, piece);
    bytes.set(new Uint8Array(buffer, byteOffset, piece), at);
  }
  return { count, view: new DataView(bytes.buffer), version };
}
