/** What a player reads of a Matroska file before it shows anything: all before the first cluster, and what the seek head names elsewhere. */
import { elementAt } from '../../custody/facts/ebml.ts';
import type { Element } from '../../custody/facts/ebml.ts';
import { Unreadable } from '../../custody/facts/source.ts';
import type { Source } from '../../custody/facts/source.ts';
import { CLUSTER, CUES, INFO, numberOf, SEEK_HEAD, SEGMENT, TOP, TRACKS } from './matroska-ids.ts';

const MOST_ELEMENTS = 1_000_000;
const [SEEK, SEEK_PLACE, SCALE, TRACK, TRACK_NUMBER, TRACK_TYPE] = [0x4dbb, 0x53ac, 0x2ad7b1, 0xae, 0xd7, 0x83];
const [CUE, CUE_TIME, CUE_PLACE, CUE_TRACK, CUE_CLUSTER] = [0xbb, 0xb3, 0xb7, 0xf7, 0xf1];

export interface Cue {
  /** In units of the segment. */
  readonly time: number;
  readonly track: number;
  /** Where its cluster begins in the file. */
  readonly cluster: number;
}

export interface MatroskaHead {
  readonly segmentEnd: number;
  /** What of the file is the head; the first cluster is there with its header alone. */
  readonly elements: readonly { readonly at: number; readonly end: number }[];
  readonly cues: readonly Cue[];
  /** Number of the track of pictures, else of the first track. */
  readonly lead: number;
  /** Seconds of a unit. */
  readonly scale: number;
}

export async function readHead(source: Source): Promise<MatroskaHead> {
  let left = MOST_ELEMENTS;
  const children = async (element: Pick<Element, 'start' | 'end'>): Promise<Element[]> => {
    const found: Element[] = [];
    for (let at = element.start; at < element.end;) {
      if (left-- === 0) throw new Unreadable('too many elements');
      const child = await elementAt(source, at);
      found.push(child);
      if (child.id === CLUSTER) break;
      if (child.end > element.end) throw new Unreadable('element');
      at = child.end;
    }
    return found;
  };
  const numberIn = async (among: readonly Element[], id: number): Promise<number | null> => {
    const element = among.find((each) => each.id === id);
    return element === undefined ? null : numberOf(source, element);
  };

  const first = await elementAt(source, 0);
  const segment = await elementAt(source, first.end);
  if (segment.id !== SEGMENT) throw new Unreadable('no segment');
  const segmentEnd = Math.min(segment.end, source.size);
  const tops = await children({ start: segment.start, end: segmentEnd });
  const known = new Set(tops.map(({ at }) => at));
  for (const { start, end } of tops.filter(({ id }) => id === SEEK_HEAD))
    for (const seek of (await children({ start, end })).filter(({ id }) => id === SEEK)) {
      const place = segment.start + ((await numberIn(await children(seek), SEEK_PLACE)) ?? 0);
      if (known.has(place) || place >= segmentEnd) continue;
      known.add(place);
      const element = await elementAt(source, place);
      if (element.id !== CLUSTER && TOP.has(element.id) && element.end <= segmentEnd) tops.push(element);
    }

  const all = async (id: number): Promise<Element[]> => {
    const found: Element[] = [];
    for (const top of tops.filter((each) => each.id === id)) found.push(...(await children(top)));
    return found;
  };
  const cues: Cue[] = [];
  for (const cue of (await all(CUES)).filter(({ id }) => id === CUE)) {
    const parts = await children(cue);
    const time = await numberIn(parts, CUE_TIME);
    for (const place of parts.filter(({ id }) => id === CUE_PLACE)) {
      const inside = await children(place);
      const [track, cluster] = [await numberIn(inside, CUE_TRACK), await numberIn(inside, CUE_CLUSTER)];
      if (time !== null && track !== null && cluster !== null)
        cues.push({ time, track, cluster: segment.start + cluster });
    }
  }
  const tracks: { number: number; type: number }[] = [];
  for (const track of (await all(TRACKS)).filter(({ id }) => id === TRACK)) {
    const inside = await children(track);
    tracks.push({
      number: (await numberIn(inside, TRACK_NUMBER)) ?? 0,
      type: (await numberIn(inside, TRACK_TYPE)) ?? 0,
    });
  }
  const lead = tracks.find(({ type }) => type === 1) ?? tracks[0];
  if (lead === undefined) throw new Unreadable('no tracks');
  const scale = ((await numberIn(await all(INFO), SCALE)) ?? 1_000_000) / 1e9;
  const elements = tops.map(({ id, at, start, end }) => ({ at, end: id === CLUSTER ? start : end }));
  return { segmentEnd, elements: [{ at: 0, end: segment.start }, ...elements], cues, lead: lead.number, scale };
}
