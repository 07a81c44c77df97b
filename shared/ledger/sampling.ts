/** Which bytes of a file its fingerprint looks at: all of a small one, sixteen samples evenly spread of a larger one. */

/** Bytes that are looked at of any file; one that has no more is read whole. */
export const SAMPLED = 131_072;

const SAMPLES = 16;
const SAMPLE_SIZE = SAMPLED / SAMPLES;

/** Bytes `[from, to)` of a file. */
export interface SampleRange {
  readonly from: number;
  readonly to: number;
}

/** The ranges to read of a file of `size` bytes, in rising order: none overlaps, the first and the last byte are in one. None for an empty file. */
export function sampleRanges(size: number): SampleRange[] {
  if (size === 0) return [];
  if (size <= SAMPLED) return [{ from: 0, to: size }];
  return Array.from({ length: SAMPLES }, (_, i) => {
    const from = Math.floor((i * (size - SAMPLE_SIZE)) / (SAMPLES - 1));
    return { from, to: from + SAMPLE_SIZE };
  });
}
