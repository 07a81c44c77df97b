/** A span of MP4 or QuickTime: the head that a player needs, and the samples of all tracks from the last key picture before the span. */
import { Unreadable } from '../../custody/facts/source.ts';
import type { Source } from '../../custody/facts/source.ts';
import { boxBelow, boxesIn } from './iso-tables.ts';
import type { Box } from '../../custody/facts/iso-box.ts';
import { readTrack } from './iso-track.ts';
import type { Track } from './iso-track.ts';
import { gatherClips, SAME, SpanMissing } from './span.ts';
import type { Span, WantedSpan } from './span.ts';

const MOST_TRACKS = 32;
/** Sound needs a little before the place where it is to be heard. */
const BEFORE = 0.1;

export async function findIsoSpan(source: Source, wanted: WantedSpan): Promise<Span> {
  const boxes = await boxesIn(source, 0, source.size);
  const movie = boxes.find(({ type }) => type === 'moov');
  if (movie === undefined) throw new Unreadable('no index');
  const inside = await boxesIn(source, movie.start, movie.end);
  if (inside.some(({ type }) => type === 'mvex')) throw new SpanMissing('fragments');
  const gathered = gatherClips(source.size);
  // A player walks from box to box: of what it does not need, the header is enough.
  for (const { type, at, start, end } of boxes) gathered.add(at, type === 'ftyp' || type === 'moov' ? end : start);
  const tracks = await readTracks(source, movie, inside);
  const lead = leadOf(tracks);
  const samples = lead.samplesOf(wanted);
  if (samples === null || lead.times.at(lead.times.lastUntil(Number.MAX_VALUE)) < wanted.from - SAME)
    throw new SpanMissing('range');
  const { first, last } = shownBy(lead, samples);
  for (const track of tracks) {
    const from = track === lead ? wanted.from : Math.min(wanted.from, first) - (track.isPicture ? 0 : BEFORE);
    const own = track.samplesOf({ from, to: wanted.to });
    if (own !== null) await track.bytesOf(own, (start, end) => gathered.add(start, end));
  }
  return { clips: gathered.clips(), first, last };
}

async function readTracks(source: Source, movie: Box, inside: readonly Box[]): Promise<readonly Track[]> {
  const header = await boxBelow(source, movie, 'mvhd');
  const boxes = inside.filter(({ type }) => type === 'trak');
  if (header === null || boxes.length > MOST_TRACKS) throw new Unreadable('tracks');
  const long = (await source.exactly(header.start, 1)).getUint8(0) === 1;
  const scale = (await source.exactly(header.start + (long ? 20 : 12), 4)).getUint32(0);
  if (scale === 0) throw new Unreadable('scale');
  const tracks: Track[] = [];
  for (const box of boxes) tracks.push(await readTrack(source, box, scale));
  return tracks;
}

/** The pictures, of several the track with most of them; else the sound. */
function leadOf(tracks: readonly Track[]): Track {
  const pictures = tracks.filter(({ isPicture, times }) => isPicture && times.count > 0);
  const [lead] = (pictures.length > 0 ? pictures : tracks).toSorted((a, b) => b.times.count - a.times.count);
  if (lead === undefined) throw new Unreadable('no tracks');
  return lead;
}

/** Earliest and latest time among samples, which need not be stored in the order in which they are shown. */
function shownBy({ times }: Track, samples: { readonly first: number; readonly last: number }): Omit<Span, 'clips'> {
  let [first, last] = [Number.MAX_VALUE, 0];
  for (let i = samples.first; i <= samples.last; i++) {
    first = Math.min(first, times.at(i));
    last = Math.max(last, times.at(i));
  }
  return { first, last };
}
