/** A span of time of a film or a recording, and the bytes of its file that a player needs to show it. */
import { CHUNK } from '../chunk-tree.ts';
import type { Clip } from '../clip-proof.ts';
import { joinClips } from '../shown-chunks.ts';

/** In seconds from the beginning, as players count. */
export interface WantedSpan {
  readonly from: number;
  readonly to: number;
}

export interface Span {
  /** Whole chunks, rising. */
  readonly clips: readonly Clip[];
  /** The times of the first and of the last picture that these hold, or of the sound where there are no pictures; seconds. */
  readonly first: number;
  readonly last: number;
}

/** Why there is no span; told in proof-failures.ts. */
export type NoSpan = 'kind' | 'fragments' | 'cues' | 'range' | 'form';

export type FoundSpan = Span | NoSpan;

/** Thrown by the readers of containers. */
export class SpanMissing extends Error {
  override readonly name = 'SpanMissing';
  readonly why: NoSpan;

  constructor(why: NoSpan) {
    super(why);
    this.why = why;
  }
}

/** Times of files are rounded; half a millisecond is no difference. */
export const SAME = 0.000_5;

/** Gathers bytes of a file, rounded out to chunks. */
export function gatherClips(size: number): { add(from: number, to: number): void; clips(): readonly Clip[] } {
  let clips: Clip[] = [];
  return {
    add(from, to) {
      if (to <= from || to > size) throw new SpanMissing('form');
      const clip = { from: from - (from % CHUNK), to: Math.min(size, Math.ceil(to / CHUNK) * CHUNK) };
      const last = clips.at(-1);
      if (last !== undefined && clip.from >= last.from && clip.from <= last.to)
        clips[clips.length - 1] = { from: last.from, to: Math.max(last.to, clip.to) };
      else clips.push(clip);
    },
    clips: () => (clips = [...joinClips(clips)]),
  };
}
