/** Finds a span of time in a file of any kind that is known here; runs in the thread that reads files of strangers. */
import { detectedType, HEAD } from '../../custody/facts/kind.ts';
import { meter, Unreadable } from '../../custody/facts/source.ts';
import type { Ranges, Source } from '../../custody/facts/source.ts';
import { findIsoSpan } from './iso-span.ts';
import { findMatroskaSpan } from './matroska-span.ts';
import { SpanMissing } from './span.ts';
import type { FoundSpan, Span, WantedSpan } from './span.ts';

/** Places of a file that may be read: a film of some hours has a block of pictures and sound in each. */
const MOST_READS = 100_000;

const FINDERS: Readonly<Record<string, (source: Source, wanted: WantedSpan) => Promise<Span>>> = {
  'audio/mp4': findIsoSpan,
  'video/mp4': findIsoSpan,
  'video/quicktime': findIsoSpan,
  'video/3gpp': findIsoSpan,
  'video/webm': findMatroskaSpan,
  'video/x-matroska': findMatroskaSpan,
};

export async function findSpan(ranges: Ranges, wanted: WantedSpan): Promise<FoundSpan> {
  const source = meter(ranges, MOST_READS);
  try {
    const finder = FINDERS[detectedType(await source.bytes(0, HEAD)) ?? ''];
    return finder === undefined ? 'kind' : await finder(source, wanted);
  } catch (error) {
    if (error instanceof SpanMissing) return error.why;
    if (error instanceof Unreadable) return 'form';
    throw error;
  }
}
