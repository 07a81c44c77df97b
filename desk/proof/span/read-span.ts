/** Has the bytes of a span of time found by the thread that reads files of strangers. */
import { askAbout, PATIENCE, startFileReader } from '../../custody/facts/ask-thread.ts';
import { withRanges } from '../../custody/file-hashes.ts';
import { Failure } from '../../failure.ts';
import type { Span, WantedSpan } from './span.ts';

/** Failures `proof-time-…` when the file has no such span, or none that can be found. */
export async function readSpan(path: string, wanted: WantedSpan): Promise<Span> {
  const thread = startFileReader();
  try {
    const answer = await withRanges(path, (file) =>
      askAbout(thread, file, { kind: 'span', size: file.size, wanted }, PATIENCE),
    );
    const found = answer?.kind === 'span' ? answer.found : 'form';
    if (typeof found === 'string') throw new Failure(`proof-time-${found}`, { path });
    return found;
  } finally {
    await thread.terminate();
  }
}
