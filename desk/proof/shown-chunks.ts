/** Which chunks of a file its clips touch: these are shown whole, so that up to 64 KiB on either side of a clip can be seen besides. */
import { CHUNK } from './chunk-tree.ts';
import type { Clip } from './clip-proof.ts';

/** True when clips rise, none is empty or overlaps the one before, and all lie in a file of this size. */
export function clipsFit(clips: readonly Clip[], size: number): boolean {
  let end = 0;
  for (const { from, to } of clips) {
    if (from < end || to <= from || to > size) return false;
    end = to;
  }
  return clips.length > 0;
}

/** How many chunks clips that fit touch. */
export function countShown(clips: readonly Clip[]): number {
  let count = 0;
  let next = 0;
  for (const { from, to } of clips) {
    const first = Math.max(next, Math.floor(from / CHUNK));
    next = Math.ceil(to / CHUNK);
    count += next - first;
  }
  return count;
}

/** Their numbers, rising. */
export function shownChunks(clips: readonly Clip[]): number[] {
  const chunks: number[] = [];
  for (const { from, to } of clips)
    for (let chunk = Math.max((chunks.at(-1) ?? -1) + 1, Math.floor(from / CHUNK)); chunk * CHUNK < to; chunk++)
      chunks.push(chunk);
  return chunks;
}

/** Bytes of a chunk of a file of this size. */
export function chunkLength(chunk: number, size: number): number {
  return Math.min(CHUNK, size - chunk * CHUNK);
}

/** Ranges in rising order, those that overlap or touch as one. */
export function joinClips(clips: readonly Clip[]): readonly Clip[] {
  const joined: Clip[] = [];
  for (const clip of clips.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && clip.from <= last.to)
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, clip.to) };
    else joined.push(clip);
  }
  return joined;
}
