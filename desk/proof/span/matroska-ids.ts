/** Elements of Matroska that stand directly in a segment, and how numbers in elements are read. */
import type { Element } from '../../custody/facts/ebml.ts';
import { Unreadable } from '../../custody/facts/source.ts';
import type { Source } from '../../custody/facts/source.ts';

export const CLUSTER = 0x1f43b675;
export const [SEGMENT, SEEK_HEAD, INFO, TRACKS, CUES] = [0x18538067, 0x114d9b74, 0x1549a966, 0x1654ae6b, 0x1c53bb6b];
const [CHAPTERS, TAGS, ATTACHMENTS] = [0x1043a770, 0x1254c367, 0x1941a469];

export const TOP: ReadonlySet<number> = new Set([CLUSTER, SEEK_HEAD, INFO, TRACKS, CUES, CHAPTERS, TAGS, ATTACHMENTS]);

/** The unsigned number that an element holds. */
export async function numberOf(source: Source, { start, end }: Element): Promise<number> {
  if (end - start > 8) throw new Unreadable('number');
  const view = await source.exactly(start, end - start);
  let value = 0;
  for (let i = 0; i < end - start; i++) value = value * 256 + view.getUint8(i);
  if (!Number.isSafeInteger(value)) throw new Unreadable('number');
  return value;
}
