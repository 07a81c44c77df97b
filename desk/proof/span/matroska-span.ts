/** A span of WebM or Matroska (RFC 9559): the head that a player needs, and the clusters from the last cue before the span. */
import { elementAt, numberAt } from '../../custody/facts/ebml.ts';
import type { Element } from '../../custody/facts/ebml.ts';
import { Unreadable } from '../../custody/facts/source.ts';
import type { Source } from '../../custody/facts/source.ts';
import { readHead } from './matroska-head.ts';
import type { Cue, MatroskaHead } from './matroska-head.ts';
import { CLUSTER, numberOf, TOP } from './matroska-ids.ts';
import { gatherClips, SAME, SpanMissing } from './span.ts';
import type { Span, WantedSpan } from './span.ts';

const [TIMESTAMP, SIMPLE_BLOCK, GROUP, BLOCK] = [0xe7, 0xa3, 0xa0, 0xa1];
/** Clusters that begin later than that many seconds after the span hold nothing of it. */
const BEYOND = 2;

export async function findMatroskaSpan(source: Source, wanted: WantedSpan): Promise<Span> {
  const head = await readHead(source);
  const gathered = gatherClips(source.size);
  for (const { at, end } of head.elements) gathered.add(at, end);
  const { start, end, first, last } = await walkClusters(source, head, startOf(head, wanted), wanted);
  if (last < wanted.from - SAME) throw new SpanMissing('range');
  gathered.add(start, end);
  return { clips: gathered.clips(), first, last };
}

/** Where the cluster of the last cue before the span begins. */
function startOf({ cues, lead, scale }: MatroskaHead, { from }: WantedSpan): number {
  const own = cues.filter(({ track }) => track === lead);
  const [earliest, ...others] = (own.length > 0 ? own : cues).toSorted((a, b) => a.time - b.time);
  if (earliest === undefined) throw new SpanMissing('cues');
  return others.reduce<Cue>((found, cue) => (cue.time * scale <= from + SAME ? cue : found), earliest).cluster;
}

/** From the cluster at `start` to the end of the last block of the span, and the times of the lead track in between. */
async function walkClusters(
  source: Source,
  { segmentEnd, lead, scale }: MatroskaHead,
  start: number,
  { to }: WantedSpan,
): Promise<{ start: number; end: number; first: number; last: number }> {
  const shown: { end: number; time: number }[] = [];
  let end = 0;
  if ((await elementAt(source, start)).id !== CLUSTER) throw new Unreadable('cues');
  for (let at = start; at < segmentEnd;) {
    const element = await elementAt(source, at);
    if (element.id !== CLUSTER) at = element.end;
    else {
      const { next, timestamp } = await walkBlocks(source, element, segmentEnd, (block, time, track) => {
        if (time * scale <= to + SAME) end = Math.max(end, block.end);
        if (track === lead) shown.push({ end: block.end, time: time * scale });
      });
      if (timestamp * scale > to + BEYOND) break;
      at = next;
    }
  }
  if (end === 0) throw new SpanMissing('range');
  const times = shown.filter((block) => block.end <= end).map(({ time }) => time);
  const [first, last] = times.reduce(([a, b], time) => [Math.min(a, time), Math.max(b, time)], [Number.MAX_VALUE, 0]);
  return { start, end, first, last };
}

/** Tells each block of a cluster with its time, and gives the place after the cluster, which its header need not say. */
async function walkBlocks(
  source: Source,
  cluster: Element,
  segmentEnd: number,
  take: (block: Element, time: number, track: number) => void,
): Promise<{ next: number; timestamp: number }> {
  const until = Math.min(cluster.end, segmentEnd);
  let timestamp = 0;
  for (let at = cluster.start; at < until;) {
    const element = await elementAt(source, at);
    if (TOP.has(element.id)) return { next: at, timestamp };
    if (element.end > until) throw new Unreadable('block');
    if (element.id === TIMESTAMP) timestamp = await numberOf(source, element);
    const block = element.id === GROUP ? await blockIn(source, element) : element;
    if (block?.id === SIMPLE_BLOCK || block?.id === BLOCK) {
      const track = await numberAt(source, block.start, false);
      const time = timestamp + (await source.exactly(block.start + track.length, 2)).getInt16(0);
      take(element, time, track.value);
    }
    at = element.end;
  }
  return { next: until, timestamp };
}

async function blockIn(source: Source, group: Element): Promise<Element | null> {
  for (let at = group.start; at < group.end;) {
    const element = await elementAt(source, at);
    if (element.id === BLOCK) return element;
    at = element.end;
  }
  return null;
}
