/** When each sample of a track is shown, in seconds of the film: the tables `stts`, `ctts` and `elst`. */
import { Unreadable } from '../../custody/facts/source.ts';
import type { Source } from '../../custody/facts/source.ts';
import { boxBelow, tableIn } from './iso-tables.ts';
import type { Box } from '../../custody/facts/iso-box.ts';
import { SAME } from './span.ts';

const MOST_SAMPLES = 4_000_000;

export interface SampleTimes {
  readonly count: number;
  at(index: number): number;
  /** The highest number of a sample that is shown at or before `time`; -1 when none is. */
  lastUntil(time: number): number;
}

/** Samples of one length after another: the number of the first, its time in units of the track, and the length. */
interface Runs {
  readonly first: Float64Array;
  readonly time: Float64Array;
  readonly length: Float64Array;
  readonly count: number;
}

/** Of the track whose tables are in `table`; `scale` are units a second. */
export async function readTimes(
  source: Source,
  table: Box,
  { scale, shift }: { readonly scale: number; readonly shift: number },
): Promise<SampleTimes> {
  const stts = await boxBelow(source, table, 'stts');
  const ctts = await boxBelow(source, table, 'ctts');
  if (stts === null || scale === 0) throw new Unreadable('no times');
  const runs = await readRuns(source, stts);
  const decoded = (index: number): number => {
    const run = runAt(runs, index);
    return runs.time[run]! + (index - runs.first[run]!) * runs.length[run]!;
  };
  if (ctts === null) return inOrder(runs, (index) => decoded(index) / scale + shift);
  if (runs.count > MOST_SAMPLES) throw new Unreadable('too many samples');
  const shown = Float64Array.from({ length: runs.count }, (_, index) => decoded(index));
  const { count, view } = await tableIn(source, ctts, 8);
  // Signed also where the version is 0: so writers mean it.
  for (let i = 0, sample = 0; i < count; i++)
    for (let n = view.getUint32(i * 8); n > 0 && sample < shown.length; n--)
      shown[sample++]! += view.getInt32(i * 8 + 4);
  const at = (index: number): number => shown[index]! / scale + shift;
  return {
    count: runs.count,
    at,
    lastUntil(time) {
      let index = runs.count - 1;
      while (index >= 0 && at(index) > time + SAME) index--;
      return index;
    },
  };
}

/** Without `ctts`, samples are shown in the order in which they are stored. */
function inOrder({ count }: Runs, at: (index: number) => number): SampleTimes {
  return {
    count,
    at,
    lastUntil(time) {
      let low = 0;
      for (let high = count; low < high;) {
        const middle = Math.floor((low + high) / 2);
        if (at(middle) <= time + SAME) low = middle + 1;
        else high = middle;
      }
      return low - 1;
    },
  };
}

async function readRuns(source: Source, stts: Box): Promise<Runs> {
  const { count, view } = await tableIn(source, stts, 8);
  const [first, time, length] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  let samples = 0;
  let now = 0;
  for (let i = 0; i < count; i++) {
    first[i] = samples;
    time[i] = now;
    length[i] = view.getUint32(i * 8 + 4);
    samples += view.getUint32(i * 8);
    now += view.getUint32(i * 8) * length[i]!;
  }
  return { first, time, length, count: samples };
}

/** The last run that begins at or before a sample. */
function runAt({ first }: Runs, index: number): number {
  let low = 0;
  for (let high = first.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (first[middle]! <= index) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How many seconds later than in the track its samples are shown in the film: a pause at first, then the track from some place on. */
export async function readShift(source: Source, track: Box, scale: number, movieScale: number): Promise<number> {
  const list = await boxBelow(source, track, 'edts', 'elst');
  if (list === null) return 0;
  const long = (await source.exactly(list.start, 1)).getUint8(0) === 1;
  const width = long ? 20 : 12;
  const { count, view } = await tableIn(source, list, width);
  let pause = 0;
  for (let i = 0; i < count; i++) {
    const at = i * width;
    const [lasts, begins] = long
      ? [Number(view.getBigUint64(at)), Number(view.getBigInt64(at + 8))]
      : [view.getUint32(at), view.getInt32(at + 4)];
    if (begins < 0) pause += lasts / movieScale;
    // A film cut together by a list of places is none that a camera wrote.
    else if (i < count - 1) throw new Unreadable('edit list');
    else return pause - begins / scale;
  }
  return pause;
}
