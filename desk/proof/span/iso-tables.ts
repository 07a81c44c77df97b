/** Boxes and tables of ISO media files (ISO/IEC 14496-12), read within bounds. */
import { boxAt } from '../../custody/facts/iso-box.ts';
import type { Box } from '../../custody/facts/iso-box.ts';
import { MOST_AT_ONCE, Unreadable } from '../../custody/facts/source.ts';
import type { Source } from '../../custody/facts/source.ts';

const MOST_BOXES = 1500;
/** Most bytes of one table: eight million samples. */
const MOST_TABLE = 32 * 1024 * 1024;

/** The boxes that follow one another in [from, to). */
export async function boxesIn(source: Source, from: number, to: number): Promise<readonly Box[]> {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to;) {
    if (boxes.length === MOST_BOXES) throw new Unreadable('too many boxes');
    const box = await boxAt(source, at, to);
    boxes.push(box);
    at = box.end;
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
