/** Matroska and WebM (RFC 9559): the elements before the first cluster, which hold the facts; the pictures are never read. */
import { elementAt } from './ebml.ts';
import { addCodec, textOf } from './facts.ts';
import type { Gathering } from './facts.ts';
import { Unreadable } from './source.ts';
import type { Source } from './source.ts';

const MOST_ELEMENTS = 1000;
const MOST_TEXT = 1000;
/** Milliseconds from 1970 to 2001, the year from which Matroska counts. */
const EPOCH = 978_307_200_000;

const [SEGMENT, INFO, TRACKS, TRACK, CLUSTER] = [0x18538067, 0x1549a966, 0x1654ae6b, 0xae, 0x1f43b675];
const [SCALE, DURATION, DATE, WRITER, CODEC] = [0x2ad7b1, 0x4489, 0x4461, 0x5741, 0x86];

export async function readMatroska(source: Source, facts: Gathering): Promise<void> {
  let elements = 0;
  let scale = 1_000_000;
  let ticks: number | null = null;

  /** False when nothing more is to be learned. */
  async function walk(from: number, to: number): Promise<boolean> {
    for (let at = from; at < to;) {
      if (++elements > MOST_ELEMENTS) throw new Unreadable('too many elements');
      const { id, start, end: said } = await elementAt(source, at);
      if (id === CLUSTER) return false;
      const end = Math.min(said, to);
      if (id === SEGMENT || id === INFO || id === TRACKS || id === TRACK) {
        if (!(await walk(start, end))) return false;
      } else await value(id, start, end - start);
      at = end;
    }
    return true;
  }

  async function value(id: number, at: number, length: number): Promise<void> {
    if (id === CODEC) addCodec(facts, textOf(await source.bytes(at, Math.min(length, MOST_TEXT))));
    else if (id === WRITER) facts.software = textOf(await source.bytes(at, Math.min(length, MOST_TEXT)));
    else if (id === SCALE && length <= 6)
      scale = (await source.bytes(at, length)).reduce((sum, byte) => sum * 256 + byte, 0);
    else if (id === DURATION && (length === 4 || length === 8)) {
      const view = await source.exactly(at, length);
      ticks = length === 4 ? view.getFloat32(0) : view.getFloat64(0);
    } else if (id === DATE && length === 8) {
      const date = new Date(Number((await source.exactly(at, 8)).getBigInt64(0)) / 1_000_000 + EPOCH);
      if (!Number.isNaN(date.getTime())) facts.created = date.toISOString();
    }
  }

  await walk(0, source.size);
  const seconds = ticks === null ? Number.NaN : (ticks * scale) / 1e9;
  if (Number.isFinite(seconds) && seconds >= 0) facts.duration = Math.round(seconds * 1000) / 1000;
}
