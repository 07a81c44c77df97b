/** One track of an ISO media file: which samples show a span of time, and where their bytes are. */
import { latin } from '../../custody/facts/facts.ts';
import { Unreadable } from '../../custody/facts/source.ts';
import type { Source } from '../../custody/facts/source.ts';
import { boxBelow, tableIn } from './iso-tables.ts';
import type { Box } from '../../custody/facts/iso-box.ts';
import { readShift, readTimes } from './iso-times.ts';
import type { SampleTimes } from './iso-times.ts';
import { SAME } from './span.ts';
import type { WantedSpan } from './span.ts';

export interface Track {
  readonly isPicture: boolean;
  readonly times: SampleTimes;
  /** Samples from the last key sample at or before a time to the last one at or before another, both with it; null without samples. */
  samplesOf(wanted: WantedSpan): { readonly first: number; readonly last: number } | null;
  /** Tells `take` the bytes of samples. */
  bytesOf(
    samples: { readonly first: number; readonly last: number },
    take: (from: number, to: number) => void,
  ): Promise<void>;
}

export async function readTrack(source: Source, box: Box, movieScale: number): Promise<Track> {
  const header = await boxBelow(source, box, 'mdia', 'mdhd');
  const handler = await boxBelow(source, box, 'mdia', 'hdlr');
  const table = await boxBelow(source, box, 'mdia', 'minf', 'stbl');
  if (header === null || handler === null || table === null) throw new Unreadable('track');
  const long = (await source.exactly(header.start, 1)).getUint8(0) === 1;
  const scale = (await source.exactly(header.start + (long ? 20 : 12), 4)).getUint32(0);
  const kind = latin(await source.bytes(handler.start + 8, 4));
  const times = await readTimes(source, table, { scale, shift: await readShift(source, box, scale, movieScale) });
  const sync = await boxBelow(source, table, 'stss');
  const keys = sync === null ? null : await tableIn(source, sync, 4);

  /** The last key sample at or before a time, else the first one. */
  function keyBefore(time: number): number {
    if (keys === null || keys.count === 0) return Math.max(0, times.lastUntil(time));
    let found = keys.view.getUint32(0) - 1;
    for (let i = 0; i < keys.count; i++) {
      const key = keys.view.getUint32(i * 4) - 1;
      if (key >= 0 && key < times.count && times.at(key) <= time + SAME) found = key;
    }
    if (found < 0 || found >= times.count) throw new Unreadable('key samples');
    return found;
  }

  return {
    isPicture: kind === 'vide',
    times,
    samplesOf({ from, to }) {
      if (times.count === 0) return null;
      const first = keyBefore(from);
      return { first, last: Math.max(first, times.lastUntil(to)) };
    },
    bytesOf: (samples, take) => bytesOf(source, table, samples, take),
  };
}

async function bytesOf(
  source: Source,
  table: Box,
  { first, last }: { readonly first: number; readonly last: number },
  take: (from: number, to: number) => void,
): Promise<void> {
  const sizeOf = await readSizes(source, table);
  const chunks = await readOffsets(source, table);
  const stsc = await boxBelow(source, table, 'stsc');
  if (stsc === null) throw new Unreadable('no chunks');
  const { count: runs, view } = await tableIn(source, stsc, 12);
  for (let chunk = 0, sample = 0, run = 0; chunk < chunks.count && sample <= last; chunk++) {
    while (run + 1 < runs && view.getUint32((run + 1) * 12) - 1 <= chunk) run++;
    const end = sample + (runs === 0 ? 0 : view.getUint32(run * 12 + 4));
    const [from, to] = [Math.max(sample, first), Math.min(end, last + 1)];
    if (from < to) {
      const start = chunks.at(chunk) + sizeOf(sample, from);
      const length = sizeOf(from, to);
      if (length > 0) take(start, start + length);
    }
    sample = end;
  }
}

/** How many bytes the samples [from, to) take together. */
async function readSizes(source: Source, table: Box): Promise<(from: number, to: number) => number> {
  const box = await boxBelow(source, table, 'stsz');
  if (box === null) throw new Unreadable('no sizes');
  const every = (await source.exactly(box.start + 4, 4)).getUint32(0);
  if (every > 0) return (from, to) => (to - from) * every;
  const { count, view } = await tableIn(source, box, 4, 8);
  return (from, to) => {
    if (to > count) throw new Unreadable('sizes');
    let sum = 0;
    for (let i = from; i < to; i++) sum += view.getUint32(i * 4);
    return sum;
  };
}

async function readOffsets(source: Source, table: Box): Promise<{ count: number; at: (chunk: number) => number }> {
  const short = await boxBelow(source, table, 'stco');
  const long = short === null ? await boxBelow(source, table, 'co64') : null;
  if (short !== null) {
    const { count, view } = await tableIn(source, short, 4);
    return { count, at: (chunk) => view.getUint32(chunk * 4) };
  }
  if (long === null) throw new Unreadable('no places');
  const { count, view } = await tableIn(source, long, 8);
  return { count, at: (chunk) => Number(view.getBigUint64(chunk * 8)) };
}
